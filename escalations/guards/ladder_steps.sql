-- Accepting, declining, acting and stepping down: only ever added, and none of it brings a level before its time.
REVOKE DELETE, TRUNCATE ON escalations_laddercontact FROM countersign_app;
CALL track('escalations_laddercontact', 'escalations_historicalladdercontact');
CALL make_append_only('{escalations_escalationacceptance,escalations_escalationdecline,escalations_escalationact,escalations_escalationstepdown}');

-- The escalation on which a ticket stands: the last that was neither declined nor stepped down from, on a ladder not closed since.
CREATE FUNCTION ladder_standing(ticket bigint) RETURNS TABLE (id bigint, level int, not_before timestamptz) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT e.id, e.level::int, CASE WHEN e.not_before IS NOT NULL THEN greatest(e.not_before, (
            SELECT max(d.not_before) FROM escalations_escalationstepdown d JOIN escalations_escalation above ON above.id = d.escalation_id
            WHERE above.ticket_id = ticket AND above.position > e.position AND above.level = least(e.level + 1, e.levels))) END
        FROM escalations_escalation e
        WHERE e.ticket_id = ticket
            AND NOT EXISTS (SELECT FROM escalations_escalationdecline d WHERE d.escalation_id = e.id)
            AND NOT EXISTS (SELECT FROM escalations_escalationstepdown d WHERE d.escalation_id = e.id)
            AND NOT EXISTS (SELECT FROM escalations_escalationclosing c JOIN escalations_escalation last ON last.id = c.escalation_id
                WHERE last.ticket_id = ticket AND last.position >= e.position)
        ORDER BY e.position DESC LIMIT 1;
END $$;

-- When the level after this one may be raised: elapsed time is the database's own arithmetic, of business time it knows the least.
CREATE FUNCTION ladder_next(rung jsonb, since timestamptz, said timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE span text := rung ->> 'before_next';
BEGIN
    IF span IS NULL THEN
        RETURN NULL;
    ELSIF span !~ 'business' THEN
        RETURN since + least_time(span);
    ELSIF said IS NULL OR said < since + least_time(span) THEN
        PERFORM refuse('ladder_keeps_its_time', format('The next level comes %s later at the earliest.', span));
    END IF;
    RETURN said;
END $$;

-- Declined before it was accepted, with an entry of the service's own list, whose words are copied.
CREATE FUNCTION escalation_decline_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE service jsonb;
BEGIN
    PERFORM must_read_committed();
    SELECT s.data INTO service FROM escalations_escalation e JOIN support_ticket t ON t.id = e.ticket_id
        JOIN support_serviceversion s ON s.id = t.service_id WHERE e.id = NEW.escalation_id;
    SELECT item ->> 'text' INTO NEW.item_text FROM (
            SELECT jsonb_array_elements(service -> 'ladder' -> 'not_accepted') AS item
            UNION ALL SELECT i FROM jsonb_array_elements(service -> 'scope' -> 'items') i WHERE i ->> 'verdict' = 'not_eligible') list
        WHERE item ->> 'code' = NEW.item LIMIT 1;
    IF NEW.item_text IS NULL THEN
        PERFORM refuse('declined_by_the_services_list', format('"%s" is not among what the service does not accept.', NEW.item));
    END IF;
    IF EXISTS (SELECT FROM escalations_escalationacceptance WHERE escalation_id = NEW.escalation_id)
            OR EXISTS (SELECT FROM escalations_escalationacknowledgement WHERE escalation_id = NEW.escalation_id) THEN
        PERFORM refuse('accepted_is_not_declined', 'It is accepted already.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION escalation_step_down_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE below jsonb; reached int;
BEGIN
    PERFORM must_read_committed();
    SELECT e.level, s.data -> 'ladder' -> 'levels' -> e.level - 2 INTO reached, below FROM escalations_escalation e
        JOIN support_ticket t ON t.id = e.ticket_id JOIN support_serviceversion s ON s.id = t.service_id WHERE e.id = NEW.escalation_id;
    IF reached < 2 THEN
        PERFORM refuse('nothing_below_level_1', 'There is no level below the first.');
    END IF;
    NEW.not_before := ladder_next(below, NEW.at, NEW.not_before);
    RETURN NEW;
END $$;

CREATE FUNCTION escalation_act_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM escalations_escalationacknowledgement WHERE escalation_id = NEW.escalation_id) THEN
        PERFORM refuse('taken_before_acted', 'Whoever acts on an escalation has taken it.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION ladder_standing, ladder_next, escalation_decline_guard, escalation_step_down_guard, escalation_act_guard FROM PUBLIC;

-- In the order of their names: the ticket is locked, the step is stamped, then what this step alone asks for.
CREATE TRIGGER guard BEFORE INSERT ON escalations_escalationacceptance FOR EACH ROW EXECUTE FUNCTION escalation_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_escalationdecline FOR EACH ROW EXECUTE FUNCTION escalation_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_escalationact FOR EACH ROW EXECUTE FUNCTION escalation_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_escalationstepdown FOR EACH ROW EXECUTE FUNCTION escalation_step_guard();
CREATE TRIGGER guard_own BEFORE INSERT ON escalations_escalationdecline FOR EACH ROW EXECUTE FUNCTION escalation_decline_guard();
CREATE TRIGGER guard_own BEFORE INSERT ON escalations_escalationact FOR EACH ROW EXECUTE FUNCTION escalation_act_guard();
CREATE TRIGGER guard_own BEFORE INSERT ON escalations_escalationstepdown FOR EACH ROW EXECUTE FUNCTION escalation_step_down_guard();
ALTER TABLE escalations_escalationacceptance ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_escalationdecline ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER guard_own;
ALTER TABLE escalations_escalationact ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER guard_own;
ALTER TABLE escalations_escalationstepdown ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER guard_own;
-- reverse
DROP TRIGGER history_required ON escalations_laddercontact; DROP TRIGGER append_only ON escalations_historicalladdercontact;
GRANT DELETE ON escalations_laddercontact TO countersign_app;
DROP TRIGGER append_only ON escalations_escalationacceptance; DROP TRIGGER append_only ON escalations_escalationdecline;
DROP TRIGGER append_only ON escalations_escalationact; DROP TRIGGER append_only ON escalations_escalationstepdown;
DROP TRIGGER guard ON escalations_escalationacceptance; DROP TRIGGER guard ON escalations_escalationdecline;
DROP TRIGGER guard ON escalations_escalationact; DROP TRIGGER guard ON escalations_escalationstepdown;
DROP FUNCTION escalation_decline_guard, escalation_step_down_guard, escalation_act_guard CASCADE; DROP FUNCTION ladder_standing, ladder_next;
