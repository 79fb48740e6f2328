-- A case with a vendor keeps what it was opened with; severity and state follow from its steps, which are only ever added.
CALL make_append_only('{escalations_vendorstep,escalations_vendorescalation}');
REVOKE UPDATE, DELETE, TRUNCATE ON escalations_vendorcase FROM countersign_app;
GRANT UPDATE (contact_name, contact_email, contact_phone) ON escalations_vendorcase TO countersign_app;

-- Why the desk may not open or press a case with Microsoft here: the service's own list item. NULL where it may. Under an engagement that is
-- what the service sends on to the vendor, as its ways say; elsewhere the item that was decided by.
CREATE FUNCTION vendor_case_barred(ticket bigint) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE decided billing_scopedecision; under bigint; item jsonb;
BEGIN
    SELECT * INTO decided FROM billing_scopedecision WHERE ticket_id = ticket ORDER BY id DESC LIMIT 1;
    SELECT service_id INTO under FROM billing_engagement WHERE ticket_id = ticket AND state NOT IN ('withdrawn', 'done') ORDER BY id DESC LIMIT 1;
    IF under IS NULL AND decided.scope IS DISTINCT FROM 'out' THEN
        RETURN NULL;
    END IF;
    SELECT i INTO item FROM support_serviceversion s, jsonb_array_elements(s.data -> 'scope' -> 'items') i
        WHERE s.id = coalesce(under, decided.service_id) AND i ->> 'verdict' = 'not_eligible' AND (i ->> 'code' = decided.item
            OR s.data ? 'vendor' AND i ->> 'outcome' IN (SELECT w ->> 'code' FROM jsonb_array_elements(s.data -> 'scope' -> 'outcomes') w WHERE w ->> 'closes' = 'redirected'))
        ORDER BY (i ->> 'code' IS NOT DISTINCT FROM decided.item) = (under IS NULL) DESC, i ->> 'code' LIMIT 1;
    RETURN coalesce(item ->> 'text', 'Work outside the contract');
END $$;

CREATE FUNCTION vendor_case_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held support_ticket; named text; why text;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT held FROM support_ticket WHERE id = NEW.ticket_id FOR UPDATE;  -- one at a time per ticket, after any decision in the air
    IF held.state NOT IN ('open', 'waiting') THEN
        PERFORM refuse('vendor_case_of_an_undone_ticket', 'The ticket is done: reopen it before a case is opened on it.');
    END IF;
    IF NEW.party = 'microsoft' THEN
        why := vendor_case_barred(NEW.ticket_id);
        IF why IS NOT NULL THEN
            PERFORM refuse('no_microsoft_case_out_of_scope', format('The desk opens no Microsoft case on this ticket. Not eligible: "%s".', why));
        END IF;
        SELECT data -> 'vendor' ->> 'service' INTO named FROM support_serviceversion WHERE id = held.service_id;
    END IF;
    IF coalesce(named, '') <> coalesce((SELECT code FROM support_serviceversion WHERE id = NEW.service_id), '') THEN
        PERFORM refuse('vendor_case_under_its_definition', format('The ticket''s service names "%s" for the vendor''s clocks.', coalesce(named, '')));
    END IF;
    PERFORM vendor_severity_known(NEW.service_id, NEW.severity);
    IF NEW.wait_id IS NOT NULL AND NOT EXISTS (SELECT FROM support_wait WHERE id = NEW.wait_id AND ticket_id = NEW.ticket_id AND reason = 'vendor' AND ended_at IS NULL) THEN
        PERFORM refuse('vendor_case_of_the_tickets_wait', 'This is no open wait of the ticket for a vendor.');
    END IF;
    SELECT coalesce(max(position), 0) + 1 INTO NEW.position FROM escalations_vendorcase WHERE ticket_id = NEW.ticket_id;
    NEW.state := 'open';
    NEW.recorded_at := countersign_now();  -- after the lock
    NEW.opened_at := vendor_claim(NEW.opened_at, NEW.recorded_at);
    RETURN NEW;
END $$;

