-- What is in hours by a version of a calendar, asked minute by minute: borders lie on whole minutes of its wall clock.
CREATE FUNCTION in_windows(wall timestamp, windows jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM jsonb_array_elements_text(windows) AS w (text)
        WHERE to_char(wall, 'HH24:MI') COLLATE "C" >= split_part(w.text, '-', 1) AND to_char(wall, 'HH24:MI') COLLATE "C" < split_part(w.text, '-', 2))
$$;

-- As support.calendars reads it: an extra day's windows replace that date's, holidays and whole closures close it, the windows of a closure are cut out last.
CREATE FUNCTION calendar_is_open(data jsonb, at timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wall timestamp := at AT TIME ZONE (data -> 'calendar' ->> 'zone'); day text := to_char(wall, 'YYYY-MM-DD'); windows jsonb;
BEGIN
    SELECT jsonb_agg(w) INTO windows FROM jsonb_array_elements(coalesce(data -> 'extra_days', '[]')) x, jsonb_array_elements(x -> 'windows') w WHERE x ->> 'on' = day;
    IF windows IS NULL THEN
        IF EXISTS (SELECT FROM jsonb_array_elements(data -> 'holidays') h WHERE h ->> 0 = day)
            OR EXISTS (SELECT FROM jsonb_array_elements(coalesce(data -> 'closures', '[]')) c WHERE c -> 'windows' = '[]' AND day BETWEEN c ->> 'first' AND c ->> 'last') THEN
            RETURN false;
        END IF;
        windows := coalesce(data -> 'calendar' -> 'hours' -> (ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[extract(isodow FROM wall)::int], '[]');
    END IF;
    RETURN in_windows(wall, windows) AND NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(data -> 'closures', '[]')) c
        WHERE day BETWEEN c ->> 'first' AND c ->> 'last' AND in_windows(wall, c -> 'windows'));
END $$;

-- Whether all of a part is on the side that it says; without a calendar nothing is out of hours.
CREATE FUNCTION hours_are(calendar bigint, begins timestamptz, ends timestamptz, outside boolean) RETURNS boolean LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE said jsonb;
BEGIN
    IF calendar IS NULL THEN RETURN NOT outside; END IF;
    SELECT c.data INTO STRICT said FROM support_calendarversion c WHERE c.id = calendar;
    RETURN NOT EXISTS (SELECT FROM generate_series(begins, ends - interval '1 microsecond', interval '1 minute') AS s (at)
            WHERE calendar_is_open(said, s.at) = outside)
        AND calendar_is_open(said, ends - interval '1 microsecond') <> outside;
END $$;

CREATE FUNCTION visits_left(approval bigint) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT o.visits - (SELECT count(*) FROM billing_timeentry t WHERE t.approval_id = a.id AND t.visit AND t.superseded_by_id IS NULL)
        FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id WHERE a.id = approval);
END $$;
-- reverse
DROP FUNCTION visits_left; DROP FUNCTION hours_are; DROP FUNCTION calendar_is_open; DROP FUNCTION in_windows;
