-- An outage keeps what it was declared with; how it stands follows from its steps and notices, which are only ever added.
CALL make_append_only('{escalations_outagecontract,escalations_outageticket,escalations_outagestep,escalations_notice,escalations_noticerecipient}');
REVOKE UPDATE, DELETE, TRUNCATE ON escalations_outage FROM countersign_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON escalations_duenotice FROM countersign_app;
GRANT UPDATE (warned_at, told_at) ON escalations_duenotice TO countersign_app;
CREATE SEQUENCE escalations_outage_number START 1001;
REVOKE ALL ON SEQUENCE escalations_outage_number FROM countersign_app;

-- What a version promises in an outage of this priority: its cadence. Where it names none for any and yet promises availability, an
-- outage of its most urgent priority owes no notice: "{}". NULL where this is no outage.
CREATE FUNCTION outage_cadence(service bigint, wanted text) RETURNS jsonb LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(
        (SELECT c FROM jsonb_array_elements(s.data -> 'outage' -> 'cadence') c WHERE c ->> 'priority' = wanted LIMIT 1),
        CASE WHEN s.data -> 'outage' IS NULL
            AND EXISTS (SELECT FROM jsonb_array_elements(s.data -> 'objectives') o WHERE o ->> 'measure' = 'availability')
            AND EXISTS (SELECT FROM jsonb_array_elements(s.data -> 'priorities') p WHERE p ->> 'code' = wanted AND (p ->> 'rank')::int = 1)
            THEN '{}'::jsonb END)
    FROM support_serviceversion s WHERE s.id = service AND s.kind = 'support'
$$;

