-- Relationships leave history but for the instant of their last sync; what Microsoft was asked to do is stamped and only added.
REVOKE DELETE, TRUNCATE ON billing_gdaprelationship FROM countersign_app;
CALL track('billing_gdaprelationship', 'billing_historicalgdaprelationship', '{synced_at}');

CREATE FUNCTION gdap_act_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.acted_at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION gdap_act_stamp FROM PUBLIC;
CREATE TRIGGER stamp BEFORE INSERT ON billing_gdapact FOR EACH ROW EXECUTE FUNCTION gdap_act_stamp();
ALTER TABLE billing_gdapact ENABLE ALWAYS TRIGGER stamp;
CALL make_append_only('{billing_gdapact}');
-- reverse
DROP TRIGGER append_only ON billing_gdapact;
DROP FUNCTION gdap_act_stamp CASCADE;
DROP TRIGGER append_only ON billing_historicalgdaprelationship;
DROP TRIGGER history_required ON billing_gdaprelationship;
GRANT DELETE ON billing_gdaprelationship TO countersign_app;
