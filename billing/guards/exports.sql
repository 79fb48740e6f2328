-- A file for finance keeps its bytes; an invoice stands in one batch per format, once it is issued.
ALTER TABLE billing_exportbatch
    ADD CONSTRAINT batch_hash_is_of_its_bytes CHECK (sha256 = sha256(content)),
    ADD CONSTRAINT batch_key UNIQUE (id, profile);
ALTER TABLE billing_exportedinvoice
    ADD CONSTRAINT exported_in_the_batchs_format FOREIGN KEY (batch_id, profile) REFERENCES billing_exportbatch (id, profile);

CREATE FUNCTION exported_invoice_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM must_be_being_written(NEW.batch_id);
    IF NOT EXISTS (SELECT FROM billing_invoice i JOIN billing_exportbatch b ON b.id = NEW.batch_id
                   WHERE i.id = NEW.invoice_id AND i.number IS NOT NULL AND (i.legal_entity_id, i.month) = (b.legal_entity_id, b.month)) THEN
        PERFORM refuse('only_issued_invoices_are_exported', 'Only issued invoices of that company and month are exported.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION exported_invoice_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_exportedinvoice FOR EACH ROW EXECUTE FUNCTION exported_invoice_guard();
ALTER TABLE billing_exportedinvoice ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_exportbatch,billing_exportedinvoice}');
-- reverse
DROP TRIGGER append_only ON billing_exportbatch; DROP TRIGGER append_only ON billing_exportedinvoice;
DROP FUNCTION exported_invoice_guard CASCADE;
ALTER TABLE billing_exportedinvoice DROP CONSTRAINT exported_in_the_batchs_format;
ALTER TABLE billing_exportbatch DROP CONSTRAINT batch_key, DROP CONSTRAINT batch_hash_is_of_its_bytes;
