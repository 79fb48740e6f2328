-- Regions have hours that exist and are never deleted; the rota has people of the desk, each once at a time. Changes leave history.
ALTER TABLE escalations_duty
    ADD CONSTRAINT on_duty_once_at_a_time EXCLUDE USING gist (int8range(person_id, person_id, '[]') WITH &&, tstzrange(from_at, until_at) WITH &&);
ALTER TABLE escalations_absence
    ADD CONSTRAINT absent_once_at_a_time EXCLUDE USING gist (int8range(person_id, person_id, '[]') WITH &&, tstzrange(from_at, until_at) WITH &&);

CREATE FUNCTION region_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM support_calendarversion WHERE name = NEW.calendar) THEN
        PERFORM refuse('regions_have_a_calendar', format('There is no calendar "%s".', NEW.calendar));
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.code <> OLD.code THEN
        PERFORM refuse('regions_keep_their_code', 'Service definitions name a region by its code, so it stays.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION rota_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM support_user WHERE id = NEW.person_id AND kind = 'staff') THEN
        PERFORM refuse('the_rota_is_of_the_desk', 'Only people of the desk stand on the rota.');
    END IF;
    RETURN NEW;
END $$;

-- The one rule of who takes over, for the guard of hand-offs: on the rota of that region at that instant, not away, still of the desk.
CREATE FUNCTION on_duty(wanted bigint, who bigint, instant timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM escalations_duty d JOIN support_user u ON u.id = d.person_id
                   WHERE d.region_id = wanted AND d.person_id = who AND u.is_active AND u.kind = 'staff' AND d.from_at <= instant AND d.until_at > instant)
        AND NOT EXISTS (SELECT FROM escalations_absence a WHERE a.person_id = who AND a.from_at <= instant AND a.until_at > instant)
$$;

REVOKE EXECUTE ON FUNCTION region_guard, rota_guard, on_duty FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON escalations_region FOR EACH ROW EXECUTE FUNCTION region_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON escalations_duty FOR EACH ROW EXECUTE FUNCTION rota_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON escalations_absence FOR EACH ROW EXECUTE FUNCTION rota_guard();
ALTER TABLE escalations_region ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_duty ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_absence ENABLE ALWAYS TRIGGER guard;
REVOKE DELETE, TRUNCATE ON escalations_region FROM countersign_app;
REVOKE TRUNCATE ON escalations_duty, escalations_absence FROM countersign_app;
CALL track('escalations_region', 'escalations_historicalregion');
CALL track('escalations_duty', 'escalations_historicalduty');
CALL track('escalations_absence', 'escalations_historicalabsence');
-- reverse
DROP TRIGGER history_required ON escalations_region; DROP TRIGGER append_only ON escalations_historicalregion;
DROP TRIGGER history_required ON escalations_duty; DROP TRIGGER append_only ON escalations_historicalduty;
DROP TRIGGER history_required ON escalations_absence; DROP TRIGGER append_only ON escalations_historicalabsence;
DROP FUNCTION region_guard, rota_guard CASCADE; DROP FUNCTION on_duty;
ALTER TABLE escalations_duty DROP CONSTRAINT on_duty_once_at_a_time;
ALTER TABLE escalations_absence DROP CONSTRAINT absent_once_at_a_time;
GRANT DELETE ON escalations_region TO countersign_app;
