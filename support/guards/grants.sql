-- A grant shows an end customer to a contact of its partner, and to nobody else: the partner stays while grants to his contacts stand.
CREATE FUNCTION grant_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_customer c JOIN support_contact p ON p.customer_id = c.partner_id WHERE c.id = NEW.customer_id AND p.id = NEW.contact_id FOR SHARE OF c;
    IF NOT FOUND THEN
        PERFORM refuse('grants_are_of_the_partner', 'Only a contact of its partner is shown this customer: choose one of them, or name the partner on the customer first.');
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION partner_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.partner_id IS DISTINCT FROM OLD.partner_id AND EXISTS (SELECT FROM support_partnergrant WHERE customer_id = NEW.id) THEN
        PERFORM refuse('granted_customers_keep_their_partner', 'Contacts of its partner are shown this customer: delete those grants first, then change the partner.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION grant_guard, partner_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON support_partnergrant FOR EACH ROW EXECUTE FUNCTION grant_guard();
CREATE TRIGGER partner BEFORE UPDATE ON support_customer FOR EACH ROW EXECUTE FUNCTION partner_guard();
ALTER TABLE support_partnergrant ENABLE ALWAYS TRIGGER guard;
ALTER TABLE support_customer ENABLE ALWAYS TRIGGER partner;
-- reverse
DROP FUNCTION grant_guard CASCADE; DROP FUNCTION partner_guard CASCADE;
