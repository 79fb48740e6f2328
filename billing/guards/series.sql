-- A number names one invoice: what one company has issued under, no other takes, nor this one's future a second time.
CREATE FUNCTION company_series_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF EXISTS (SELECT FROM billing_invoicecounter WHERE legal_entity_id <> NEW.id AND series LIKE NEW.number_series || '-____') THEN
        PERFORM refuse('series_of_one_company', format('Another company has issued invoices as %s: choose another number series.', NEW.number_series));
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION company_series_guard FROM PUBLIC;
CREATE TRIGGER series BEFORE INSERT OR UPDATE OF number_series ON support_legalentity FOR EACH ROW EXECUTE FUNCTION company_series_guard();
ALTER TABLE support_legalentity ENABLE ALWAYS TRIGGER series;
-- reverse
DROP FUNCTION company_series_guard CASCADE;
