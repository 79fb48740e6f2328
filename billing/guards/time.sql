-- No billable minute without an approval in force, on every path. Order of locks: month, balance, person (timer), entry.
ALTER TABLE billing_timeentry
    ADD CONSTRAINT time_is_of_its_approval FOREIGN KEY (approval_id, offer_id, engagement_id) REFERENCES billing_approval (id, offer_id, engagement_id),
    ADD CONSTRAINT one_person_once EXCLUDE USING gist (int8range(person_id, person_id, '[]') WITH &&, tstzrange(started_at, stopped_at) WITH &&)
        WHERE (superseded_by_id IS NULL AND raw_minutes > 0);  -- range types alone: the embedded server has no btree_gist

-- GDAP is asked at the start of a piece of work: a part that follows its earlier part is no start.
CREATE FUNCTION gdap_lets_begin(entry billing_timeentry) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM billing_timeentry t WHERE t.piece = entry.piece AND t.person_id = entry.person_id AND t.approval_id = entry.approval_id
                   AND t.stopped_at = entry.started_at AND t.superseded_by_id IS NULL)
        OR gdap_active((SELECT t.customer_id FROM billing_engagement e JOIN support_ticket t ON t.id = e.ticket_id WHERE e.id = entry.engagement_id),
                       (SELECT gdap_roles FROM billing_offer WHERE id = entry.offer_id), entry.started_at)
$$;

-- When it was done or withdrawn, as its history says, which every change of its state leaves; NULL while it is open.
CREATE FUNCTION engagement_ended_at(engagement bigint) RETURNS timestamptz LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT min(history_date) FROM billing_historicalengagement WHERE id = engagement AND state IN ('done', 'withdrawn')
$$;

-- A part that follows its earlier part does not begin; nor does an entry of no minutes, which cancels another.
CREATE FUNCTION begins_after_the_end(entry billing_timeentry) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT entry.raw_minutes > 0 AND entry.started_at >= coalesce(engagement_ended_at(entry.engagement_id), 'infinity')
        AND NOT EXISTS (SELECT FROM billing_timeentry t WHERE t.piece = entry.piece AND t.person_id = entry.person_id
            AND t.stopped_at = entry.started_at AND t.superseded_by_id IS NULL)
$$;

-- What a new entry under an approval must fulfil; its minutes are on the balance already, which is held.
CREATE FUNCTION billable_time_guard(entry billing_timeentry, balance billing_approvalbalance) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE decided timestamptz; offer billing_offer;
BEGIN
    SELECT decided_at INTO decided FROM billing_approval WHERE id = entry.approval_id;
    SELECT * INTO offer FROM billing_offer WHERE id = entry.offer_id;
    IF decided IS NULL OR entry.started_at < decided OR entry.stopped_at > least(balance.work_until, balance.ended_at) THEN
        PERFORM refuse('time_inside_its_approval', 'No approval was in force for all of this time.');
    END IF;
    IF entry.billed_minutes > greatest(entry.raw_minutes + offer.increment - 1, offer.minimum) THEN
        PERFORM refuse('rounded_by_less_than_an_increment', 'Rounded up by more than the increment.');
    END IF;
    IF NOT hours_are(offer.in_hours_id, entry.started_at, entry.stopped_at, entry.out_of_hours) THEN
        PERFORM refuse('hours_by_the_offers_calendar', 'This time is not out of hours, or in hours, by the calendar of the offer.');
    ELSIF entry.on_site AND offer.visits = 0 THEN
        PERFORM refuse('on_site_is_offered', 'This offer names no work on site.');
    ELSIF entry.visit AND (SELECT count(*) FROM billing_timeentry t WHERE t.approval_id = entry.approval_id AND t.visit AND t.superseded_by_id IS NULL) >= offer.visits THEN
        PERFORM refuse('visits_within_the_offer', 'The visits that were offered are used up.');
    END IF;
    IF NOT gdap_lets_begin(entry) THEN
        PERFORM refuse('gdap_active_at_start', 'GDAP was not active enough when this work began.');
    END IF;
END $$;

CREATE FUNCTION superseding_guard(before billing_timeentry, after billing_timeentry) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE billed_on text;
BEGIN
    IF before.superseded_by_id IS NULL AND after.superseded_by_id IS NOT NULL AND after.superseded_by_id <> after.id THEN
        -- Held, so that whoever issues it waits or is waited for; a draft gives the time back, and is drafted anew before it is issued.
        PERFORM FROM billing_invoice WHERE id IN (SELECT l.invoice_id FROM billing_billedentry b JOIN billing_invoiceline l ON l.id = b.line_id
            WHERE b.entry_id = after.id AND b.credited_by_id IS NULL) FOR SHARE;
        DELETE FROM billing_billedentry b USING billing_invoiceline l, billing_invoice i
            WHERE b.entry_id = after.id AND b.credited_by_id IS NULL AND l.id = b.line_id AND i.id = l.invoice_id AND i.number IS NULL;
        SELECT coalesce(i.series || '-' || lpad(i.number::text, 6, '0'), 'a draft') INTO billed_on FROM billing_billedentry b
            JOIN billing_invoiceline l ON l.id = b.line_id JOIN billing_invoice i ON i.id = l.invoice_id
            WHERE b.entry_id = after.id AND b.credited_by_id IS NULL;
        IF billed_on IS NOT NULL THEN
            PERFORM refuse('billed_time_stands', format('This time is on %s: a credit note has to free it first.', billed_on));
        END IF;
        UPDATE billing_approvalbalance SET used = used - before.billed_minutes WHERE approval_id = before.approval_id;
        before.superseded_by_id := after.superseded_by_id;
    END IF;
    IF after IS DISTINCT FROM before THEN
        PERFORM refuse('time_is_never_changed', 'Time is corrected by a new entry, never changed.');
    END IF;
