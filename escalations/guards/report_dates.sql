-- Of a ticket that came back the report is dated anew, by the last end before it is issued; nothing else of a report ever changes.
DROP TRIGGER append_only ON escalations_incidentreport;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON escalations_incidentreport FOR EACH STATEMENT EXECUTE FUNCTION append_only();
GRANT UPDATE (due_at) ON escalations_incidentreport TO countersign_app;

CREATE FUNCTION report_dated_anew() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ticket support_ticket;
BEGIN
    PERFORM must_read_committed();
    NEW.ended_at := OLD.ended_at;
    IF to_jsonb(NEW) - 'due_at' <> to_jsonb(OLD) - 'due_at' THEN
        PERFORM refuse('a_report_stays_what_it_is', format('%s stays what it is: only its date moves.', OLD.number));
    END IF;
    IF EXISTS (SELECT FROM escalations_reportversion WHERE report_id = OLD.id AND state = 'issued') THEN
        PERFORM refuse('an_issued_report_keeps_its_date', format('%s has been issued: its date stays.', OLD.number));
    END IF;
    SELECT * INTO ticket FROM support_ticket WHERE id = OLD.ticket_id FOR SHARE;
    IF ticket.done_at IS NULL OR ticket.done_at <= OLD.ended_at THEN
        PERFORM refuse('report_is_dated_by_another_end', format('What %s is about has not ended anew.', OLD.number));
    END IF;
    NEW.ended_at := ticket.done_at;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION report_dated_anew FROM PUBLIC;

CREATE TRIGGER dated BEFORE UPDATE ON escalations_incidentreport FOR EACH ROW EXECUTE FUNCTION report_dated_anew();
ALTER TABLE escalations_incidentreport ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER dated;
-- reverse
DROP FUNCTION report_dated_anew CASCADE;
REVOKE UPDATE (due_at) ON escalations_incidentreport FROM countersign_app;
DROP TRIGGER append_only ON escalations_incidentreport;
CALL make_append_only('{escalations_incidentreport}');
