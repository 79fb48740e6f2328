-- A timer is stopped for somebody else by a support manager, while it runs; after that it is gone, and its time is kept as the owner's.
CREATE FUNCTION stopped_timer_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE runs billing_timer;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO runs FROM billing_timer WHERE person_id = NEW.person_id FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse('a_running_timer_is_stopped', 'This timer has been stopped already.');
    ELSIF NEW.actor_id = NEW.person_id OR NOT is_a_manager(NEW.actor_kind, NEW.actor_id) THEN  -- of listed.sql
        PERFORM refuse('stopped_by_a_manager', 'Only a support manager stops the timer of somebody else.');
    END IF;
    NEW.approval_id := runs.approval_id;
    NEW.engagement_id := (SELECT engagement_id FROM billing_approval WHERE id = runs.approval_id);
    NEW.started_at := runs.started_at;
    NEW.stopped_at := countersign_now();
    RETURN NEW;
END $$;

-- Asked at the commit: what says that a timer was stopped neither leaves it running nor loses its time.
CREATE FUNCTION stopped_timer_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF EXISTS (SELECT FROM billing_timer WHERE person_id = NEW.person_id AND started_at = NEW.started_at) THEN
        PERFORM refuse('a_stopped_timer_runs_no_more', 'This timer still runs.');
    ELSIF NEW.stopped_at > NEW.started_at
            AND NOT EXISTS (SELECT FROM billing_timeentry WHERE piece = NEW.piece AND person_id = NEW.person_id AND engagement_id = NEW.engagement_id)
            AND NOT EXISTS (SELECT FROM billing_latework WHERE piece = NEW.piece AND person_id = NEW.person_id AND engagement_id = NEW.engagement_id) THEN
        PERFORM refuse('stopped_time_is_kept', 'The time of a timer that is stopped is kept.');
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION stopped_timer_guard, stopped_timer_is_kept FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_stoppedtimer FOR EACH ROW EXECUTE FUNCTION stopped_timer_guard();
CREATE CONSTRAINT TRIGGER kept AFTER INSERT ON billing_stoppedtimer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stopped_timer_is_kept();
ALTER TABLE billing_stoppedtimer ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER kept;
CALL make_append_only('{billing_stoppedtimer}');
-- reverse
DROP TRIGGER append_only ON billing_stoppedtimer;
DROP FUNCTION stopped_timer_guard, stopped_timer_is_kept CASCADE;
