-- Hand-offs: what was offered stays, its state follows from its steps, and only whoever is to take it accepts or asks back.
CALL make_append_only('{escalations_handoffstep,escalations_handoffalarm}');
REVOKE UPDATE, DELETE, TRUNCATE ON escalations_handoff FROM countersign_app;

-- Which priorities a service hands over between which regions is data of its version; a version without the key hands over none.
CREATE FUNCTION handed_between(ticket support_ticket, region bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM support_serviceversion s, jsonb_array_elements(s.data -> 'handoff' -> 'regions') r
                   WHERE s.id = ticket.service_id AND s.data -> 'handoff' -> 'priorities' ? ticket.priority
                       AND r ->> 'code' = (SELECT code FROM escalations_region WHERE id = region))
$$;

-- The hours of a region at an instant: of the calendar that it had two midnights in UTC before the newest version that was there; the first ones before
-- there was any. So nothing that is changed today moves a closing of today or tomorrow.
CREATE FUNCTION hours_of_region(region bigint, instant timestamptz) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH counting AS (SELECT (date_trunc('day', instant AT TIME ZONE 'UTC') - interval '1 day') AT TIME ZONE 'UTC' AS saved_before)
    SELECT v.data FROM counting, support_calendarversion v WHERE v.name = (
        SELECT h.calendar FROM escalations_historicalregion h WHERE h.id = region
        ORDER BY h.history_date < saved_before DESC, CASE WHEN h.history_date < saved_before THEN h.history_id ELSE -h.history_id END DESC LIMIT 1)
    ORDER BY v.added_at < saved_before DESC, CASE WHEN v.added_at < saved_before THEN v.version ELSE -v.version END DESC LIMIT 1
$$;

