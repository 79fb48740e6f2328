-- When a version of a calendar was saved is by the database's clock: from when on a region works by it follows from that. Only a simulation tells stories
-- of before. What nobody could read, every page and alarm that asks for hours would fall over.
CREATE FUNCTION calendar_flaw(data jsonb) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE hours jsonb := data -> 'calendar' -> 'hours'; holidays jsonb := data -> 'holidays'; clock text := '([01][0-9]|2[0-3]):[0-5][0-9]';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = data -> 'calendar' ->> 'zone') THEN
        RETURN 'its zone is none';
    ELSIF jsonb_typeof(hours) IS DISTINCT FROM 'object' OR jsonb_typeof(holidays) IS DISTINCT FROM 'array' THEN
        RETURN 'hours and holidays belong to one';
    ELSIF EXISTS (SELECT FROM jsonb_each(hours) WHERE key <> ALL ('{mon,tue,wed,thu,fri,sat,sun}') OR jsonb_typeof(value) <> 'array') THEN
        RETURN 'its hours are windows on weekdays';
    ELSIF NOT EXISTS (SELECT FROM jsonb_each(hours), jsonb_array_elements_text(value)) THEN
        RETURN 'it is never open';
    ELSIF EXISTS (SELECT FROM jsonb_each(hours) AS day, jsonb_array_elements_text(day.value) AS span
            WHERE (span ~ ('^' || clock || '-(' || clock || '|24:00)$') AND split_part(span, '-', 1) < split_part(span, '-', 2)) IS NOT TRUE) THEN
        RETURN 'a window is no "09:00-17:30"';
    ELSIF EXISTS (SELECT FROM jsonb_array_elements(holidays) AS day WHERE NOT coalesce(CASE jsonb_typeof(day) WHEN 'array'
            THEN jsonb_array_length(day) = 2 AND isfinite((day ->> 0)::date) AND (day ->> 0)::date::text = day ->> 0 AND jsonb_typeof(day -> 1) = 'string' END, false)) THEN
        RETURN 'a holiday is a day and its name';
    END IF;
    RETURN '';
EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow THEN
    RETURN 'a holiday is a day and its name';
END $$;

CREATE FUNCTION calendar_version_of_now() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE flaw text := calendar_flaw(NEW.data);
BEGIN
    PERFORM must_read_committed();
    IF flaw <> '' THEN
        PERFORM refuse('a_calendar_says_its_hours', format('This is no calendar: %s.', flaw));
    END IF;
    IF NOT EXISTS (SELECT FROM simulation) THEN
        NEW.added_at := countersign_now();
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION calendar_flaw, calendar_version_of_now FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON support_calendarversion FOR EACH ROW EXECUTE FUNCTION calendar_version_of_now();
ALTER TABLE support_calendarversion ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP FUNCTION calendar_version_of_now CASCADE; DROP FUNCTION IF EXISTS calendar_flaw;
