-- When a version of a calendar was saved is by the database's clock: from when on a region works by it follows from that. Only a simulation tells stories
-- of before.
CREATE FUNCTION calendar_version_of_now() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF jsonb_typeof(NEW.data -> 'calendar' -> 'hours') IS DISTINCT FROM 'object' OR coalesce(NEW.data -> 'calendar' ->> 'zone', '') = ''
            OR jsonb_typeof(NEW.data -> 'holidays') IS DISTINCT FROM 'array' THEN
        PERFORM refuse('a_calendar_says_its_hours', 'This is no calendar: zone, hours and holidays belong to one.');
    END IF;
    IF NOT EXISTS (SELECT FROM simulation) THEN
        NEW.added_at := countersign_now();
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION calendar_version_of_now FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON support_calendarversion FOR EACH ROW EXECUTE FUNCTION calendar_version_of_now();
ALTER TABLE support_calendarversion ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP FUNCTION calendar_version_of_now CASCADE;
