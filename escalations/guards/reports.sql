-- A report is owed after what its service says, is written in versions, and an issued version never changes.
CALL make_append_only('{escalations_incidentreport,escalations_reportrecipient,escalations_reportpaper}');
REVOKE UPDATE, DELETE, TRUNCATE ON escalations_reportversion, escalations_reportaction FROM countersign_app;
GRANT UPDATE (state, impact, root_cause, correction, story, recipients, issued_at, actor_kind, actor_id, actor_name) ON escalations_reportversion TO countersign_app;
GRANT DELETE ON escalations_reportaction TO countersign_app;
CREATE SEQUENCE escalations_report_number START 1001;
REVOKE ALL ON SEQUENCE escalations_report_number FROM countersign_app;

CREATE FUNCTION reported_after(service bigint, subject text, wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM support_serviceversion s, jsonb_array_elements(s.data -> 'report' -> 'after') a
        WHERE s.id = service AND a ->> 'what' = subject AND a -> 'priorities' ? wanted)
$$;

-- Whom a report is mailed to: an outage's audience, and whoever raised a ticket that it speaks for; of a ticket the customer's contacts nominated
-- for outages, and whoever of them raised it.
CREATE FUNCTION report_audience(wanted bigint) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT outage_audience(outage_id) FROM escalations_incidentreport WHERE id = wanted AND outage_id IS NOT NULL
    UNION
    SELECT c.id FROM escalations_incidentreport r JOIN escalations_outageticket l ON l.outage_id = r.outage_id JOIN support_ticket t ON t.id = l.ticket_id
        JOIN support_contact c ON c.id = t.raised_by_id AND c.customer_id = t.customer_id JOIN support_customer u ON u.id = c.customer_id
    WHERE r.id = wanted AND c.active AND u.active
    UNION
    SELECT c.id FROM escalations_incidentreport r JOIN support_ticket t ON t.id = r.ticket_id
        JOIN support_contact c ON c.customer_id = t.customer_id JOIN support_customer u ON u.id = c.customer_id
    WHERE r.id = wanted AND c.active AND u.active AND (c.nominated_for_outages OR c.id = t.raised_by_id)
$$;

CREATE FUNCTION incident_report_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE outage escalations_outage; ticket support_ticket;
BEGIN
    PERFORM must_read_committed();
    IF NEW.outage_id IS NOT NULL THEN
        SELECT * INTO STRICT outage FROM escalations_outage WHERE id = NEW.outage_id FOR SHARE;
        IF NOT reported_after(outage.service_id, 'outage', outage.priority) THEN
            PERFORM refuse('report_as_the_service_says', format('Its service asks for no report after %s.', outage.number));
        END IF;
        IF outage.state <> 'closed' THEN
            PERFORM refuse('report_follows_the_end', format('%s goes on: its report follows the end.', outage.number));
        END IF;
        SELECT at INTO STRICT NEW.ended_at FROM escalations_notice WHERE outage_id = outage.id AND kind = 'resolution';
    ELSIF NEW.ticket_id IS NOT NULL THEN
        SELECT * INTO STRICT ticket FROM support_ticket WHERE id = NEW.ticket_id FOR SHARE;
        IF NOT reported_after(ticket.service_id, 'ticket', ticket.priority) THEN
            PERFORM refuse('report_as_the_service_says', format('Its service asks for no report after %s.', ticket.number));
        END IF;
        IF ticket.outcome NOT IN ('resolved', 'restored', 'workaround') THEN
            PERFORM refuse('report_follows_the_end', format('%s has not been solved: a report follows the end.', ticket.number));
        END IF;
        IF EXISTS (SELECT FROM escalations_outageticket l JOIN escalations_outage o ON o.id = l.outage_id
                WHERE l.ticket_id = ticket.id AND reported_after(o.service_id, 'outage', o.priority)) THEN
            PERFORM refuse('one_report_of_one_incident', format('An outage is behind %s: the report is the outage''s.', ticket.number));
        END IF;
        NEW.ended_at := ticket.done_at;
    END IF;
    NEW.number := 'MIR-' || to_char(nextval('escalations_report_number'), 'FM9999999990000');
    NEW.at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION report_version_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_incidentreport;
