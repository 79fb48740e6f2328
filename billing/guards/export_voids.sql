-- A batch is voided once, with a reason; its invoices may then stand in another. Nothing is taken away: each turn is a row.
CREATE FUNCTION export_void_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.voided_at := countersign_now();
    RETURN NEW;
END $$;

-- The turns before this one are all voided. Two at once take the same turn, and the unique index lets one of them through.
CREATE FUNCTION exported_turn_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before bigint; voided bigint;
BEGIN
    PERFORM must_read_committed();
    SELECT count(*), count(v.id) INTO before, voided FROM billing_exportedinvoice x LEFT JOIN billing_exportvoid v ON v.batch_id = x.batch_id
        WHERE x.invoice_id = NEW.invoice_id AND x.profile = NEW.profile;
    IF before > voided THEN
        PERFORM refuse('invoice_in_one_batch_per_format', 'One of these invoices has been exported in this format already.');
    END IF;
    NEW.turn := before;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION export_void_guard, exported_turn_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_exportvoid FOR EACH ROW EXECUTE FUNCTION export_void_guard();
CREATE TRIGGER turn BEFORE INSERT ON billing_exportedinvoice FOR EACH ROW EXECUTE FUNCTION exported_turn_guard();
ALTER TABLE billing_exportvoid ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_exportedinvoice ENABLE ALWAYS TRIGGER turn;
CALL make_append_only('{billing_exportvoid}');
-- reverse
DROP TRIGGER append_only ON billing_exportvoid;
DROP FUNCTION export_void_guard, exported_turn_guard CASCADE;