CREATE FUNCTION outage_audience(wanted bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM support_contact c JOIN support_customer u ON u.id = c.customer_id
    WHERE c.active AND c.nominated_for_outages AND u.active
        AND u.id IN (SELECT k.holder_id FROM escalations_outagecontract o JOIN support_contract k ON k.id = o.contract_id WHERE o.outage_id = wanted)
$$;

-- Every customer whom it hits has left: nobody can be told that it is over.
CREATE FUNCTION outage_of_nobody(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM escalations_outagecontract o JOIN support_contract k ON k.id = o.contract_id JOIN support_customer u ON u.id = k.holder_id
        WHERE o.outage_id = wanted AND u.active)
$$;

CREATE FUNCTION outage_of_the_desk(kind text, person bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF kind <> 'staff' OR NOT EXISTS (SELECT FROM support_user u WHERE u.id = person AND u.kind = 'staff' AND u.is_active) THEN
        PERFORM refuse('outages_are_the_providers', 'Only people of the desk declare outages and write to their audience.');
    END IF;
END $$;

-- Two machines' clocks differ by moments: what is said to be of just now is now.
CREATE FUNCTION outage_instant(said timestamptz, now timestamptz) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF said > now + interval '1 minute' THEN
        PERFORM refuse('outage_time_is_past', 'That is still to come: write a time that is past.');
    END IF;
    RETURN least(said, now);
END $$;

CREATE FUNCTION outage_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM outage_of_the_desk(NEW.actor_kind, NEW.actor_id);
    IF outage_cadence(NEW.service_id, NEW.priority) IS NULL THEN
        PERFORM refuse('outage_of_the_services_priorities', format('Under this service "%s" is no priority of an outage.', NEW.priority));
    END IF;
    IF NOT EXISTS (SELECT FROM support_serviceversion s, jsonb_array_elements(s.data -> 'priorities') p
            WHERE s.id = NEW.service_id AND p ->> 'code' = NEW.priority AND coalesce(p -> 'declared_by', '["provider"]') ? 'provider') THEN
        PERFORM refuse('outage_declared_by_who_may', format('Only the customer says that it is "%s".', NEW.priority));
    END IF;
    NEW.number := 'OUT-' || to_char(nextval('escalations_outage_number'), 'FM9999999990000');
    NEW.declared_at := countersign_now();
    NEW.began_at := outage_instant(NEW.began_at, NEW.declared_at);
    NEW.state := 'open';
    NEW.ended_at := NULL;
    RETURN NEW;
END $$;

-- The next notice that is owed: so long after `base`; the desk is warned when a quarter of the time is left.
CREATE FUNCTION notice_owed(wanted bigint, base timestamptz, span text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF span IS NOT NULL THEN
        INSERT INTO escalations_duenotice (outage_id, position, warn_at, due_at)
            SELECT wanted, coalesce(max(position), 0) + 1, base + least_time(span) * 3 / 4, base + least_time(span) FROM escalations_duenotice WHERE outage_id = wanted;
    END IF;
END $$;

CREATE FUNCTION outage_owes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM notice_owed(NEW.id, NEW.declared_at, outage_cadence(NEW.service_id, NEW.priority) ->> 'first');
    RETURN NULL;
END $$;

CREATE FUNCTION outage_hits_somebody() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM escalations_outagecontract WHERE outage_id = NEW.id) THEN
        PERFORM refuse('outage_hits_a_contract', 'Choose at least one contract that it hits.');
    END IF;
    RETURN NULL;
END $$;

-- Every row of an outage is written while the outage is held, as it then stands.
CREATE FUNCTION outage_held(wanted bigint, kind text, person bigint) RETURNS escalations_outage LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_outage;
BEGIN
    PERFORM must_read_committed();
    PERFORM outage_of_the_desk(kind, person);
    SELECT * INTO STRICT held FROM escalations_outage WHERE id = wanted FOR UPDATE;
    IF held.state = 'closed' THEN
        PERFORM refuse('outage_is_closed', format('%s is closed: its resolution notification has gone out.', held.number));
    END IF;
    RETURN held;
END $$;

CREATE FUNCTION outage_contract_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_outage; hit support_contract; today date;
BEGIN
    PERFORM must_read_committed();
    held := outage_held(NEW.outage_id, NEW.actor_kind, NEW.actor_id);
    SELECT * INTO STRICT hit FROM support_contract WHERE id = NEW.contract_id FOR KEY SHARE;  -- it keeps its holder from now on
    IF (SELECT code FROM support_serviceversion WHERE id = hit.support_service_id) IS DISTINCT FROM (SELECT code FROM support_serviceversion WHERE id = held.service_id)
        OR outage_cadence(hit.support_service_id, held.priority) IS NULL THEN
        PERFORM refuse('outage_hits_contracts_of_its_service', format('Contract %s does not have this priority of this service.', hit.number));
    END IF;
    IF held.product_id IS NOT NULL AND NOT EXISTS (SELECT FROM support_contractline WHERE contract_id = hit.id AND product_id = held.product_id) THEN
        PERFORM refuse('outage_hits_contracts_of_its_product', format('Contract %s does not cover this product.', hit.number));
    END IF;
    SELECT (held.declared_at AT TIME ZONE u.time_zone)::date INTO today FROM support_customer u WHERE u.id = hit.holder_id;
    IF today < hit.starts_on OR today > hit.ends_on THEN
        PERFORM refuse('outage_hits_contracts_in_force', format('Contract %s is not in force.', hit.number));
    END IF;
    NEW.at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION outage_ticket_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_outage;
BEGIN
    PERFORM must_read_committed();
    held := outage_held(NEW.outage_id, NEW.actor_kind, NEW.actor_id);
    IF NOT EXISTS (SELECT FROM support_ticket t JOIN support_contract k ON k.holder_id = t.customer_id
            JOIN escalations_outagecontract o ON o.contract_id = k.id WHERE t.id = NEW.ticket_id AND o.outage_id = held.id) THEN
        PERFORM refuse('outage_is_behind_tickets_of_its_customers', 'This ticket is of a customer whom the outage does not hit.');
    END IF;
    NEW.at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION outage_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_outage; seen_down timestamptz;
BEGIN
    PERFORM must_read_committed();
    held := outage_held(NEW.outage_id, NEW.actor_kind, NEW.actor_id);
    NEW.at := countersign_now();
    IF NEW.kind = 'bridge' THEN RETURN NEW;
    ELSIF NEW.kind NOT IN ('resolved', 'unresolved', 'validated') THEN
        PERFORM refuse('outage_step_of_a_known_kind', format('Nothing on an outage is called "%s".', NEW.kind));
    ELSIF (held.state, NEW.kind) NOT IN (('open', 'resolved'), ('resolved', 'unresolved'), ('resolved', 'validated')) THEN
        PERFORM refuse('outage_step_by_step', format('%s is %s: it is resolved first, then validated, then told.', held.number, held.state));
    ELSIF NEW.kind = 'resolved' THEN
        NEW.ended_at := outage_instant(NEW.ended_at, NEW.at);
        IF NEW.ended_at < held.began_at THEN
            PERFORM refuse('outage_ends_after_it_began', 'That was before it began: write a later time.');
        END IF;
        SELECT max(at) INTO seen_down FROM escalations_outagestep WHERE outage_id = held.id AND kind = 'unresolved';
        IF NEW.ended_at < date_trunc('minute', seen_down) THEN
            PERFORM refuse('outage_ends_after_it_was_seen_down', 'After that somebody noted that it was not over: write a later time.');
        END IF;
        NEW.ended_at := greatest(NEW.ended_at, seen_down);  -- people write minutes
    END IF;
    UPDATE escalations_outage SET state = CASE NEW.kind WHEN 'unresolved' THEN 'open' ELSE NEW.kind END,
        ended_at = CASE NEW.kind WHEN 'resolved' THEN NEW.ended_at WHEN 'validated' THEN ended_at END WHERE id = held.id;
    RETURN NEW;
END $$;

-- A notice answers the one that is owed. It is the first one sent, an update, or after the validation the resolution notification.
CREATE FUNCTION notice_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_outage; owed escalations_duenotice; meant bigint := NEW.due_id;
BEGIN
    PERFORM must_read_committed();
    held := outage_held(NEW.outage_id, NEW.actor_kind, NEW.actor_id);
    SELECT d.* INTO owed FROM escalations_duenotice d WHERE d.outage_id = held.id AND NOT EXISTS (SELECT FROM escalations_notice n WHERE n.due_id = d.id)
        ORDER BY d.position LIMIT 1 FOR UPDATE;
    NEW.due_id := owed.id;
    NEW.at := countersign_now();
    SELECT coalesce(max(position), 0) + 1 INTO NEW.position FROM escalations_notice WHERE outage_id = held.id;
    NEW.kind := CASE WHEN held.state = 'validated' THEN 'resolution'
        WHEN EXISTS (SELECT FROM escalations_notice WHERE outage_id = held.id AND what = 'sent') THEN 'update' ELSE 'first' END;
    NEW.recipients := 0;
    IF NEW.what = 'sent' THEN
        IF NEW.expected_at <= NEW.at THEN
            PERFORM refuse('notice_expects_what_is_to_come', 'That is past already: write an instant that is still to come, or none.');
        END IF;
        SELECT count(*) INTO NEW.recipients FROM outage_audience(held.id);
        IF NEW.recipients = 0 THEN
            PERFORM refuse('notice_is_told_to_somebody', 'Nobody of these customers is nominated for outages: nominate a contact first.');
        END IF;
    ELSIF NEW.kind = 'resolution' THEN
        PERFORM FROM support_customer u JOIN support_contract k ON k.holder_id = u.id JOIN escalations_outagecontract o ON o.contract_id = k.id
            WHERE o.outage_id = held.id ORDER BY u.id FOR SHARE OF u;
        IF meant IS NOT NULL OR NOT outage_of_nobody(held.id) THEN
            PERFORM refuse('resolution_is_told', 'The resolution notification is not skipped: send it.');
        ELSIF NOT is_a_manager(NEW.actor_kind, NEW.actor_id) THEN
            PERFORM refuse('untold_end_is_a_managers', 'Only a support manager closes an outage of which nobody is told any more.');
        END IF;
    ELSIF owed.id IS NULL THEN
        PERFORM refuse('only_what_is_owed_is_skipped', 'No notice is due: there is none to skip.');
    ELSIF meant IS DISTINCT FROM owed.id THEN
        PERFORM refuse('skipped_as_it_was_meant', 'The notice that you would skip has been sent or skipped by now.');
    ELSIF NEW.at < owed.warn_at THEN
        PERFORM refuse('skipped_when_it_is_soon_due', 'The next notice is not due soon: one is skipped when the desk is warned of it, not before.');
    END IF;
    RETURN NEW;
END $$;

-- Silence is not made longer by skipping: the next one is due an interval after the skipped one was.
CREATE FUNCTION notice_leads_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_outage; base timestamptz := NEW.at;
BEGIN
    PERFORM must_read_committed();
    IF NEW.kind = 'resolution' THEN
        UPDATE escalations_outage SET state = 'closed' WHERE id = NEW.outage_id;
        RETURN NULL;
    END IF;
    SELECT * INTO STRICT held FROM escalations_outage WHERE id = NEW.outage_id;
    IF NEW.what = 'skipped' THEN
        SELECT due_at INTO base FROM escalations_duenotice WHERE id = NEW.due_id;
    END IF;
    PERFORM notice_owed(held.id, base, outage_cadence(held.service_id, held.priority) ->> 'every');
    RETURN NULL;
END $$;

CREATE FUNCTION notice_reaches_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.recipients <> (SELECT count(*) FROM escalations_noticerecipient WHERE notice_id = NEW.id) THEN
        PERFORM refuse('notice_reaches_its_audience', 'The audience has changed this moment: send the notice again.');
    END IF;
    RETURN NULL;
END $$;

-- Asked once for all that a statement adds: two thousand at a time. Later than with its notice nobody is added, for then they are all there.
CREATE FUNCTION recipients_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE odd record;
BEGIN
    PERFORM must_read_committed();
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM escalations_notice n WHERE n.id = a.notice_id)) THEN
        PERFORM refuse('only_the_audience_is_told', 'There is no such notice.');
    END IF;
    FOR odd IN SELECT DISTINCT n.id, n.outage_id, n.recipients FROM added a JOIN escalations_notice n ON n.id = a.notice_id LOOP
        IF EXISTS (SELECT FROM added a WHERE a.notice_id = odd.id AND a.contact_id NOT IN (SELECT outage_audience(odd.outage_id))) THEN
            PERFORM refuse('only_the_audience_is_told', 'A notice goes to active contacts of affected customers who are nominated for outages, and to nobody else.');
        END IF;
        IF odd.recipients < (SELECT count(*) FROM escalations_noticerecipient WHERE notice_id = odd.id) THEN
            PERFORM refuse('notice_reaches_its_audience', 'Nobody is added to a notice that has gone out.');
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM support_contact c JOIN support_mail m ON m.id = a.mail_id
            WHERE c.id = a.contact_id AND m.key = format('notice:%s:%s', a.notice_id, a.contact_id) AND m."to"::text[] = ARRAY[c.email::text])) THEN
        PERFORM refuse('a_recipient_has_his_own_mail', 'Each recipient has the mail of this notice that goes to him alone.');
    END IF;
    RETURN NULL;
