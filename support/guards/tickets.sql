-- What happened stays: events and messages are only ever added, in order and without gaps.
CALL make_append_only('{support_event,support_message}');
REVOKE DELETE, TRUNCATE ON support_ticket, support_wait FROM countersign_app;

CREATE FUNCTION event_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE last support_event;
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_ticket WHERE id = NEW.ticket_id FOR UPDATE;  -- one writer at a time per ticket
    SELECT * INTO last FROM support_event WHERE ticket_id = NEW.ticket_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> coalesce(last.seq, 0) + 1 THEN
        PERFORM refuse('events_follow_each_other', format('Event %s does not follow %s.', NEW.seq, coalesce(last.seq, 0)));
    END IF;
    IF NEW.at < last.at AND NEW.source <> 'import' THEN
        PERFORM refuse('events_go_forward', 'An event is never before the one that precedes it.');
    END IF;
    NEW.recorded_at := countersign_now();
    RETURN NEW;
END $$;

-- A ticket stays what it was opened as: whose it is, under which contract, since when.
CREATE FUNCTION ticket_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.number, NEW.customer_id, NEW.opened_at) IS DISTINCT FROM (OLD.id, OLD.number, OLD.customer_id, OLD.opened_at) THEN
        PERFORM refuse('tickets_keep_their_identity', 'A ticket keeps its number, its customer and its opening.');
    END IF;
    RETURN NEW;
END $$;

-- A ticket waits exactly when something is awaited; asked at the commit, for wait and state are written one after the other.
CREATE FUNCTION waiting_means_a_wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE ticket bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint; state text; waits boolean;
BEGIN
    PERFORM must_read_committed();
    SELECT t.state INTO state FROM support_ticket t WHERE t.id = ticket;
    waits := EXISTS (SELECT FROM support_wait w WHERE w.ticket_id = ticket AND w.ended_at IS NULL);
    IF waits <> (state = 'waiting') THEN
        PERFORM refuse('waiting_means_a_wait', format('Ticket %s is %s, and something is %s.', ticket, state, CASE WHEN waits THEN 'awaited' ELSE 'not awaited' END));
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION event_guard, ticket_guard, waiting_means_a_wait FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON support_event FOR EACH ROW EXECUTE FUNCTION event_guard();
CREATE TRIGGER guard BEFORE UPDATE ON support_ticket FOR EACH ROW EXECUTE FUNCTION ticket_guard();
CREATE CONSTRAINT TRIGGER waiting AFTER INSERT OR UPDATE OF state ON support_ticket DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION waiting_means_a_wait('id');
CREATE CONSTRAINT TRIGGER waiting AFTER INSERT OR UPDATE ON support_wait DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION waiting_means_a_wait('ticket_id');
ALTER TABLE support_event ENABLE ALWAYS TRIGGER guard;
ALTER TABLE support_ticket ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER waiting;
ALTER TABLE support_wait ENABLE ALWAYS TRIGGER waiting;
-- reverse
DROP TRIGGER append_only ON support_event; DROP TRIGGER append_only ON support_message;
DROP FUNCTION event_guard, ticket_guard, waiting_means_a_wait CASCADE;
GRANT DELETE ON support_ticket, support_wait TO countersign_app;