-- Who takes it over from a region: whoever has the receiving one's duty at the closing, or now where that is past; and, once the region that closed
-- is open again, whoever has the duty there.
CREATE FUNCTION takes_over(handoff escalations_handoff, who bigint, instant timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN on_duty(handoff.to_region_id, who, greatest(instant, handoff.closes_at))
        OR (instant > handoff.closes_at AND on_duty(handoff.from_region_id, who, instant)
            AND calendar_open(hours_of_region(handoff.from_region_id, instant), instant));
END $$;

-- Whether a region closes at an instant: it was open until then, by the hours of before, and is not from then on.
CREATE FUNCTION region_closes(region bigint, instant timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE before timestamptz := instant - interval '1 microsecond';
BEGIN
    RETURN isfinite(instant) AND calendar_open(hours_of_region(region, before), before) AND NOT calendar_open(hours_of_region(region, instant), instant);
END $$;

-- Whether somebody has the ticket for this closing: whoever took it over still owns it and is there then, or was at the acceptance where that came
-- later; or somebody owns it who has the receiving region's duty now, or has it from the instant on at which one who is on duty there hands it to him.
CREATE FUNCTION handoff_holds(h escalations_handoff) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM support_ticket t JOIN escalations_handoffstep s ON s.handoff_id = h.id AND s.kind = 'accepted'
        WHERE t.id = h.ticket_id AND h.kind = 'region' AND (
            (t.owner_id = s.actor_id AND takes_over(h, t.owner_id, s.at))
            OR takes_over(h, t.owner_id, countersign_now())
            OR EXISTS (SELECT FROM escalations_handoff inside WHERE inside.ticket_id = t.id AND inside.kind = 'person' AND inside.state = 'accepted'
                AND inside.to_person_id = t.owner_id AND inside.closes_at > countersign_now()
                AND takes_over(h, inside.from_person_id, countersign_now()) AND takes_over(h, t.owner_id, inside.closes_at))))
$$;

-- Whether an acceptance is good: somebody has the ticket for its closing, or for the last one after it that was accepted too.
CREATE FUNCTION handoff_stands(wanted bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE mine escalations_handoff; newest escalations_handoff;
BEGIN
    SELECT * INTO mine FROM escalations_handoff WHERE id = wanted AND state = 'accepted';
    IF NOT FOUND THEN
        RETURN false;
    ELSIF handoff_holds(mine) THEN
        RETURN true;
    END IF;
    SELECT * INTO newest FROM escalations_handoff WHERE ticket_id = mine.ticket_id AND kind = 'region' AND state = 'accepted' AND closes_at > mine.closes_at
        ORDER BY closes_at DESC, position DESC LIMIT 1;
    RETURN FOUND AND handoff_holds(newest);
END $$;

CREATE FUNCTION handoff_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held support_ticket;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT held FROM support_ticket WHERE id = NEW.ticket_id FOR UPDATE;  -- one at a time per ticket
    IF held.state NOT IN ('open', 'waiting') THEN
        PERFORM refuse('handoff_of_an_undone_ticket', 'The ticket is done: there is nothing to hand over.');
    END IF;
    IF EXISTS (SELECT FROM escalations_handoff WHERE ticket_id = NEW.ticket_id AND state IN ('offered', 'asked')) THEN
        PERFORM refuse('one_open_handoff_per_ticket', 'A hand-off of this ticket is open already: it is accepted or taken back first.');
    END IF;
    IF NEW.kind = 'region' THEN
        IF NEW.from_region_id = NEW.to_region_id OR NOT handed_between(held, NEW.from_region_id) OR NOT handed_between(held, NEW.to_region_id) THEN
            PERFORM refuse('handoff_between_the_services_regions', 'The ticket''s service does not hand this priority over between these regions.');
        END IF;
        IF isfinite(NEW.closes_at) AND NOT region_closes(NEW.from_region_id, NEW.closes_at) THEN
            PERFORM refuse('handoff_at_a_closing', 'The region does not close at that instant: open the page again.');
        END IF;
        IF isfinite(NEW.closes_at) AND abs(extract(epoch FROM NEW.closes_at - countersign_now())) > 8 * 86400 THEN  -- as far as the product looks
            PERFORM refuse('handoff_for_a_closing_that_is_near', 'A hand-off is for the last closing or for the next one.');
        END IF;
        IF EXISTS (SELECT FROM escalations_handoff WHERE ticket_id = NEW.ticket_id AND kind = 'region' AND closes_at = NEW.closes_at AND handoff_stands(id)) THEN
            PERFORM refuse('handoff_accepted_already', 'The hand-off of this ticket was accepted already.');
        END IF;
    ELSE
        IF held.owner_id IS DISTINCT FROM NEW.from_person_id OR NEW.to_person_id = NEW.from_person_id THEN
            PERFORM refuse('handoff_of_its_owner', 'A ticket is handed from its owner to somebody else.');
        END IF;
        IF NOT EXISTS (SELECT FROM support_user WHERE id = NEW.to_person_id AND kind = 'staff' AND is_active) THEN
            PERFORM refuse('handoff_to_somebody_of_the_desk', 'A ticket is handed to somebody of the desk.');
        END IF;
    END IF;
    SELECT coalesce(max(position), 0) + 1 INTO NEW.position FROM escalations_handoff WHERE ticket_id = NEW.ticket_id;
    NEW.from_person_id := held.owner_id;
    NEW.state := 'offered';
    NEW.offered_at := countersign_now();  -- after the lock
    NEW.alarm_at := NEW.closes_at - make_interval(mins => coalesce((SELECT alarm_minutes FROM escalations_region WHERE id = NEW.from_region_id), 30));
    NEW.next_update_at := (SELECT min(due_at) FROM support_clock WHERE ticket_id = NEW.ticket_id AND subject_kind = 'ticket' AND owed_by = 'provider'
        AND state = 'running' AND kind IN ('response', 'update', 'committed'));
    NEW.cases := ARRAY(SELECT id FROM escalations_vendorcase WHERE ticket_id = NEW.ticket_id AND state <> 'closed' ORDER BY position);
    RETURN NEW;
END $$;

CREATE FUNCTION handoff_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_handoff; ticket support_ticket;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT ticket FROM support_ticket WHERE id = (SELECT ticket_id FROM escalations_handoff WHERE id = NEW.handoff_id) FOR UPDATE;
    SELECT * INTO STRICT held FROM escalations_handoff WHERE id = NEW.handoff_id FOR UPDATE;
    IF held.state NOT IN ('offered', 'asked') THEN
        PERFORM refuse('handoff_is_over', 'This hand-off is over already.');
    END IF;
    NEW.at := countersign_now();
    IF NEW.kind IN ('accepted', 'asked', 'answered') THEN
        IF ticket.state NOT IN ('open', 'waiting') THEN
            PERFORM refuse('handoff_of_an_undone_ticket', 'The ticket is done: there is nothing to hand over.');
        END IF;
        IF held.kind = 'region' AND NOT region_closes(held.from_region_id, held.closes_at) THEN
            PERFORM refuse('handoff_at_a_closing', 'Its region closes at another instant by now: take this hand-off back and write another one.');
        END IF;
        IF held.kind = 'person' AND ticket.owner_id IS DISTINCT FROM held.from_person_id AND ticket.owner_id IS DISTINCT FROM held.to_person_id THEN
            PERFORM refuse('handoff_from_its_owner', 'The ticket has another owner since: take this hand-off back.');
        END IF;
    END IF;
    IF NEW.kind IN ('accepted', 'asked') THEN
        IF held.kind = 'person' AND NEW.actor_id IS DISTINCT FROM held.to_person_id THEN
            PERFORM refuse('handoff_taken_by_whom_it_is_for', 'This hand-off is for somebody else.');
        END IF;
        IF held.kind = 'person' THEN  -- held while it is asked: one who is being deactivated waits, or is waited for
            PERFORM FROM support_user WHERE id = NEW.actor_id AND is_active AND kind = 'staff' FOR SHARE;
            IF NOT FOUND THEN
                PERFORM refuse('handoff_taken_by_somebody_of_the_desk', 'Only somebody of the desk takes a hand-off.');
            END IF;
        END IF;
        IF held.kind = 'region' AND NOT takes_over(held, NEW.actor_id, NEW.at) THEN
            PERFORM refuse('handoff_taken_on_duty', 'Only somebody who is then on the rota of the receiving region takes it.');
        END IF;
    END IF;
    CASE NEW.kind
    WHEN 'accepted', 'withdrawn' THEN
        NULL;
    WHEN 'asked' THEN
        IF held.state <> 'offered' THEN
            PERFORM refuse('handoff_asked_once_at_a_time', 'A question of before is not answered yet.');
        END IF;
    WHEN 'answered' THEN
        IF held.state <> 'asked' THEN
            PERFORM refuse('handoff_answered_when_asked', 'Nobody has asked back.');
        END IF;
    ELSE
        PERFORM refuse('handoff_step_of_a_known_kind', format('Nothing on a hand-off is called "%s".', NEW.kind));
    END CASE;
    UPDATE escalations_handoff SET state = CASE NEW.kind WHEN 'answered' THEN 'offered' ELSE NEW.kind END WHERE id = held.id;
    RETURN NEW;
END $$;

-- Never early, never for a ticket that is accepted, and by the unique keys once, however many look: of a closing, and of each
-- acceptance of it that is lost.
CREATE FUNCTION handoff_alarm_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE minutes integer; accepted bigint;
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_ticket WHERE id = NEW.ticket_id FOR UPDATE;
    SELECT coalesce((SELECT alarm_minutes FROM escalations_region WHERE id = NEW.from_region_id), 30) INTO minutes;
    NEW.fired_at := countersign_now();
    IF NEW.fired_at < NEW.closes_at - make_interval(mins => minutes) THEN
        PERFORM refuse('handoff_alarms_are_never_early', format('Managers are told %s minutes before the gap, not earlier.', minutes));
    END IF;
    IF NEW.kind = 'person' THEN
        IF NOT EXISTS (SELECT FROM escalations_handoff h JOIN support_ticket t ON t.id = h.ticket_id WHERE h.id = NEW.handoff_id AND t.id = NEW.ticket_id
                AND h.kind = 'person' AND h.closes_at = NEW.closes_at AND h.state IN ('offered', 'asked') AND t.owner_id IN (h.from_person_id, h.to_person_id)) THEN
            PERFORM refuse('handoff_alarms_for_what_nobody_took', 'It is accepted, taken back, or somebody else''s by now.');
        END IF;
        RETURN NEW;
    ELSIF NEW.kind <> 'region' THEN
        PERFORM refuse('handoff_alarms_of_a_known_kind', format('No hand-off is "%s".', NEW.kind));
    END IF;
    -- of several that were accepted, and lost, the last one counts
    SELECT id INTO accepted FROM escalations_handoff WHERE ticket_id = NEW.ticket_id AND kind = 'region' AND closes_at = NEW.closes_at AND state = 'accepted'
        ORDER BY position DESC LIMIT 1;
    IF handoff_stands(accepted) THEN
        PERFORM refuse('handoff_alarms_for_what_nobody_took', 'Somebody has accepted it.');
    ELSIF NEW.lost_id IS DISTINCT FROM accepted THEN
        PERFORM refuse('handoff_alarm_names_what_was_lost', 'An alarm names the acceptance that is lost, and no other.');
    END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION handed_between, handoff_guard, handoff_step_guard, handoff_alarm_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON escalations_handoff FOR EACH ROW EXECUTE FUNCTION handoff_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_handoffstep FOR EACH ROW EXECUTE FUNCTION handoff_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_handoffalarm FOR EACH ROW EXECUTE FUNCTION handoff_alarm_guard();
ALTER TABLE escalations_handoff ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_handoffstep ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_handoffalarm ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_handoffstep; DROP TRIGGER append_only ON escalations_handoffalarm;
DROP FUNCTION handoff_guard, handoff_step_guard, handoff_alarm_guard CASCADE; DROP FUNCTION IF EXISTS handoff_stands; DROP FUNCTION IF EXISTS handoff_holds; DROP FUNCTION IF EXISTS region_closes; DROP FUNCTION IF EXISTS takes_over; DROP FUNCTION IF EXISTS hours_of_region; DROP FUNCTION handed_between;
GRANT UPDATE, DELETE ON escalations_handoff TO countersign_app;