END $$;

-- The desk is told once, never early.
CREATE FUNCTION due_notice_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE now timestamptz := countersign_now();
BEGIN
    IF NEW.warned_at IS DISTINCT FROM OLD.warned_at THEN
        IF OLD.warned_at IS NOT NULL OR now < OLD.warn_at THEN
            PERFORM refuse('warned_once_and_in_time', 'The desk is warned once, and not before its time.');
        END IF;
        NEW.warned_at := now;
    END IF;
    IF NEW.told_at IS DISTINCT FROM OLD.told_at THEN
        IF OLD.told_at IS NOT NULL OR now < OLD.due_at THEN
            PERFORM refuse('told_once_and_in_time', 'The desk is told once, and not before its time.');
        END IF;
        NEW.told_at := now;
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION outage_cadence, outage_audience, outage_of_nobody, outage_of_the_desk, outage_instant, outage_guard, notice_owed, outage_owes, outage_hits_somebody,
    outage_held, outage_contract_guard, outage_ticket_guard, outage_step_guard, notice_guard, notice_leads_on, notice_reaches_all, recipients_guard, due_notice_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON escalations_outage FOR EACH ROW EXECUTE FUNCTION outage_guard();
CREATE TRIGGER owes AFTER INSERT ON escalations_outage FOR EACH ROW EXECUTE FUNCTION outage_owes();
CREATE CONSTRAINT TRIGGER hits AFTER INSERT ON escalations_outage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION outage_hits_somebody();
CREATE TRIGGER guard BEFORE INSERT ON escalations_outagecontract FOR EACH ROW EXECUTE FUNCTION outage_contract_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_outageticket FOR EACH ROW EXECUTE FUNCTION outage_ticket_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_outagestep FOR EACH ROW EXECUTE FUNCTION outage_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_notice FOR EACH ROW EXECUTE FUNCTION notice_guard();
CREATE TRIGGER leads AFTER INSERT ON escalations_notice FOR EACH ROW EXECUTE FUNCTION notice_leads_on();
CREATE CONSTRAINT TRIGGER reaches AFTER INSERT ON escalations_notice DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION notice_reaches_all();
CREATE TRIGGER guard AFTER INSERT ON escalations_noticerecipient REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION recipients_guard();
CREATE TRIGGER guard BEFORE UPDATE ON escalations_duenotice FOR EACH ROW EXECUTE FUNCTION due_notice_guard();
ALTER TABLE escalations_outage ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER owes, ENABLE ALWAYS TRIGGER hits;
ALTER TABLE escalations_outagecontract ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_outageticket ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_outagestep ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_notice ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER leads, ENABLE ALWAYS TRIGGER reaches;
ALTER TABLE escalations_noticerecipient ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_duenotice ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_outagecontract; DROP TRIGGER append_only ON escalations_outageticket; DROP TRIGGER append_only ON escalations_outagestep;
DROP TRIGGER append_only ON escalations_notice; DROP TRIGGER append_only ON escalations_noticerecipient;
DROP FUNCTION outage_guard, outage_owes, outage_hits_somebody, outage_contract_guard, outage_ticket_guard, outage_step_guard, notice_guard, notice_leads_on,
    notice_reaches_all, recipients_guard, due_notice_guard CASCADE;
DROP FUNCTION outage_held, notice_owed, outage_instant, outage_of_the_desk, outage_of_nobody, outage_audience, outage_cadence;
DROP SEQUENCE escalations_outage_number;
REVOKE UPDATE (warned_at, told_at) ON escalations_duenotice FROM countersign_app;
GRANT INSERT, UPDATE, DELETE ON escalations_duenotice TO countersign_app;
GRANT UPDATE, DELETE ON escalations_outage TO countersign_app;
