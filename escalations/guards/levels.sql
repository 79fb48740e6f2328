-- Support levels: one level up at a time, with the sheet that the level must receive; what engineering and management hold is only ever added.
CALL make_append_only('{escalations_faultreport,escalations_levelmove,escalations_engineeringreview,escalations_managementescalation,escalations_managementtaking,escalations_managementupdate,escalations_managementclosing}');

CREATE FUNCTION fault_report_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE sheet jsonb;
BEGIN
    PERFORM must_read_committed();
    SELECT s.data -> 'fault_report' INTO sheet FROM support_ticket t LEFT JOIN support_serviceversion s ON s.id = t.service_id
        WHERE t.id = NEW.ticket_id FOR UPDATE OF t;
    IF sheet IS NULL THEN
        PERFORM refuse('sheet_of_the_service', 'The ticket''s service has no fault report sheet.');
    END IF;
    IF NOT EXISTS (SELECT FROM support_file f JOIN support_ticket t ON t.customer_id = f.customer_id WHERE f.id = NEW.file_id AND t.id = NEW.ticket_id) THEN
        PERFORM refuse('sheet_of_the_customer', 'The rendered sheet is a file of the ticket''s customer.');
    END IF;
    NEW.number := coalesce((SELECT max(number) FROM escalations_faultreport WHERE ticket_id = NEW.ticket_id), 0) + 1;
    SELECT coalesce(jsonb_agg(f ->> 'code' ORDER BY place), '[]') INTO NEW.missing FROM jsonb_array_elements(sheet -> 'fields') WITH ORDINALITY AS fields(f, place)
        WHERE (f ->> 'required')::boolean AND coalesce(btrim(NEW.answers ->> (f ->> 'code')), '') IN ('', '[]')
            AND (f -> 'when' IS NULL OR NEW.answers ->> (f -> 'when' ->> 'field') = f -> 'when' ->> 'answer');
    NEW.at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION level_move_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE service jsonb; state text; last escalations_levelmove; sheet escalations_faultreport;
