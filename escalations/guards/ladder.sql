-- Invariant 25. The next level only, not before its time: on every path, against the ladder of the ticket's own service.
CALL make_append_only('{escalations_escalation,escalations_escalationacknowledgement,escalations_escalationclosing}');

-- The least time that "4 h", "2 business hours" or "1 business day" can last; a day between two wall clocks has 23 hours at the least.
CREATE FUNCTION least_time(span text) RETURNS interval LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT make_interval(mins => split_part(span, ' ', 1)::int * CASE
        WHEN span ~ ' business days?$' THEN 23 * 60 WHEN span ~ ' days?$' THEN 24 * 60 WHEN span ~ ' (h|business hours?)$' THEN 60 WHEN span ~ ' min$' THEN 1 END)
$$;

-- Whoever is written down as having asked: held, so that he is not disabled and his grant not taken away meanwhile.
CREATE FUNCTION ladder_asked_by(who bigint, served bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE person support_contact;
BEGIN
    SELECT * INTO person FROM support_contact WHERE id = who FOR SHARE;
    IF person.id IS NULL OR NOT person.active THEN
        RETURN false;
    ELSIF person.customer_id <> served THEN
        PERFORM FROM support_partnergrant WHERE contact_id = who AND customer_id = served FOR SHARE;
        RETURN FOUND;
    END IF;
    RETURN true;
END $$;

CREATE FUNCTION escalation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ladder jsonb; rung jsonb; ground jsonb; state text; served bigint; last record; reached int;
BEGIN
    PERFORM must_read_committed();
    SELECT s.data -> 'ladder', t.state, t.customer_id INTO ladder, state, served FROM support_ticket t LEFT JOIN support_serviceversion s ON s.id = t.service_id
        WHERE t.id = NEW.ticket_id FOR UPDATE OF t;  -- one at a time per ticket
    IF state NOT IN ('open', 'waiting') THEN
        PERFORM refuse('ladder_of_an_open_ticket', 'A ticket that is done goes up no ladder.');
    END IF;
    IF NEW.channel = '' THEN
        PERFORM refuse('escalation_came_as_it_says', 'Say how the escalation came.');
    ELSIF NEW.contact_id IS NOT NULL AND NOT ladder_asked_by(NEW.contact_id, served) THEN
        PERFORM refuse('escalation_asked_for_by_one_of_theirs', 'Only a contact who may see the ticket asks for its escalation.');
    END IF;
    rung := ladder -> 'levels' -> NEW.level - 1;
    SELECT g INTO ground FROM jsonb_array_elements(ladder -> 'grounds') g WHERE g ->> 'code' = NEW.ground;
    IF rung IS NULL OR NEW.level < 1 OR ground IS NULL THEN
        PERFORM refuse('ladder_of_the_service', format('The ticket''s service knows no level %s on the ground "%s".', NEW.level, NEW.ground));
    END IF;
    NEW.position := coalesce((SELECT max(position) FROM escalations_escalation WHERE ticket_id = NEW.ticket_id), 0) + 1;
    SELECT * INTO last FROM ladder_standing(NEW.ticket_id);
    NEW.follows_id := last.id;
    NEW.levels := jsonb_array_length(ladder -> 'levels');
    reached := coalesce(last.level, 0);
    IF NEW.level <> least(reached + 1, NEW.levels) THEN
        PERFORM refuse('ladder_level_by_level', format('Level %s does not follow level %s.', NEW.level, reached));
    END IF;
    NEW.raised_at := countersign_now();  -- after the lock
    IF reached > 0 AND (last.not_before IS NULL OR NEW.raised_at < last.not_before) THEN
        IF NEW.override_reason = '' THEN
            PERFORM refuse('ladder_not_before_its_time', format('Level %s not before %s.', NEW.level, coalesce(last.not_before::text, 'anything')));
        ELSIF NEW.actor_kind <> 'staff' OR NOT EXISTS (SELECT FROM support_user u WHERE u.id = NEW.actor_id AND u.is_active AND (u.is_superuser OR EXISTS (
                SELECT FROM support_user_groups m JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id AND g.name = 'Support managers'))) THEN
            PERFORM refuse('ladder_overridden_by_managers', 'Only a support manager raises a level before its time.');
        END IF;
    ELSE
        NEW.override_reason := '';
    END IF;
    IF ground ->> 'asks' = 'clock' THEN
        IF NOT EXISTS (SELECT FROM support_clock c WHERE c.ticket_id = NEW.ticket_id AND c.key = NEW.missed AND c.owed_by <> 'customer'
                AND (c.verdict = 'missed' OR (c.state IN ('running', 'paused') AND c.due_at <= NEW.raised_at))) THEN
            PERFORM refuse('ladder_names_the_missed_clock', 'The target that is named has not been missed.');
        END IF;
    ELSE
        NEW.missed := '';
    END IF;
    IF ground ->> 'asks' = 'words' AND btrim(NEW.reason) = '' THEN
        PERFORM refuse('ladder_says_why', 'This ground is said in words.');
    END IF;
    NEW.name := rung ->> 'name';
    NEW.ground_text := ground ->> 'text';
    NEW.not_before := ladder_next(rung, NEW.raised_at, NEW.not_before);
    RETURN NEW;
END $$;

-- Taking and ending an escalation: stamped by the database; only the one on which the ticket stands (ladder_steps.sql) is ended.
CREATE FUNCTION escalation_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE mine escalations_escalation;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO mine FROM escalations_escalation WHERE id = NEW.escalation_id;
    PERFORM FROM support_ticket WHERE id = mine.ticket_id FOR UPDATE;
    IF mine.id IS DISTINCT FROM (SELECT s.id FROM ladder_standing(mine.ticket_id) s) THEN
        PERFORM refuse('ladder_ends_at_its_last', 'The ticket does not stand on this level any more.');
    END IF;
    NEW.at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION escalation_guard, escalation_step_guard, least_time, ladder_asked_by FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON escalations_escalation FOR EACH ROW EXECUTE FUNCTION escalation_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_escalationacknowledgement FOR EACH ROW EXECUTE FUNCTION escalation_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_escalationclosing FOR EACH ROW EXECUTE FUNCTION escalation_step_guard();
ALTER TABLE escalations_escalation ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_escalationacknowledgement ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_escalationclosing ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_escalation; DROP TRIGGER append_only ON escalations_escalationacknowledgement; DROP TRIGGER append_only ON escalations_escalationclosing;
DROP FUNCTION escalation_guard, escalation_step_guard CASCADE; DROP FUNCTION least_time, ladder_asked_by;
