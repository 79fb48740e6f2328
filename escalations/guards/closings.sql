-- When a version of a calendar is open: while the wall clock of its zone stands inside a window, as support.clocks counts it. An extra day's
-- windows replace the hours of its date; holidays and closures of one's own take them away, a closure with windows only those.
CREATE FUNCTION calendar_open(data jsonb, instant timestamptz) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH wall AS MATERIALIZED (
        SELECT shown::date AS today, shown::time AS clock FROM (SELECT instant AT TIME ZONE (data -> 'calendar' ->> 'zone')) AS s (shown)
    ), closed AS MATERIALIZED (
        SELECT c -> 'windows' AS windows FROM wall, jsonb_array_elements(data -> 'closures') c
        WHERE today BETWEEN (c ->> 'first')::date AND (c ->> 'last')::date
    ), extra AS MATERIALIZED (
        SELECT hours FROM wall, jsonb_array_elements(data -> 'extra_days') e, jsonb_array_elements_text(e -> 'windows') hours
        WHERE (e ->> 'on')::date = today
    ), plain AS MATERIALIZED (
        SELECT hours FROM wall, jsonb_array_elements_text(data -> 'calendar' -> 'hours' -> to_char(today, 'dy')) hours
        WHERE NOT EXISTS (SELECT FROM extra) AND NOT EXISTS (SELECT FROM closed WHERE windows = '[]')
            AND NOT EXISTS (SELECT FROM jsonb_array_elements(data -> 'holidays') h WHERE (h ->> 0)::date = today)
    )
    SELECT EXISTS (SELECT FROM wall, (TABLE extra UNION ALL TABLE plain) o
                   WHERE clock >= split_part(hours, '-', 1)::time AND clock < split_part(hours, '-', 2)::time)
        AND NOT EXISTS (SELECT FROM wall, closed, jsonb_array_elements_text(windows) hours
                        WHERE clock >= split_part(hours, '-', 1)::time AND clock < split_part(hours, '-', 2)::time)
$$;

CREATE FUNCTION calendar_closes(data jsonb, instant timestamptz) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT isfinite(instant) AND calendar_open(data, instant - interval '1 microsecond') AND NOT calendar_open(data, instant)
$$;
-- reverse
DROP FUNCTION calendar_closes; DROP FUNCTION calendar_open;
