-- History that rules are read from is written as it happens: a row says what its row says now, and now is by the database's clock.
-- An older or a later date, an own number or another transaction is not believed; who changes the row meanwhile waits, or is waited for.
CREATE FUNCTION history_of_now() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE tracked jsonb; told jsonb := to_jsonb(NEW);
BEGIN
    PERFORM must_read_committed();
    EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE id = $1 FOR SHARE', TG_ARGV[0]) INTO tracked USING NEW.id;
    IF (tracked IS NULL) <> (NEW.history_type = '-') OR tracked || told <> told || tracked THEN
        PERFORM refuse('history_of_now', format('%s %s is not so: history is written as it happens.', TG_ARGV[0], NEW.id));
    END IF;
    NEW.history_id := nextval(pg_get_serial_sequence(TG_TABLE_NAME, 'history_id'));
    NEW.history_transaction := pg_current_xact_id();
    NEW.history_date := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION history_of_now FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON support_historicaluser FOR EACH ROW EXECUTE FUNCTION history_of_now('support_user');
CREATE TRIGGER guard BEFORE INSERT ON support_historicalcustomer FOR EACH ROW EXECUTE FUNCTION history_of_now('support_customer');
ALTER TABLE support_historicaluser ENABLE ALWAYS TRIGGER guard;
ALTER TABLE support_historicalcustomer ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP FUNCTION history_of_now CASCADE;
