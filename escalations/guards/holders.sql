-- What happened under a contract is its holder's. Under another holder that one's people would read his tickets, outages, windows and reviews.
CREATE FUNCTION contract_holder_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_contract WHERE id = NEW.id FOR UPDATE;  -- what begins under it meanwhile is written first
    IF EXISTS (SELECT FROM support_ticket WHERE contract_id = NEW.id)
        OR EXISTS (SELECT FROM support_callrecord WHERE contract_id = NEW.id)
        OR EXISTS (SELECT FROM billing_engagement WHERE contract_id = NEW.id)
        OR EXISTS (SELECT FROM billing_purchaseorder WHERE contract_id = NEW.id)
        OR EXISTS (SELECT FROM escalations_outagecontract WHERE contract_id = NEW.id)
        OR EXISTS (SELECT FROM escalations_maintenancecontract WHERE contract_id = NEW.id) THEN
        PERFORM refuse('contract_keeps_its_holder', 'Something has happened under this contract, so it keeps its holder: end it, and make a new one for the other customer.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION contract_holder_guard FROM PUBLIC;

CREATE TRIGGER holder BEFORE UPDATE ON support_contract FOR EACH ROW WHEN (OLD.holder_id IS DISTINCT FROM NEW.holder_id) EXECUTE FUNCTION contract_holder_guard();
ALTER TABLE support_contract ENABLE ALWAYS TRIGGER holder;
-- reverse
DROP FUNCTION contract_holder_guard CASCADE;