BEGIN
    PERFORM must_read_committed();
    SELECT s.data, t.state INTO service, state FROM support_ticket t LEFT JOIN support_serviceversion s ON s.id = t.service_id
        WHERE t.id = NEW.ticket_id FOR UPDATE OF t;  -- one at a time per ticket
    IF state NOT IN ('open', 'waiting') THEN
        PERFORM refuse('levels_of_an_open_ticket', 'A ticket that is done moves to no level.');
    END IF;
    SELECT * INTO last FROM escalations_levelmove WHERE ticket_id = NEW.ticket_id ORDER BY position DESC LIMIT 1;
    NEW.position := coalesce(last.position, 0) + 1;
    NEW.old := coalesce(last.new, 1);
    NEW.at := countersign_now();
    IF NEW.new NOT BETWEEN 1 AND coalesce(jsonb_array_length(service -> 'levels'), 0) OR NEW.new = NEW.old OR NEW.new > NEW.old + 1 THEN
        PERFORM refuse('level_by_level', format('From level %s a ticket goes up to the next, or down; not to %s.', NEW.old, NEW.new));
    END IF;
    NEW.engineering := coalesce((service -> 'engineering' ->> 'level')::int = NEW.new, false);
    IF NEW.new > NEW.old AND service -> 'fault_report' -> 'going_to' @> to_jsonb(NEW.new::int) THEN
        SELECT * INTO sheet FROM escalations_faultreport WHERE id = NEW.sheet_id AND ticket_id = NEW.ticket_id;
        IF sheet.id IS NULL THEN
            PERFORM refuse('level_receives_its_sheet', format('Level %s receives a fault report sheet.', NEW.new));
        ELSIF service -> 'fault_report' -> 'complete' @> to_jsonb(NEW.new::int) AND sheet.missing <> '[]' THEN
            PERFORM refuse('level_receives_a_complete_sheet', format('Level %s receives a complete sheet.', NEW.new));
        END IF;
    ELSIF NEW.sheet_id IS NOT NULL AND NOT EXISTS (SELECT FROM escalations_faultreport WHERE id = NEW.sheet_id AND ticket_id = NEW.ticket_id) THEN
        PERFORM refuse('level_receives_its_sheet', 'The sheet is another ticket''s.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION engineering_review_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE mine escalations_levelmove; state text;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO mine FROM escalations_levelmove WHERE id = NEW.move_id;
    SELECT t.state INTO state FROM support_ticket t WHERE t.id = mine.ticket_id FOR UPDATE;
    IF NOT mine.engineering OR state NOT IN ('open', 'waiting') OR EXISTS (SELECT FROM escalations_levelmove WHERE ticket_id = mine.ticket_id AND position > mine.position) THEN
        PERFORM refuse('engineering_reviews_its_own', 'The ticket is not at engineering.');
    END IF;
    NEW.at := countersign_now();
    RETURN NEW;
END $$;

-- Opened by what opens it, once: the ticket is copied from there, and locked nowhere (see the model).
CREATE FUNCTION management_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE told text;
BEGIN
    PERFORM must_read_committed();
    IF NEW.cause = 'alarm' THEN
        SELECT ticket_id INTO NEW.ticket_id FROM support_alarm WHERE id = NEW.alarm_id AND action = 'escalations.management' AND fired_at IS NOT NULL;
        IF NOT FOUND THEN PERFORM refuse('management_by_its_alarm', 'Only management''s own alarm, once fired, opens it.'); END IF;
    ELSIF NEW.cause = 'engineering' THEN
        SELECT m.ticket_id INTO NEW.ticket_id FROM escalations_levelmove m JOIN support_ticket t ON t.id = m.ticket_id JOIN support_serviceversion s ON s.id = t.service_id
            WHERE m.id = NEW.move_id AND m.engineering AND s.data -> 'engineering' -> 'priorities' ? t.priority;
        IF NOT FOUND THEN PERFORM refuse('management_beside_engineering', 'The move is none that management goes along with.'); END IF;
    ELSE
        SELECT p ->> 'notified' INTO told FROM support_ticket t JOIN support_serviceversion s ON s.id = t.service_id,
            jsonb_array_elements(s.data -> 'priorities') p WHERE t.id = NEW.ticket_id AND p ->> 'code' = t.priority;
        IF coalesce(told, '') = '' THEN PERFORM refuse('management_of_this_severity', 'Nobody above the desk is told of this priority.'); END IF;
    END IF;
    NEW.opened_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION management_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE person bigint := coalesce((to_jsonb(NEW) ->> 'driver_id')::bigint, NEW.actor_id);
BEGIN
    PERFORM must_read_committed();
    PERFORM t.id FROM support_ticket t JOIN escalations_managementescalation m ON m.ticket_id = t.id WHERE m.id = NEW.escalation_id FOR UPDATE OF t;
    IF EXISTS (SELECT FROM escalations_managementclosing WHERE escalation_id = NEW.escalation_id) THEN
        PERFORM refuse('management_is_closed', 'Management has closed this.');
    END IF;
    IF NOT EXISTS (SELECT FROM support_user u WHERE u.id = person AND u.is_active AND (u.is_superuser OR EXISTS (
            SELECT FROM support_user_groups m JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id AND g.name = 'Support managers'))) THEN
        PERFORM refuse('management_is_managers', 'Only a support manager drives, updates and closes what is at management.');
    END IF;
    NEW.at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION fault_report_guard, level_move_guard, engineering_review_guard, management_guard, management_step_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON escalations_faultreport FOR EACH ROW EXECUTE FUNCTION fault_report_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_levelmove FOR EACH ROW EXECUTE FUNCTION level_move_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_engineeringreview FOR EACH ROW EXECUTE FUNCTION engineering_review_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_managementescalation FOR EACH ROW EXECUTE FUNCTION management_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_managementtaking FOR EACH ROW EXECUTE FUNCTION management_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_managementupdate FOR EACH ROW EXECUTE FUNCTION management_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_managementclosing FOR EACH ROW EXECUTE FUNCTION management_step_guard();
ALTER TABLE escalations_faultreport ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_levelmove ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_engineeringreview ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_managementescalation ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_managementtaking ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_managementupdate ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_managementclosing ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_faultreport; DROP TRIGGER append_only ON escalations_levelmove; DROP TRIGGER append_only ON escalations_engineeringreview;
DROP TRIGGER append_only ON escalations_managementescalation; DROP TRIGGER append_only ON escalations_managementtaking;
DROP TRIGGER append_only ON escalations_managementupdate; DROP TRIGGER append_only ON escalations_managementclosing;
DROP FUNCTION fault_report_guard, level_move_guard, engineering_review_guard, management_guard, management_step_guard CASCADE;
