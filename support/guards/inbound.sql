-- The bytes that came in are evidence; what became of them is told once. A stub is not told yet.
REVOKE UPDATE, DELETE, TRUNCATE ON support_inboundmail FROM countersign_app;
GRANT UPDATE (state, sender, subject, automatic, why, ticket_id, message_id, dealt_by, dealt_at) ON support_inboundmail TO countersign_app;

CREATE FUNCTION inbound_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.sha256 <> sha256(NEW.raw) THEN
        PERFORM refuse('inbound_hash_is_of_its_bytes', 'The hash is not that of the bytes.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION inbound_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON support_inboundmail FOR EACH ROW EXECUTE FUNCTION inbound_guard();
CREATE TRIGGER told_once BEFORE UPDATE ON support_inboundmail FOR EACH ROW WHEN (OLD.state IN ('reply', 'ticket', 'aside')) EXECUTE FUNCTION told_once();
ALTER TABLE support_inboundmail ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER told_once;
-- reverse
DROP TRIGGER told_once ON support_inboundmail;
DROP FUNCTION inbound_guard CASCADE;
GRANT UPDATE, DELETE ON support_inboundmail TO countersign_app;
