-- Months are those of the company's zone: it cannot change under what was booked, or a closed month would open at its ends.
CREATE FUNCTION company_zone_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF EXISTS (SELECT FROM billing_month WHERE legal_entity_id = NEW.id) THEN
        PERFORM refuse('company_keeps_its_zone', 'Time is booked in months of this company''s zone: it keeps it. Make another company for another zone.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION company_zone_guard FROM PUBLIC;
CREATE TRIGGER zone BEFORE UPDATE ON support_legalentity FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION company_zone_guard();
ALTER TABLE support_legalentity ENABLE ALWAYS TRIGGER zone;
-- reverse
DROP FUNCTION company_zone_guard CASCADE;