BEGIN
    PERFORM must_read_committed();
    IF NEW.actor_kind <> 'staff' OR NOT EXISTS (SELECT FROM support_user u WHERE u.id = NEW.actor_id AND u.kind = 'staff' AND u.is_active) THEN
        PERFORM refuse('reports_are_the_providers', 'Only people of the desk write reports.');
    END IF;
    SELECT * INTO STRICT held FROM escalations_incidentreport WHERE id = NEW.report_id FOR UPDATE;
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM escalations_reportversion WHERE report_id = held.id AND state = 'draft') THEN
            PERFORM refuse('one_draft_of_a_report', format('A draft of %s is there already.', held.number));
        END IF;
        SELECT coalesce(max(position), 0) + 1 INTO NEW.position FROM escalations_reportversion WHERE report_id = held.id;
        NEW.state := 'draft'; NEW.recipients := 0; NEW.issued_at := NULL; NEW.begun_at := countersign_now();
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' THEN
        PERFORM refuse('an_issued_report_never_changes', format('%s has been issued: a correction is a new version.', held.number));
    END IF;
    IF NEW.state = 'draft' THEN
        NEW.recipients := 0; NEW.issued_at := NULL;
        RETURN NEW;
    END IF;
    IF NOT is_a_manager(NEW.actor_kind, NEW.actor_id) THEN
        PERFORM refuse('reports_are_issued_by_managers', 'Only a support manager issues a report.');
    END IF;
    IF EXISTS (SELECT FROM support_ticket WHERE id = held.ticket_id AND state IN ('open', 'waiting')) THEN
        PERFORM refuse('report_follows_the_end', format('The ticket of %s is open again: a report follows the end.', held.number));
    END IF;
    IF NOT EXISTS (SELECT FROM escalations_reportversion WHERE report_id = held.id AND state = 'issued')
            AND EXISTS (SELECT FROM support_ticket WHERE id = held.ticket_id AND done_at > held.ended_at) THEN
        PERFORM refuse('report_follows_the_last_end', format('The ticket of %s came back and has ended anew: open the report again.', held.number));
    END IF;
    SELECT count(*) INTO NEW.recipients FROM report_audience(held.id);
    NEW.issued_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION report_reaches_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.state = 'issued' AND NEW.recipients <> (SELECT count(*) FROM escalations_reportrecipient WHERE version_id = NEW.id) THEN
        PERFORM refuse('report_reaches_its_audience', 'Those who are told have changed this moment: issue it again.');
    END IF;
    RETURN NULL;
END $$;

-- Held with its version: what is added while that is issued waits, and finds it issued.
CREATE FUNCTION report_action_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wanted bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.version_id ELSE NEW.version_id END; standing text; who support_user;
BEGIN
    PERFORM must_read_committed();
    SELECT state INTO STRICT standing FROM escalations_reportversion WHERE id = wanted FOR UPDATE;
    IF standing <> 'draft' THEN
        PERFORM refuse('an_issued_report_never_changes', 'This report has been issued: a correction is a new version.');
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT * INTO who FROM support_user WHERE id = NEW.owner_id AND kind = 'staff' AND is_active;
    IF NOT FOUND THEN
        PERFORM refuse('an_actions_owner_is_of_the_desk', 'An action is owned by somebody of the desk.');
    END IF;
    NEW.owner_name := who.name;
    SELECT coalesce(max(position), 0) + 1 INTO NEW.position FROM escalations_reportaction WHERE version_id = wanted;
    RETURN NEW;
END $$;

CREATE FUNCTION report_recipient_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_reportversion;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT held FROM escalations_reportversion WHERE id = NEW.version_id FOR UPDATE;
    IF held.state <> 'issued' OR NEW.contact_id NOT IN (SELECT report_audience(held.report_id)) THEN
        PERFORM refuse('only_the_audience_is_given_it', 'An issued report goes to those who are told of it, and to nobody else.');
    END IF;
    IF (SELECT count(*) FROM escalations_reportrecipient WHERE version_id = held.id) >= held.recipients THEN
        PERFORM refuse('report_reaches_its_audience', 'Nobody is added to a report that has gone out.');
    END IF;
    IF NOT EXISTS (SELECT FROM support_mail m JOIN support_contact c ON c.id = NEW.contact_id
            WHERE m.id = NEW.mail_id AND m.key = format('report:%s:%s', held.id, c.id) AND m."to"::text[] = ARRAY[c.email::text]) THEN
        PERFORM refuse('a_recipient_has_his_own_mail', 'Each recipient has the mail of this report that goes to him alone.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION report_paper_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM escalations_reportversion WHERE id = NEW.version_id AND state = 'issued') THEN
        PERFORM refuse('only_issued_reports_leave', 'Only an issued report has a paper.');
    END IF;
    IF NOT EXISTS (SELECT FROM support_file WHERE id = NEW.file_id AND customer_id = NEW.customer_id AND sha256 = encode(NEW.sha256, 'hex')) THEN
        PERFORM refuse('paper_is_its_file', 'A paper names the file that was made, with its hash.');
    END IF;
    NEW.made_at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION reported_after, report_audience, incident_report_guard, report_version_guard, report_reaches_all, report_action_guard,
    report_recipient_guard, report_paper_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON escalations_incidentreport FOR EACH ROW EXECUTE FUNCTION incident_report_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON escalations_reportversion FOR EACH ROW EXECUTE FUNCTION report_version_guard();
CREATE CONSTRAINT TRIGGER reaches AFTER UPDATE ON escalations_reportversion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION report_reaches_all();
CREATE TRIGGER guard BEFORE INSERT OR DELETE ON escalations_reportaction FOR EACH ROW EXECUTE FUNCTION report_action_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_reportrecipient FOR EACH ROW EXECUTE FUNCTION report_recipient_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_reportpaper FOR EACH ROW EXECUTE FUNCTION report_paper_guard();
ALTER TABLE escalations_incidentreport ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_reportversion ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER reaches;
ALTER TABLE escalations_reportaction ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_reportrecipient ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_reportpaper ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_incidentreport; DROP TRIGGER append_only ON escalations_reportrecipient; DROP TRIGGER append_only ON escalations_reportpaper;
DROP FUNCTION incident_report_guard, report_version_guard, report_reaches_all, report_action_guard, report_recipient_guard, report_paper_guard CASCADE;
DROP FUNCTION report_audience, reported_after;
DROP SEQUENCE escalations_report_number;
GRANT UPDATE, DELETE ON escalations_reportversion, escalations_reportaction TO countersign_app;