END $$;

CREATE FUNCTION time_entry_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE balance billing_approvalbalance;
BEGIN
    PERFORM must_read_committed();
    IF TG_OP = 'DELETE' THEN
        PERFORM refuse('time_is_never_deleted', 'Time is corrected by a new entry, never deleted.');
    END IF;
    IF NOT hold_month(seller_of(NEW.engagement_id), NEW.started_at) THEN
        PERFORM refuse('month_is_open', format('%s is closed.', to_char(month_of(seller_of(NEW.engagement_id), NEW.started_at), 'FMMonth YYYY')));
    END IF;
    IF NEW.approval_id IS NOT NULL AND (NEW.billed_minutes > 0 OR NEW.visit) THEN
        PERFORM must_not_be_topped_up(NEW.engagement_id);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        PERFORM superseding_guard(OLD, NEW);
        RETURN NEW;
    END IF;
    IF NEW.superseded_by_id IS NOT NULL THEN
        PERFORM refuse('time_starts_live', 'A new entry is not superseded.');
    END IF;
    IF NEW.approval_id IS NOT NULL THEN
        UPDATE billing_approvalbalance SET used = used + NEW.billed_minutes WHERE approval_id = NEW.approval_id RETURNING * INTO balance;
    END IF;
    PERFORM FROM support_user WHERE id = NEW.person_id AND kind = 'staff' FOR NO KEY UPDATE;  -- a timer of his cannot start meanwhile
    IF NOT FOUND THEN
        PERFORM refuse('time_is_of_staff', 'Only people of the desk book time.');
    ELSIF EXISTS (SELECT FROM billing_timer WHERE person_id = NEW.person_id AND started_at < NEW.stopped_at) THEN
        PERFORM refuse('timer_runs_meanwhile', 'A timer runs over this time: stop it first.');
    ELSIF NEW.raw_minutes > floor(extract(epoch FROM NEW.stopped_at - NEW.started_at) / 60) + 1 THEN
        PERFORM refuse('minutes_fit_the_interval', 'More minutes than the clock went.');
    ELSIF begins_after_the_end(NEW) THEN
        PERFORM refuse('work_begins_before_the_end', 'This engagement had ended when this work began.');
    END IF;
    IF NEW.approval_id IS NOT NULL THEN
        PERFORM billable_time_guard(NEW, balance);
    END IF;
    NEW.recorded_at := countersign_now();
    IF NEW.stopped_at > NEW.recorded_at THEN  -- last, after every wait; without it a withdrawal could not stop what is booked ahead
        PERFORM refuse('time_is_past', 'Work cannot be booked ahead.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION timer_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE balance billing_approvalbalance; customer bigint; needed jsonb;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT balance FROM billing_approvalbalance WHERE approval_id = NEW.approval_id FOR SHARE;
    PERFORM FROM support_user WHERE id = NEW.person_id AND kind = 'staff' AND is_active FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM refuse('time_is_of_staff', 'Only people of the desk start a timer.');
    END IF;
    NEW.started_at := countersign_now();
    SELECT t.customer_id, o.gdap_roles INTO customer, needed FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id
        JOIN billing_engagement e ON e.id = a.engagement_id JOIN support_ticket t ON t.id = e.ticket_id WHERE a.id = NEW.approval_id;
    IF NEW.started_at >= least(balance.work_until, balance.ended_at) THEN
        PERFORM refuse('timer_needs_an_approval_in_force', 'This approval is not in force.');
    ELSIF balance.cap > 0 AND balance.used >= balance.cap THEN  -- a fixed price has no cap: nothing of it is by the hour
        PERFORM refuse('timer_needs_room', 'The approved time is used up: send a further offer.');
    ELSIF NEW.on_site AND visits_left(NEW.approval_id) < 1 THEN
        PERFORM refuse('visits_within_the_offer', 'This offer names no work on site, or its visits are used up.');
    ELSIF NOT gdap_active(customer, needed, NEW.started_at) THEN
        PERFORM refuse('gdap_active_at_start', 'GDAP is not active enough to start.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION gdap_lets_begin, billable_time_guard, superseding_guard, time_entry_guard, timer_guard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gdap_lets_begin TO countersign_app;  -- the checker asks it

CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_timeentry FOR EACH ROW EXECUTE FUNCTION time_entry_guard();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_timeentry FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER guard BEFORE INSERT ON billing_timer FOR EACH ROW EXECUTE FUNCTION timer_guard();
ALTER TABLE billing_timeentry ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE billing_timer ENABLE ALWAYS TRIGGER guard;
REVOKE UPDATE, DELETE, TRUNCATE ON billing_timeentry FROM countersign_app;
GRANT UPDATE (superseded_by_id) ON billing_timeentry TO countersign_app;
REVOKE UPDATE ON billing_timer FROM countersign_app;
CALL make_append_only('{billing_latework}');
-- reverse
DROP TRIGGER append_only ON billing_latework;
DROP TRIGGER append_only ON billing_timeentry;
DROP FUNCTION time_entry_guard, timer_guard CASCADE;
DROP FUNCTION superseding_guard; DROP FUNCTION billable_time_guard; DROP FUNCTION gdap_lets_begin;
DROP FUNCTION begins_after_the_end; DROP FUNCTION engagement_ended_at;
ALTER TABLE billing_timeentry DROP CONSTRAINT one_person_once, DROP CONSTRAINT time_is_of_its_approval;
GRANT UPDATE, DELETE ON billing_timeentry TO countersign_app; GRANT UPDATE ON billing_timer TO countersign_app;
