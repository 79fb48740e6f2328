-- When a version of a calendar was saved is by the database's clock: from when on a region works by it follows from that. Only a simulation tells stories
-- of before. What nobody could read, every page and alarm that asks for hours would fall over.
-- Windows of one day, ["09:00-12:00", "13:00-17:30"]; those of a week are in their order, none into the next.
CREATE FUNCTION are_windows(windows jsonb, in_order boolean) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(jsonb_typeof(windows) = 'array', false) AND NOT EXISTS (
        SELECT FROM (SELECT span, split_part(span, '-', 1) AS opens, split_part(span, '-', 2) AS closes, lag(split_part(span, '-', 2), 1, '') OVER (ORDER BY n) AS before
            FROM jsonb_array_elements_text(CASE jsonb_typeof(windows) WHEN 'array' THEN windows ELSE '[]' END) WITH ORDINALITY AS w (span, n)) AS day
        WHERE (span ~ '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' AND opens < closes AND (before <= opens OR NOT in_order)) IS NOT TRUE)
$$;

-- A day that was or will be: "2026-12-25". Fails on the thirteenth month.
CREATE FUNCTION is_a_day(day jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(CASE WHEN jsonb_typeof(day) = 'string' AND day #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN (day #>> '{}')::date::text = day #>> '{}' END, false)
$$;

-- Words that begin and end with something to see, as whoever reads them counts blanks.
CREATE FUNCTION is_said(words jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(jsonb_typeof(words) = 'string' AND words #>> '{}' <> ''
        AND words #>> '{}' !~ '^[\u0001-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|[\u0001-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$', false)
$$;

CREATE FUNCTION calendar_flaw(data jsonb) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE calendar jsonb := data -> 'calendar'; list jsonb;
BEGIN
    IF jsonb_typeof(calendar) IS DISTINCT FROM 'object' OR NOT calendar ?& '{code,name,zone,document,section,hours}' OR EXISTS (
            SELECT FROM jsonb_each(calendar) WHERE NOT CASE key WHEN 'hours' THEN jsonb_typeof(value) = 'object' WHEN 'holidays' THEN jsonb_typeof(value) = 'object'
                WHEN 'readings' THEN jsonb_typeof(value) = 'array' ELSE key = ANY ('{code,name,zone,document,section}') AND is_said(value) END) THEN
        RETURN 'its code, name, zone and source belong to it, in words';
    ELSIF calendar ->> 'code' !~ '^[A-Za-z0-9][A-Za-z0-9_-]*$' THEN
        RETURN 'its code is of letters, digits and hyphens';
    ELSIF NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = calendar ->> 'zone') THEN
        RETURN 'its zone is none';
    ELSIF EXISTS (SELECT FROM jsonb_each(calendar -> 'hours') WHERE key <> ALL ('{mon,tue,wed,thu,fri,sat,sun}') OR NOT are_windows(value, true)) THEN
        RETURN 'its hours are windows like "09:00-17:30" on weekdays, in their order';
    ELSIF NOT EXISTS (SELECT FROM jsonb_each(calendar -> 'hours'), jsonb_array_elements_text(value)) THEN
        RETURN 'it is never open';
    ELSIF EXISTS (SELECT FROM jsonb_each(calendar -> 'holidays') WHERE key <> ALL ('{country,part}') OR NOT is_said(value))
            OR (calendar ? 'holidays' AND NOT calendar -> 'holidays' ? 'country') THEN
        RETURN 'its public holidays are those of a country';
    ELSIF EXISTS (SELECT FROM jsonb_array_elements(calendar -> 'readings') AS one WHERE jsonb_typeof(one) <> 'object' OR NOT one ?& '{key,chosen,why}' OR EXISTS (
            SELECT FROM jsonb_each(CASE jsonb_typeof(one) WHEN 'object' THEN one ELSE '{}' END) WHERE key <> ALL ('{key,chosen,why,section}') OR NOT is_said(value))
                OR one ->> 'key' !~ '^[A-Za-z0-9][A-Za-z0-9_-]*$')
            OR EXISTS (SELECT FROM jsonb_array_elements(calendar -> 'readings') AS one GROUP BY one ->> 'key' HAVING count(*) > 1) THEN
        RETURN 'a reading says what was chosen and why';
    ELSIF data ? 'known_until' AND NOT (is_a_day(data -> 'known_until') AND data ->> 'known_until' < '9000') THEN
        RETURN 'it is known until a day';
    END IF;
    FOREACH list IN ARRAY ARRAY[coalesce(data -> 'holidays', '0'), coalesce(data -> 'left_out', '[]')] LOOP
        IF jsonb_typeof(list) <> 'array' OR EXISTS (SELECT FROM jsonb_array_elements(list) AS day
                WHERE (jsonb_typeof(day) = 'array' AND jsonb_array_length(CASE jsonb_typeof(day) WHEN 'array' THEN day ELSE '[]' END) = 2 AND is_a_day(day -> 0) AND jsonb_typeof(day -> 1) = 'string') IS NOT TRUE) THEN
            RETURN 'a holiday is a day and its name';
        END IF;
    END LOOP;
    FOREACH list IN ARRAY ARRAY[coalesce(data -> 'closures', '[]'), coalesce(data -> 'extra_days', '[]')] LOOP
        IF jsonb_typeof(list) <> 'array' OR EXISTS (SELECT FROM jsonb_array_elements(list) AS day
                WHERE (jsonb_typeof(day -> 'name') = 'string' AND are_windows(day -> 'windows', false)) IS NOT TRUE) THEN
            RETURN 'a closure or an extra day has its name and its windows';
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM jsonb_array_elements(data -> 'extra_days') AS day WHERE NOT is_a_day(day -> 'on'))
            OR EXISTS (SELECT FROM jsonb_array_elements(data -> 'closures') AS day
                WHERE (is_a_day(day -> 'first') AND is_a_day(day -> 'last') AND (day ->> 'last')::date - (day ->> 'first')::date BETWEEN 0 AND 366) IS NOT TRUE) THEN
        RETURN 'an extra day has its day, a closure its first and its last one, a year apart at most';
    END IF;
    RETURN '';
EXCEPTION WHEN invalid_datetime_format OR datetime_field_overflow THEN
    RETURN 'a year has twelve months';
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
REVOKE EXECUTE ON FUNCTION are_windows, is_a_day, is_said, calendar_flaw, calendar_version_of_now FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON support_calendarversion FOR EACH ROW EXECUTE FUNCTION calendar_version_of_now();
ALTER TABLE support_calendarversion ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP FUNCTION calendar_version_of_now CASCADE; DROP FUNCTION IF EXISTS calendar_flaw; DROP FUNCTION IF EXISTS are_windows; DROP FUNCTION IF EXISTS is_a_day; DROP FUNCTION IF EXISTS is_said;
