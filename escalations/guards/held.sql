-- Whatever begins under a contract holds its key until it is written: who changes its holder, seller or currency waits, no other edit does.
CREATE FUNCTION contract_is_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held support_contract;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.contract_id IS NOT DISTINCT FROM NEW.contract_id THEN
        RETURN NEW;
    END IF;
    PERFORM must_read_committed();
    SELECT * INTO held FROM support_contract WHERE id = NEW.contract_id FOR KEY SHARE;
    IF TG_TABLE_NAME = 'support_ticket' THEN
        IF held.holder_id <> NEW.customer_id THEN
            PERFORM refuse('ticket_under_its_customers_contract', 'This contract is not held by the customer of the ticket: choose one of his.');
        END IF;
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION contract_is_held FROM PUBLIC;

CREATE TRIGGER held BEFORE INSERT OR UPDATE OF contract_id ON support_ticket FOR EACH ROW WHEN (NEW.contract_id IS NOT NULL) EXECUTE FUNCTION contract_is_held();
CREATE TRIGGER held BEFORE INSERT OR UPDATE OF contract_id ON support_callrecord FOR EACH ROW EXECUTE FUNCTION contract_is_held();
CREATE TRIGGER held BEFORE INSERT OR UPDATE OF contract_id ON billing_engagement FOR EACH ROW EXECUTE FUNCTION contract_is_held();
CREATE TRIGGER held BEFORE INSERT OR UPDATE OF contract_id ON billing_purchaseorder FOR EACH ROW EXECUTE FUNCTION contract_is_held();
ALTER TABLE support_ticket ENABLE ALWAYS TRIGGER held;
ALTER TABLE support_callrecord ENABLE ALWAYS TRIGGER held;
ALTER TABLE billing_engagement ENABLE ALWAYS TRIGGER held;
ALTER TABLE billing_purchaseorder ENABLE ALWAYS TRIGGER held;
-- reverse
DROP FUNCTION contract_is_held CASCADE;
