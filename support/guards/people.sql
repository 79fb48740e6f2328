-- A contact's user is never staff, whichever side is changed: a foreign key over (user, kind), not a trigger.
ALTER TABLE support_user ADD CONSTRAINT user_kind_key UNIQUE (id, kind);
ALTER TABLE support_contact ADD COLUMN user_kind varchar(8) GENERATED ALWAYS AS ('customer') STORED,
    ADD CONSTRAINT contact_is_never_staff FOREIGN KEY (user_id, user_kind) REFERENCES support_user (id, kind);

-- What a contact signed, he signed for this customer: who changes companies gets a new contact, and the old one is disabled.
CREATE FUNCTION contact_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.customer_id <> OLD.customer_id THEN
        PERFORM refuse('contacts_stay_with_their_customer', 'A contact stays with its customer: disable it, and add a new one.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION contact_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE UPDATE ON support_contact FOR EACH ROW EXECUTE FUNCTION contact_guard();
ALTER TABLE support_contact ENABLE ALWAYS TRIGGER guard;

-- One level of partners: who has a partner is nobody's partner. The same way.
ALTER TABLE support_customer
    ADD COLUMN level smallint GENERATED ALWAYS AS (CASE WHEN partner_id IS NULL THEN 1 ELSE 2 END) STORED,
    ADD COLUMN partner_level smallint GENERATED ALWAYS AS (1) STORED,
    ADD CONSTRAINT customer_level_key UNIQUE (id, level);
ALTER TABLE support_customer
    ADD CONSTRAINT partners_have_no_partner FOREIGN KEY (partner_id, partner_level) REFERENCES support_customer (id, level);

-- A contract pins a support service as its support service, and an engagement service as its engagement service.
ALTER TABLE support_serviceversion ADD CONSTRAINT service_kind_key UNIQUE (id, kind);
ALTER TABLE support_contract
    ADD COLUMN support_kind varchar(12) GENERATED ALWAYS AS ('support') STORED,
    ADD COLUMN engagement_kind varchar(12) GENERATED ALWAYS AS ('engagement') STORED;
ALTER TABLE support_contract
    ADD CONSTRAINT contract_pins_a_support_service FOREIGN KEY (support_service_id, support_kind) REFERENCES support_serviceversion (id, kind),
    ADD CONSTRAINT contract_pins_an_engagement_service FOREIGN KEY (engagement_service_id, engagement_kind) REFERENCES support_serviceversion (id, kind);

-- People are disabled, never deleted; mail and files that went through the house stay on record.
REVOKE DELETE, TRUNCATE ON support_user, support_contact, support_customer, support_legalentity, support_contract, support_mail, support_file FROM countersign_app;
CALL make_append_only('{support_serviceversion,support_calendarversion}');
CALL track('support_legalentity', 'support_historicallegalentity');
CALL track('support_customer', 'support_historicalcustomer');
CALL track('support_contact', 'support_historicalcontact');
CALL track('support_partnergrant', 'support_historicalpartnergrant');
CALL track('support_team', 'support_historicalteam');
CALL track('support_product', 'support_historicalproduct');
CALL track('support_productversion', 'support_historicalproductversion');
CALL track('support_contract', 'support_historicalcontract');
CALL track('support_contractline', 'support_historicalcontractline');
CALL track('support_contractcalendar', 'support_historicalcontractcalendar');
CALL track('support_user', 'support_historicaluser', '{password,last_login}');
-- reverse
DROP TRIGGER append_only ON support_serviceversion; DROP TRIGGER append_only ON support_calendarversion;
DROP TRIGGER history_required ON support_legalentity; DROP TRIGGER append_only ON support_historicallegalentity;
DROP TRIGGER history_required ON support_customer; DROP TRIGGER append_only ON support_historicalcustomer;
DROP TRIGGER history_required ON support_contact; DROP TRIGGER append_only ON support_historicalcontact;
DROP TRIGGER history_required ON support_partnergrant; DROP TRIGGER append_only ON support_historicalpartnergrant;
DROP TRIGGER history_required ON support_team; DROP TRIGGER append_only ON support_historicalteam;
DROP TRIGGER history_required ON support_product; DROP TRIGGER append_only ON support_historicalproduct;
DROP TRIGGER history_required ON support_productversion; DROP TRIGGER append_only ON support_historicalproductversion;
DROP TRIGGER history_required ON support_contract; DROP TRIGGER append_only ON support_historicalcontract;
DROP TRIGGER history_required ON support_contractline; DROP TRIGGER append_only ON support_historicalcontractline;
DROP TRIGGER history_required ON support_contractcalendar; DROP TRIGGER append_only ON support_historicalcontractcalendar;
DROP TRIGGER history_required ON support_user; DROP TRIGGER append_only ON support_historicaluser;
GRANT DELETE ON support_user, support_contact, support_customer, support_legalentity, support_contract, support_mail, support_file TO countersign_app;
ALTER TABLE support_contract DROP COLUMN support_kind, DROP COLUMN engagement_kind;
ALTER TABLE support_serviceversion DROP CONSTRAINT service_kind_key;
ALTER TABLE support_customer DROP CONSTRAINT partners_have_no_partner;
ALTER TABLE support_customer DROP COLUMN level, DROP COLUMN partner_level;
DROP FUNCTION contact_guard CASCADE;
ALTER TABLE support_contact DROP COLUMN user_kind;
ALTER TABLE support_user DROP CONSTRAINT user_kind_key;
