-- The paper of an approval or of an issued invoice is made once and never replaced; who let one leave is stamped and only added.
CREATE FUNCTION paper_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.invoice_id IS NOT NULL AND NOT EXISTS (SELECT FROM billing_invoice WHERE id = NEW.invoice_id AND number IS NOT NULL) THEN
        PERFORM refuse('only_issued_invoices_leave', 'Only an issued invoice has a paper and is mailed.');
    END IF;
    IF TG_TABLE_NAME = 'billing_paper' THEN
        IF NOT EXISTS (SELECT FROM support_file WHERE id = NEW.file_id AND sha256 = encode(NEW.sha256, 'hex')) THEN
            PERFORM refuse('paper_is_its_file', 'A paper names the file that was made, with its hash.');
        END IF;
        NEW.made_at := countersign_now();
    ELSE
        NEW.sent_at := countersign_now();
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION paper_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_paper FOR EACH ROW EXECUTE FUNCTION paper_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_sending FOR EACH ROW EXECUTE FUNCTION paper_guard();
ALTER TABLE billing_paper ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_sending ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_paper,billing_sending}');
-- reverse
DROP TRIGGER append_only ON billing_paper; DROP TRIGGER append_only ON billing_sending;
DROP FUNCTION paper_guard CASCADE;
