-- An alarm that has fired stays fired, at the database's own time; only what is armed is moved or taken back.
CREATE FUNCTION alarm_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.fired_at IS NOT NULL THEN
        PERFORM refuse('alarms_fire_once', 'This alarm has fired.');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.fired_at IS NOT NULL THEN
        IF TG_OP = 'INSERT' THEN PERFORM refuse('alarms_are_armed_first', 'An alarm is armed before it fires.'); END IF;
        NEW.fired_at := countersign_now();
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION alarm_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON support_alarm FOR EACH ROW EXECUTE FUNCTION alarm_guard();
ALTER TABLE support_alarm ENABLE ALWAYS TRIGGER guard;
REVOKE TRUNCATE ON support_alarm FROM countersign_app;
-- reverse
DROP FUNCTION alarm_guard CASCADE;