CREATE FUNCTION vendor_severity_known(service bigint, wanted text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF service IS NOT NULL AND NOT EXISTS (
            SELECT FROM support_serviceversion s, jsonb_array_elements(s.data -> 'priorities') p WHERE s.id = service AND p ->> 'code' = wanted) THEN
        PERFORM refuse('vendor_severity_of_its_definition', format('The vendor''s definition has no severity "%s".', wanted));
    END IF;
END $$;

-- Two machines' clocks differ by moments: what was claimed for just now is now. Anything later is no claim.
CREATE FUNCTION vendor_claim(claimed timestamptz, now timestamptz) RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF claimed > now + interval '1 minute' THEN
        PERFORM refuse('vendor_time_is_past', 'What is claimed has happened: write a time that is past.');
    END IF;
    RETURN least(claimed, now);
END $$;

-- Held by every step and escalation of a case: its ticket first, as every verb does, then the case as it then stands.
CREATE FUNCTION vendor_case_held(wanted bigint) RETURNS escalations_vendorcase LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_vendorcase;
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_ticket WHERE id = (SELECT ticket_id FROM escalations_vendorcase WHERE id = wanted) FOR UPDATE;
    SELECT * INTO STRICT held FROM escalations_vendorcase WHERE id = wanted FOR UPDATE;
    IF held.state = 'closed' THEN
        PERFORM refuse('vendor_case_is_closed', 'This case is closed: open another one.');
    END IF;
    RETURN held;
END $$;

CREATE FUNCTION vendor_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_vendorcase;
BEGIN
    PERFORM must_read_committed();
    held := vendor_case_held(NEW.case_id);
    NEW.at := countersign_now();
    NEW.claimed_at := vendor_claim(NEW.claimed_at, NEW.at);
    IF NEW.claimed_at < held.opened_at THEN
        PERFORM refuse('vendor_step_after_the_opening', 'That was before the case was opened: write a later time.');
    END IF;
    CASE NEW.kind
    WHEN 'answered' THEN
        IF held.state <> 'open' THEN
            PERFORM refuse('vendor_answers_first_once', 'The first answer stands already: write this as a word of the vendor''s.');
        END IF;
        UPDATE escalations_vendorcase SET state = 'answered' WHERE id = held.id;
    WHEN 'severity' THEN
        IF held.service_id IS NULL OR NEW.severity = held.severity THEN
            PERFORM refuse('vendor_severity_is_another', 'That is not another severity of this case.');
        END IF;
        PERFORM vendor_severity_known(held.service_id, NEW.severity);
        UPDATE escalations_vendorcase SET severity = NEW.severity WHERE id = held.id;
    WHEN 'dispatched' THEN
        IF EXISTS (SELECT FROM escalations_vendorstep WHERE case_id = held.id AND kind = 'dispatched') THEN
            PERFORM refuse('vendor_is_on_site_once', 'That somebody is on site stands already.');
        END IF;
    WHEN 'closed' THEN
        UPDATE escalations_vendorcase SET state = 'closed' WHERE id = held.id;
    WHEN 'asked', 'noted', 'contact' THEN
        NULL;
    ELSE
        PERFORM refuse('vendor_step_of_a_known_kind', format('Nothing on a case is called "%s".', NEW.kind));
    END CASE;
    RETURN NEW;
END $$;

-- Escalated only because of a target that the vendor missed himself, and never where the case may not be pressed.
CREATE FUNCTION vendor_escalation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_vendorcase; missed support_clock; why text;
BEGIN
    PERFORM must_read_committed();
    held := vendor_case_held(NEW.case_id);
    NEW.at := countersign_now();
    SELECT * INTO missed FROM support_clock WHERE ticket_id = held.ticket_id AND key = NEW.clock AND subject_kind = 'case' AND subject_id = held.id
        AND owed_by = 'vendor' AND attributed_to <> 'reclassification' AND (verdict = 'missed' OR verdict = 'pending' AND state = 'running' AND due_at < NEW.at);
    IF missed.id IS NULL THEN
        PERFORM refuse('vendor_escalated_after_a_miss', 'The vendor has missed no target of this case: it is not escalated with him.');
    END IF;
    IF held.party = 'microsoft' THEN
        why := vendor_case_barred(held.ticket_id);
        IF why IS NOT NULL THEN
            PERFORM refuse('no_microsoft_case_out_of_scope', format('The desk presses no Microsoft case on this ticket. Not eligible: "%s".', why));
        END IF;
    END IF;
    NEW.kind := missed.kind;
    NEW.severity := missed.priority;
    RETURN NEW;
END $$;
-- A decision and an engagement hold their ticket until they are committed, so that a case that is opened meanwhile waits for them:
-- their foreign keys are deferred, and would hold it only then.
CREATE FUNCTION ticket_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_ticket WHERE id = NEW.ticket_id FOR NO KEY UPDATE;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION ticket_held, vendor_case_guard, vendor_step_guard, vendor_escalation_guard, vendor_case_held, vendor_claim, vendor_severity_known, vendor_case_barred FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vendor_case_barred TO countersign_app;  -- pages say beforehand what would be refused

CREATE TRIGGER guard BEFORE INSERT ON escalations_vendorcase FOR EACH ROW EXECUTE FUNCTION vendor_case_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_vendorstep FOR EACH ROW EXECUTE FUNCTION vendor_step_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_vendorescalation FOR EACH ROW EXECUTE FUNCTION vendor_escalation_guard();
CREATE TRIGGER ticket BEFORE INSERT ON billing_scopedecision FOR EACH ROW EXECUTE FUNCTION ticket_held();
CREATE TRIGGER ticket BEFORE INSERT ON billing_engagement FOR EACH ROW EXECUTE FUNCTION ticket_held();
ALTER TABLE billing_scopedecision ENABLE ALWAYS TRIGGER ticket;
ALTER TABLE billing_engagement ENABLE ALWAYS TRIGGER ticket;
ALTER TABLE escalations_vendorcase ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_vendorstep ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_vendorescalation ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_vendorstep; DROP TRIGGER append_only ON escalations_vendorescalation;
DROP FUNCTION ticket_held, vendor_case_guard, vendor_step_guard, vendor_escalation_guard CASCADE;
DROP FUNCTION vendor_case_held, vendor_claim, vendor_severity_known, vendor_case_barred;
REVOKE UPDATE (contact_name, contact_email, contact_phone) ON escalations_vendorcase FROM countersign_app;
GRANT UPDATE, DELETE ON escalations_vendorcase TO countersign_app;
