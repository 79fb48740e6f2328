-- Purchase orders: changed with history, never deleted, for engagements of their own contract.
CREATE FUNCTION purchase_order_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.engagement_id IS NOT NULL AND NOT EXISTS (SELECT FROM billing_engagement WHERE id = NEW.engagement_id AND contract_id = NEW.contract_id) THEN
        PERFORM refuse('orders_are_of_their_contract', 'This engagement is of another contract.');
    END IF;
    RETURN NEW;
END $$;

-- Under which order work of that day is invoiced: the engagement's own before the contract's, the newest first; '' for none.
CREATE FUNCTION purchase_order_for(engagement bigint, day date) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((SELECT p.number FROM billing_purchaseorder p JOIN billing_engagement e ON e.contract_id = p.contract_id
        WHERE e.id = engagement AND p.active AND (p.engagement_id IS NULL OR p.engagement_id = e.id)
            AND day BETWEEN coalesce(p.valid_from, '-infinity') AND coalesce(p.valid_until, 'infinity')
        ORDER BY p.engagement_id NULLS LAST, p.id DESC LIMIT 1), '')
$$;

REVOKE EXECUTE ON FUNCTION purchase_order_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_purchaseorder FOR EACH ROW EXECUTE FUNCTION purchase_order_guard();
ALTER TABLE billing_purchaseorder ENABLE ALWAYS TRIGGER guard;
REVOKE DELETE, TRUNCATE ON billing_purchaseorder FROM countersign_app;
CALL track('billing_purchaseorder', 'billing_historicalpurchaseorder');
-- reverse
DROP TRIGGER history_required ON billing_purchaseorder; DROP TRIGGER append_only ON billing_historicalpurchaseorder;
DROP FUNCTION purchase_order_guard CASCADE; DROP FUNCTION purchase_order_for;
GRANT DELETE ON billing_purchaseorder TO countersign_app;
