-- What a finance program wants of its files: changed with history, never deleted.
REVOKE DELETE, TRUNCATE ON billing_financetarget FROM countersign_app;
CALL track('billing_financetarget', 'billing_historicalfinancetarget');
-- reverse
DROP TRIGGER history_required ON billing_financetarget; DROP TRIGGER append_only ON billing_historicalfinancetarget;
GRANT DELETE ON billing_financetarget TO countersign_app;
