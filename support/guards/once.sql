-- What left, ended or was answered is evidence: it is told once, and stays as it was told.
CREATE FUNCTION told_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refuse('told_once', format('%s: what was told stays as it is.', TG_TABLE_NAME));
END $$;
REVOKE EXECUTE ON FUNCTION told_once FROM PUBLIC;

CREATE TRIGGER told_once BEFORE UPDATE ON support_mail FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION told_once();
CREATE TRIGGER told_once BEFORE UPDATE ON support_wait FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION told_once();
CREATE TRIGGER told_once BEFORE UPDATE ON support_submission FOR EACH ROW WHEN (OLD.location <> '') EXECUTE FUNCTION told_once();
ALTER TABLE support_mail ENABLE ALWAYS TRIGGER told_once;
ALTER TABLE support_wait ENABLE ALWAYS TRIGGER told_once;
ALTER TABLE support_submission ENABLE ALWAYS TRIGGER told_once;

REVOKE UPDATE, DELETE, TRUNCATE ON support_mail_files, support_message_files, django_admin_log FROM countersign_app;
-- reverse
DROP FUNCTION told_once CASCADE;
GRANT UPDATE, DELETE ON support_mail_files, support_message_files, django_admin_log TO countersign_app;
