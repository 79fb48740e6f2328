-- Time under the contract: of people of the desk, never ahead, never over other time of the same person, of whichever kind.
ALTER TABLE billing_tickettime ADD CONSTRAINT one_person_once_inside EXCLUDE USING gist
    (int8range(person_id, person_id, '[]') WITH &&, tstzrange(started_at, stopped_at) WITH &&) WHERE (cancelled_at IS NULL);

CREATE FUNCTION ticket_time_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('time_is_never_deleted', 'Time is cancelled with a reason, never deleted.');
    ELSIF TG_OP = 'UPDATE' THEN
        IF OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL THEN
            PERFORM refuse('time_is_never_changed', 'Time is cancelled once, and never changed.');
        END IF;
        OLD.cancelled_by := NEW.cancelled_by; OLD.reason := NEW.reason; OLD.cancelled_at := countersign_now();
        RETURN OLD;
    END IF;
    PERFORM FROM support_user WHERE id = NEW.person_id AND kind = 'staff' FOR NO KEY UPDATE;  -- as the other kind of time does: one after the other
    IF NOT FOUND THEN
        PERFORM refuse('time_is_of_staff', 'Only people of the desk book time.');
    ELSIF NEW.cancelled_at IS NOT NULL THEN
        PERFORM refuse('time_starts_live', 'A new entry is not cancelled.');
    ELSIF EXISTS (SELECT FROM billing_timer WHERE person_id = NEW.person_id AND started_at < NEW.stopped_at) THEN
        PERFORM refuse('timer_runs_meanwhile', 'A timer runs over this time: stop it first.');
    ELSIF EXISTS (SELECT FROM billing_timeentry WHERE person_id = NEW.person_id AND superseded_by_id IS NULL AND raw_minutes > 0
            AND int8range(person_id, person_id, '[]') && int8range(NEW.person_id, NEW.person_id, '[]')
            AND tstzrange(started_at, stopped_at) && tstzrange(NEW.started_at, NEW.stopped_at)) THEN
        PERFORM refuse('one_person_once', 'There is time of this person in that interval already.');
    END IF;
    NEW.recorded_at := countersign_now();
    IF NEW.stopped_at > NEW.recorded_at THEN
        PERFORM refuse('time_is_past', 'Work cannot be booked ahead.');
    END IF;
    RETURN NEW;
END $$;

-- The other way round; its own guard holds the person before this one asks, because triggers of a table go by their names.
CREATE FUNCTION no_time_inside_meanwhile() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.raw_minutes > 0 AND EXISTS (SELECT FROM billing_tickettime WHERE cancelled_at IS NULL
            AND int8range(person_id, person_id, '[]') && int8range(NEW.person_id, NEW.person_id, '[]')
            AND tstzrange(started_at, stopped_at) && tstzrange(NEW.started_at, NEW.stopped_at)) THEN
        PERFORM refuse('one_person_once', 'There is time of this person in that interval already.');
    END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION ticket_time_guard, no_time_inside_meanwhile FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_tickettime FOR EACH ROW EXECUTE FUNCTION ticket_time_guard();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_tickettime FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER inside BEFORE INSERT ON billing_timeentry FOR EACH ROW EXECUTE FUNCTION no_time_inside_meanwhile();
ALTER TABLE billing_tickettime ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE billing_timeentry ENABLE ALWAYS TRIGGER inside;
REVOKE UPDATE, DELETE, TRUNCATE ON billing_tickettime FROM countersign_app;
GRANT UPDATE (cancelled_at, cancelled_by, reason) ON billing_tickettime TO countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_tickettime;
DROP FUNCTION ticket_time_guard, no_time_inside_meanwhile CASCADE;
ALTER TABLE billing_tickettime DROP CONSTRAINT one_person_once_inside;
GRANT UPDATE, DELETE ON billing_tickettime TO countersign_app;
