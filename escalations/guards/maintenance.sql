-- A window is announced to everybody whom it concerns as it is, and never changed: it is withdrawn, or another takes its place.
CALL make_append_only('{escalations_maintenancewindow,escalations_maintenancecontract,escalations_maintenancenotice,escalations_maintenancerecipient,escalations_maintenancestop}');
CREATE SEQUENCE escalations_maintenance_number START 1001;
REVOKE ALL ON SEQUENCE escalations_maintenance_number FROM countersign_app;

CREATE FUNCTION maintenance_of_the_desk(kind text, person bigint, late boolean) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF kind <> 'staff' OR NOT EXISTS (SELECT FROM support_user u WHERE u.id = person AND u.kind = 'staff' AND u.is_active) THEN
        PERFORM refuse('maintenance_is_the_providers', 'Only people of the desk announce maintenance and call it off.');
    END IF;
    IF late AND NOT EXISTS (SELECT FROM support_user u WHERE u.id = person AND (u.is_superuser OR EXISTS (
            SELECT FROM support_user_groups m JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id AND g.name = 'Support managers'))) THEN
        PERFORM refuse('late_maintenance_is_a_managers', 'Only a support manager announces maintenance later than the service promises.');
    END IF;
END $$;

-- Days are calendar days of the zone; any other unit is elapsed time.
CREATE FUNCTION maintenance_in_time(promised text, announced timestamptz, begins timestamptz, zone text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN promised ~ '^\d+ days?$' THEN (begins AT TIME ZONE zone)::date - (announced AT TIME ZONE zone)::date >= split_part(promised, ' ', 1)::int
        ELSE begins - announced >= least_time(promised) END
$$;

-- Whoever is nominated; of a window that is withdrawn also whoever was told of it, of one that takes the place of another whoever was told of that.
CREATE FUNCTION maintenance_audience(wanted bigint, kind text) RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM support_contact c JOIN support_customer u ON u.id = c.customer_id
    WHERE kind <> 'moved' AND c.active AND u.active AND (
        c.nominated_for_maintenance AND u.id IN (SELECT k.holder_id FROM escalations_maintenancecontract m JOIN support_contract k ON k.id = m.contract_id WHERE m.window_id = wanted)
        OR c.id IN (SELECT r.contact_id FROM escalations_maintenancerecipient r JOIN escalations_maintenancenotice n ON n.id = r.notice_id
            WHERE n.window_id = CASE maintenance_audience.kind WHEN 'withdrawn' THEN wanted ELSE (SELECT w.replaces_id FROM escalations_maintenancewindow w WHERE w.id = wanted) END))
$$;

-- What one contract was told of concerns another of its holder's too that renews it or that it renews: the one begins after the last day of the other,
-- and a product in the cloud is on both; that of a ticket, where it names one. escalations/renewals.py asks the same of past months.
CREATE FUNCTION contract_goes_on(told bigint, under bigint, product bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(told = under, false) OR EXISTS (SELECT FROM support_contract k JOIN support_contract c ON c.holder_id = k.holder_id AND (k.ends_on < c.starts_on OR c.ends_on < k.starts_on)
        JOIN support_contractline l ON l.contract_id = k.id AND l.deployment = 'cloud' AND l.product_id = coalesce(contract_goes_on.product, l.product_id)
        WHERE k.id = told AND c.id = under AND EXISTS (SELECT FROM support_contractline o WHERE o.contract_id = c.id AND o.deployment = 'cloud' AND o.product_id = l.product_id))
$$;

CREATE FUNCTION maintenance_window_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE old escalations_maintenancewindow;
BEGIN
    PERFORM must_read_committed();
    PERFORM maintenance_of_the_desk(NEW.actor_kind, NEW.actor_id, false);
    IF NOT EXISTS (SELECT FROM support_serviceversion s WHERE s.id = NEW.service_id AND s.kind = 'support' AND s.data ->> 'maintenance' IS NOT NULL) THEN
        PERFORM refuse('maintenance_of_a_service_that_announces_it', 'This service does not say how long before maintenance is announced.');
    END IF;
    IF NEW.replaces_id IS NOT NULL THEN
        SELECT * INTO STRICT old FROM escalations_maintenancewindow WHERE id = NEW.replaces_id FOR UPDATE;
        IF old.product_id IS DISTINCT FROM NEW.product_id OR (SELECT code FROM support_serviceversion WHERE id = old.service_id)
                <> (SELECT code FROM support_serviceversion WHERE id = NEW.service_id) THEN
            PERFORM refuse('window_moves_as_it_is', 'A window that is moved concerns what it concerned.');
        END IF;
    END IF;
    NEW.announced_at := countersign_now();
    IF NEW.begins_at < NEW.announced_at THEN
        PERFORM refuse('window_is_still_to_come', 'That is past: maintenance is announced before it begins.');
    END IF;
    NEW.number := 'MW-' || to_char(nextval('escalations_maintenance_number'), 'FM9999999990000');
    RETURN NEW;
END $$;

CREATE FUNCTION maintenance_is_announced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM escalations_maintenancenotice WHERE window_id = NEW.id AND kind = 'announced') THEN
        PERFORM refuse('window_is_announced', 'A window that nobody is told of is none.');
    ELSIF NEW.replaces_id IS NOT NULL AND NOT EXISTS (SELECT FROM escalations_maintenancenotice WHERE window_id = NEW.replaces_id AND kind = 'moved') THEN
        PERFORM refuse('window_moves_once', 'A window that takes the place of another says so there.');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION maintenance_contract_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_maintenancewindow; hit support_contract; promised text; zone text; begins date;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT held FROM escalations_maintenancewindow WHERE id = NEW.window_id FOR UPDATE;
    IF EXISTS (SELECT FROM escalations_maintenancenotice WHERE window_id = held.id) THEN
        PERFORM refuse('window_is_never_changed', format('%s is announced: withdraw or move it.', held.number));
    END IF;
    SELECT * INTO STRICT hit FROM support_contract WHERE id = NEW.contract_id FOR KEY SHARE;  -- it keeps its holder from now on
    SELECT s.data -> 'maintenance' ->> 'announced' INTO promised FROM support_serviceversion s
        WHERE s.id = hit.support_service_id AND s.code = (SELECT code FROM support_serviceversion WHERE id = held.service_id);
    IF promised IS NULL THEN
        PERFORM refuse('window_concerns_contracts_of_its_service', format('The service of contract %s does not announce maintenance.', hit.number));
    END IF;
    IF NOT EXISTS (SELECT FROM support_contractline l WHERE l.contract_id = hit.id AND l.deployment = 'cloud' AND (held.product_id IS NULL OR l.product_id = held.product_id)) THEN
        PERFORM refuse('window_concerns_the_cloud', format('Contract %s does not cover this in the cloud.', hit.number));
    END IF;
    SELECT u.time_zone INTO zone FROM support_customer u WHERE u.id = hit.holder_id;
    begins := (held.begins_at AT TIME ZONE zone)::date;
    IF begins < hit.starts_on OR begins > hit.ends_on THEN
        PERFORM refuse('window_concerns_contracts_in_force', format('Contract %s is not in force then.', hit.number));
    END IF;
    NEW.in_time := maintenance_in_time(promised, held.announced_at, held.begins_at, zone);
    IF NOT NEW.in_time THEN
        IF held.reason ~ '^\s*$' THEN
            PERFORM refuse('maintenance_is_announced_in_time', format('The service of contract %s is told of maintenance at least %s before: a manager may announce it later, with a reason.', hit.number, promised));
        END IF;
        PERFORM maintenance_of_the_desk(held.actor_kind, held.actor_id, true);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION maintenance_notice_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_maintenancewindow; unheard text;
BEGIN
    PERFORM must_read_committed();
    PERFORM maintenance_of_the_desk(NEW.actor_kind, NEW.actor_id, false);
    SELECT * INTO STRICT held FROM escalations_maintenancewindow WHERE id = NEW.window_id FOR UPDATE;
    NEW.at := countersign_now();
    IF NEW.kind = 'announced' THEN
        IF NOT EXISTS (SELECT FROM escalations_maintenancecontract WHERE window_id = held.id) THEN
            PERFORM refuse('window_concerns_a_contract', 'Choose at least one contract that it concerns.');
        END IF;
        SELECT u.name INTO unheard FROM escalations_maintenancecontract m JOIN support_contract k ON k.id = m.contract_id JOIN support_customer u ON u.id = k.holder_id
            WHERE m.window_id = held.id AND NOT EXISTS (SELECT FROM support_contact c WHERE c.customer_id = u.id AND c.active AND u.active AND c.nominated_for_maintenance)
            ORDER BY u.name LIMIT 1;
        IF unheard IS NOT NULL THEN
            PERFORM refuse('window_is_told_to_everybody', format('Nobody of %s is nominated for maintenance: nominate a contact first.', unheard));
        END IF;
    ELSIF NEW.kind NOT IN ('withdrawn', 'moved') THEN
        PERFORM refuse('window_notice_of_a_known_kind', format('Nothing of a window is called "%s".', NEW.kind));
    ELSIF EXISTS (SELECT FROM escalations_maintenancenotice WHERE window_id = held.id AND kind <> 'announced') THEN
        PERFORM refuse('window_called_off_once', format('%s is withdrawn or moved already.', held.number));
    ELSIF NEW.at >= held.ends_at THEN
        PERFORM refuse('window_is_over', format('%s is over: there is nothing to call off.', held.number));
    ELSIF NEW.kind = 'moved' AND (NOT EXISTS (SELECT FROM escalations_maintenancewindow WHERE replaces_id = held.id)
            OR EXISTS (SELECT FROM escalations_maintenancecontract was WHERE was.window_id = held.id AND NOT EXISTS (
                SELECT FROM escalations_maintenancecontract m JOIN escalations_maintenancewindow w ON w.id = m.window_id WHERE w.replaces_id = held.id AND m.contract_id = was.contract_id))) THEN
        PERFORM refuse('window_moves_with_its_contracts', 'A window moves with all of its contracts: withdraw it, and announce another.');
    END IF;
    SELECT count(*) INTO NEW.recipients FROM maintenance_audience(held.id, NEW.kind);
    RETURN NEW;
END $$;

CREATE FUNCTION maintenance_notice_reaches_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NEW.recipients <> (SELECT count(*) FROM escalations_maintenancerecipient WHERE notice_id = NEW.id) THEN
        PERFORM refuse('window_is_told_to_everybody', 'Who is told has changed this moment: send it again.');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION maintenance_recipients_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE odd record;
BEGIN
    PERFORM must_read_committed();
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM escalations_maintenancenotice n WHERE n.id = a.notice_id)) THEN
        PERFORM refuse('maintenance_is_told_to_the_nominated', 'There is no such notice.');
    END IF;
    FOR odd IN SELECT DISTINCT n.id, n.window_id, n.kind, n.recipients FROM added a JOIN escalations_maintenancenotice n ON n.id = a.notice_id LOOP
        IF EXISTS (SELECT FROM added a WHERE a.notice_id = odd.id AND a.contact_id NOT IN (SELECT maintenance_audience(odd.window_id, odd.kind))) THEN
            PERFORM refuse('maintenance_is_told_to_the_nominated', 'Maintenance is told to active contacts who are nominated for it, and to nobody else.');
        END IF;
        IF odd.recipients < (SELECT count(*) FROM escalations_maintenancerecipient WHERE notice_id = odd.id) THEN
            PERFORM refuse('window_is_told_to_everybody', 'Nobody is added to a notice that has gone out.');
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM support_contact c JOIN support_mail m ON m.id = a.mail_id
            WHERE c.id = a.contact_id AND m.key = format('maintenance:%s:%s', a.notice_id, a.contact_id) AND m."to"::text[] = ARRAY[c.email::text])) THEN
        PERFORM refuse('told_of_maintenance_by_his_own_mail', 'Each recipient has the mail of this notice that goes to him alone.');
    END IF;
    RETURN NULL;
