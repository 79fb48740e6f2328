-- Months of a legal entity's books, in its zone: work belongs to the month in which it starts. A closed one takes nothing.
CREATE FUNCTION month_of(entity bigint, at timestamptz) RETURNS date LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT date_trunc('month', at AT TIME ZONE time_zone)::date FROM support_legalentity WHERE id = entity
$$;

CREATE FUNCTION seller_of(engagement bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.legal_entity_id FROM billing_engagement e JOIN support_contract c ON c.id = e.contract_id WHERE e.id = engagement
$$;

-- Held until the transaction ends, so that closing waits; the row is made when first needed, so that there is one to hold.
CREATE FUNCTION hold_month(entity bigint, at timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE first date := month_of(entity, at); closed timestamptz;
BEGIN
    SELECT closed_at INTO closed FROM billing_month WHERE legal_entity_id = entity AND month = first FOR SHARE;
    IF NOT FOUND THEN
        INSERT INTO billing_month (legal_entity_id, month) VALUES (entity, first) ON CONFLICT DO NOTHING;
        SELECT closed_at INTO STRICT closed FROM billing_month WHERE legal_entity_id = entity AND month = first FOR SHARE;
    END IF;
    RETURN closed IS NULL;
END $$;

CREATE FUNCTION month_move_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE closed timestamptz;
BEGIN
    PERFORM must_read_committed();
    IF NEW.month <> date_trunc('month', NEW.month)::date THEN
        PERFORM refuse('months_begin_on_their_first_day', 'Name a month by its first day.');
    END IF;
    INSERT INTO billing_month (legal_entity_id, month) VALUES (NEW.legal_entity_id, NEW.month) ON CONFLICT DO NOTHING;
    SELECT closed_at INTO STRICT closed FROM billing_month WHERE legal_entity_id = NEW.legal_entity_id AND month = NEW.month FOR UPDATE;
    IF (NEW.what = 'closed') = (closed IS NOT NULL) THEN
        PERFORM refuse('months_close_and_reopen_in_turn', format('%s is %s already.', to_char(NEW.month, 'FMMonth YYYY'), CASE WHEN closed IS NULL THEN 'open' ELSE 'closed' END));
    END IF;
    IF NEW.what = 'closed' AND EXISTS (SELECT FROM billing_invoice WHERE legal_entity_id = NEW.legal_entity_id AND month = NEW.month AND number IS NULL AND credits_id IS NULL) THEN
        PERFORM refuse('months_close_without_drafts', format('There are drafts of %s that are not issued, and nobody would be asked for them: issue or discard them first.', to_char(NEW.month, 'FMMonth YYYY')));
    END IF;
    NEW.moved_at := countersign_now();  -- after the lock: later than the bookings that were waited for
    UPDATE billing_month SET closed_at = CASE NEW.what WHEN 'closed' THEN NEW.moved_at END WHERE legal_entity_id = NEW.legal_entity_id AND month = NEW.month;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION month_move_guard, hold_month FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_month TO countersign_app;  -- a verb takes the locks in the order of the guards
CREATE TRIGGER guard BEFORE INSERT ON billing_monthmove FOR EACH ROW EXECUTE FUNCTION month_move_guard();
ALTER TABLE billing_monthmove ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_monthmove}');
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON billing_month FROM countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_monthmove;
DROP FUNCTION month_move_guard CASCADE; DROP FUNCTION hold_month; DROP FUNCTION seller_of; DROP FUNCTION month_of;
GRANT INSERT, UPDATE, DELETE ON billing_month TO countersign_app;
