-- A batch is written at once: its invoices, files and pieces in the transaction of its own row, and nothing after it.
CREATE FUNCTION export_batch_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.made_in := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE FUNCTION must_be_being_written(batch bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM billing_exportbatch WHERE id = batch AND made_in = pg_current_xact_id()) THEN
        PERFORM refuse('a_batch_is_written_at_once', 'This batch is written: nothing is added to it.');
    END IF;
END $$;

CREATE FUNCTION export_file_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM must_be_being_written(NEW.batch_id);
    RETURN NEW;
END $$;

CREATE FUNCTION export_piece_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM must_be_being_written((SELECT batch_id FROM billing_exportfile WHERE id = NEW.file_id));
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION export_batch_guard, must_be_being_written, export_file_guard, export_piece_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_exportbatch FOR EACH ROW EXECUTE FUNCTION export_batch_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_exportfile FOR EACH ROW EXECUTE FUNCTION export_file_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_exportpiece FOR EACH ROW EXECUTE FUNCTION export_piece_guard();
ALTER TABLE billing_exportbatch ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_exportfile ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_exportpiece ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_exportfile,billing_exportpiece}');
-- reverse
DROP TRIGGER append_only ON billing_exportfile; DROP TRIGGER append_only ON billing_exportpiece;
DROP FUNCTION export_batch_guard, export_file_guard, export_piece_guard CASCADE; DROP FUNCTION must_be_being_written;