END $$;

-- A ticket stands still for a window that goes on, was announced in time for its contract, and concerns what the ticket is about.
CREATE FUNCTION maintenance_stop_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_maintenancewindow; now timestamptz;
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_ticket WHERE id = NEW.ticket_id FOR UPDATE; -- a wait is ended under the same lock
    SELECT * INTO STRICT held FROM escalations_maintenancewindow WHERE id = NEW.window_id FOR SHARE;
    now := countersign_now();
    IF now < held.begins_at OR now >= held.ends_at OR EXISTS (SELECT FROM escalations_maintenancenotice WHERE window_id = held.id AND kind <> 'announced') THEN
        PERFORM refuse('stopped_while_it_goes_on', format('%s does not go on.', held.number));
    END IF;
    IF NOT EXISTS (SELECT FROM support_ticket t JOIN escalations_maintenancecontract m ON m.window_id = held.id AND m.in_time
            WHERE t.id = NEW.ticket_id AND t.deployment = 'cloud' AND (held.product_id IS NULL OR t.product_id = held.product_id)
                AND contract_goes_on(m.contract_id, t.contract_id, t.product_id)) THEN
        PERFORM refuse('stopped_where_announced_in_time', 'Only maintenance announced in time for its contract and product stops a ticket.');
    END IF;
    IF NOT EXISTS (SELECT FROM support_wait w WHERE w.id = NEW.wait_id AND w.ticket_id = NEW.ticket_id AND w.reason = 'maintenance'
            AND w.ended_at IS NULL AND w.started_at BETWEEN held.begins_at AND held.ends_at) THEN
        PERFORM refuse('stopped_by_its_own_wait', 'A ticket stands still by a wait of its own.');
    END IF;
    -- Whoever lets a ticket go on has the last word; a resolution ends its waits by the way.
    IF EXISTS (SELECT FROM escalations_maintenancestop s JOIN support_event e ON e.ticket_id = s.ticket_id AND e.kind = 'wait.ended' AND e.facts ->> 'id' = s.wait_id::text
            WHERE s.window_id = held.id AND s.ticket_id = NEW.ticket_id AND e.actor_kind <> 'system'
                AND NOT EXISTS (SELECT FROM support_event r WHERE r.ticket_id = e.ticket_id AND r.kind = 'ticket.resolved' AND r.at = e.at)) THEN
        PERFORM refuse('let_go_on_by_hand', 'Somebody has let this ticket go on during the maintenance: it does not stand still for it again.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION announced_waits_have_a_window() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF NOT EXISTS (SELECT FROM escalations_maintenancestop s WHERE s.ticket_id = NEW.ticket_id AND s.wait_id::text = NEW.facts ->> 'id') THEN
        PERFORM refuse('announced_waits_have_a_window', 'A wait for maintenance announced in time belongs to a window that goes on.');
    ELSIF NOT EXISTS (SELECT FROM escalations_maintenancestop s JOIN escalations_maintenancewindow m ON m.id = s.window_id JOIN support_wait w ON w.id = s.wait_id
            WHERE s.ticket_id = NEW.ticket_id AND s.wait_id::text = NEW.facts ->> 'id' AND w.until = (NEW.facts ->> 'until')::timestamptz AND w.until <= m.ends_at) THEN
        PERFORM refuse('announced_waits_end_with_their_window', 'A wait for maintenance announced in time ends with its window at the latest.');
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION maintenance_of_the_desk, maintenance_in_time, maintenance_audience, contract_goes_on, maintenance_window_guard, maintenance_is_announced, maintenance_contract_guard,
    maintenance_notice_guard, maintenance_notice_reaches_all, maintenance_recipients_guard, maintenance_stop_guard, announced_waits_have_a_window FROM PUBLIC;
GRANT EXECUTE ON FUNCTION contract_goes_on TO countersign_app;  -- the sweep and the pages ask it

CREATE TRIGGER guard BEFORE INSERT ON escalations_maintenancewindow FOR EACH ROW EXECUTE FUNCTION maintenance_window_guard();
CREATE CONSTRAINT TRIGGER announced AFTER INSERT ON escalations_maintenancewindow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION maintenance_is_announced();
CREATE TRIGGER guard BEFORE INSERT ON escalations_maintenancecontract FOR EACH ROW EXECUTE FUNCTION maintenance_contract_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_maintenancenotice FOR EACH ROW EXECUTE FUNCTION maintenance_notice_guard();
CREATE CONSTRAINT TRIGGER reaches AFTER INSERT ON escalations_maintenancenotice DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION maintenance_notice_reaches_all();
CREATE TRIGGER guard AFTER INSERT ON escalations_maintenancerecipient REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION maintenance_recipients_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_maintenancestop FOR EACH ROW EXECUTE FUNCTION maintenance_stop_guard();
CREATE CONSTRAINT TRIGGER announced_waits AFTER INSERT ON support_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind = 'wait.started' AND NEW.facts ->> 'announced_in_time' = 'true') EXECUTE FUNCTION announced_waits_have_a_window();
ALTER TABLE escalations_maintenancewindow ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER announced;
ALTER TABLE escalations_maintenancecontract ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_maintenancenotice ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER reaches;
ALTER TABLE escalations_maintenancerecipient ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_maintenancestop ENABLE ALWAYS TRIGGER guard;
ALTER TABLE support_event ENABLE ALWAYS TRIGGER announced_waits;
-- reverse
DROP TRIGGER append_only ON escalations_maintenancewindow; DROP TRIGGER append_only ON escalations_maintenancecontract; DROP TRIGGER append_only ON escalations_maintenancenotice;
DROP TRIGGER append_only ON escalations_maintenancerecipient; DROP TRIGGER append_only ON escalations_maintenancestop;
DROP FUNCTION maintenance_window_guard, maintenance_is_announced, maintenance_contract_guard, maintenance_notice_guard, maintenance_notice_reaches_all,
    maintenance_recipients_guard, maintenance_stop_guard, announced_waits_have_a_window CASCADE;
DROP FUNCTION contract_goes_on, maintenance_audience, maintenance_in_time, maintenance_of_the_desk;
DROP SEQUENCE escalations_maintenance_number;
GRANT UPDATE, DELETE ON escalations_maintenancewindow, escalations_maintenancecontract, escalations_maintenancenotice, escalations_maintenancerecipient, escalations_maintenancestop
    TO countersign_app;
