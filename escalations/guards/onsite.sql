-- Onsite assistance: asked for by an authorised contact, of what the service knows; how it stands follows from steps that are only ever added.
CALL make_append_only('{escalations_onsitestep}');
REVOKE UPDATE, DELETE, TRUNCATE ON escalations_onsiterequest FROM countersign_app;

-- Held while it is asked: an authority or a grant that is taken away meanwhile waits, or is waited for.
CREATE FUNCTION onsite_authorised(who bigint, served bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE person support_contact;
BEGIN
    SELECT * INTO person FROM support_contact WHERE id = who FOR SHARE;
    IF person.id IS NULL OR NOT person.active OR NOT person.asks_onsite THEN
        RETURN false;
    END IF;
    IF person.customer_id <> served THEN
        PERFORM FROM support_partnergrant WHERE contact_id = who AND customer_id = served FOR SHARE;
        RETURN FOUND;
    END IF;
    RETURN true;
END $$;

-- The number of a passport or a card is never kept: five figures of whatever script, with up to two other characters after each; what nobody
-- sees does not count. A script's figures follow its nought, whose places in Unicode these are.
CREATE FUNCTION shows_a_document_number(said text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE plain text := normalize(said, NFKC); nought integer;
BEGIN
    IF plain ~ '[^\x01-\x7f]' THEN
        FOREACH nought IN ARRAY ARRAY[
        1632, 1776, 1984, 2406, 2534, 2662, 2790, 2918, 3046, 3174, 3302, 3430, 3558, 3664, 3792, 3872, 4160, 4240, 6112, 6160, 6470,
        6608, 6784, 6800, 6992, 7088, 7232, 7248, 42528, 43216, 43264, 43472, 43504, 43600, 44016, 66720, 68912, 69734, 69872, 69942,
        70096, 70384, 70736, 70864, 71248, 71360, 71472, 71904, 72016, 72784, 73040, 73120, 92768, 92864, 93008, 123200, 123632, 125264] LOOP
            plain := translate(plain, (SELECT string_agg(chr(nought + i), '' ORDER BY i) FROM generate_series(0, 9) i), '0123456789');
        END LOOP;
        plain := regexp_replace(plain, '[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\ufe00-\ufe0f\ufeff]', '', 'g');
    END IF;
    RETURN plain ~ '([0-9][^0-9]{0,2}){5}';
END $$;

CREATE FUNCTION onsite_request_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held support_ticket; field jsonb;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT held FROM support_ticket WHERE id = NEW.ticket_id FOR UPDATE;  -- one at a time per ticket
    IF held.state NOT IN ('open', 'waiting') THEN
        PERFORM refuse('onsite_on_an_undone_ticket', 'The ticket is done: reopen it before anybody goes to the site.');
    END IF;
    SELECT f INTO field FROM support_serviceversion s, jsonb_array_elements(s.data -> 'intake') form, jsonb_array_elements(form -> 'fields') f
        WHERE s.id = held.service_id AND form ->> 'asked' = 'onsite' AND f ->> 'code' = CASE NEW.kind WHEN 'hands' THEN 'task' ELSE 'visitor' END;
    IF field IS NULL THEN
        PERFORM refuse('onsite_of_the_service', 'The ticket''s service knows no such onsite assistance.');
    ELSIF NEW.kind = 'hands' AND NOT coalesce(field -> 'choices' ? NEW.task, false) THEN
        PERFORM refuse('onsite_task_of_the_list', format('"%s" is not on the service''s list of tasks.', NEW.task));
    END IF;
    IF NOT onsite_authorised(NEW.contact_id, held.customer_id) THEN
        PERFORM refuse('onsite_by_an_authorised_contact', 'Only a contact of this customer who is authorised for it asks for onsite assistance.');
    ELSIF NEW.actor_kind = 'contact' AND NEW.actor_id IS DISTINCT FROM NEW.contact_id THEN
        PERFORM refuse('onsite_by_an_authorised_contact', 'A contact asks for onsite assistance in his own name.');
    END IF;
    NEW.at := countersign_now();
    IF NEW.kind = 'access' THEN
        IF NEW.window_until <= NEW.at THEN
            PERFORM refuse('site_window_is_to_come', 'The window is over already: write one that is still to come.');
        ELSIF shows_a_document_number(concat_ws(E'\n\n\n', NEW.company, NEW.visitors, NEW.equipment, NEW.words)) THEN
            PERFORM refuse('no_document_numbers', 'This looks like the number of a document: it is checked at the door, and never written down.');
        ELSIF NEW.wait_id IS NOT NULL AND NOT EXISTS (SELECT FROM support_wait WHERE id = NEW.wait_id AND ticket_id = NEW.ticket_id AND reason = 'site_access' AND ended_at IS NULL) THEN
            PERFORM refuse('site_access_of_the_tickets_wait', 'This is no open wait of the ticket for site access.');
        END IF;
    END IF;
    SELECT coalesce(max(position), 0) + 1 INTO NEW.position FROM escalations_onsiterequest WHERE ticket_id = NEW.ticket_id;
    NEW.state := 'requested';
    RETURN NEW;
END $$;

CREATE FUNCTION onsite_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held escalations_onsiterequest; served bigint; before timestamptz;
BEGIN
    PERFORM must_read_committed();
    SELECT customer_id INTO served FROM support_ticket WHERE id = (SELECT ticket_id FROM escalations_onsiterequest WHERE id = NEW.request_id) FOR UPDATE;
    SELECT * INTO STRICT held FROM escalations_onsiterequest WHERE id = NEW.request_id FOR UPDATE;
    IF NOT EXISTS (SELECT FROM (VALUES
            ('hands', 'requested', 'accepted'), ('hands', 'requested', 'declined'), ('hands', 'requested', 'cancelled'),
            ('hands', 'accepted', 'done'), ('hands', 'accepted', 'cancelled'),
            ('access', 'requested', 'approved'), ('access', 'requested', 'declined'), ('access', 'requested', 'cancelled'),
            ('access', 'approved', 'arrived'), ('access', 'approved', 'no_show'), ('access', 'approved', 'cancelled'),
            ('access', 'arrived', 'left')) AS moves (kind, old, new)
            WHERE moves.kind = held.kind AND moves.old = held.state AND moves.new = NEW.kind) THEN
        PERFORM refuse('onsite_step_by_step', 'Somebody was faster: as this request stands now, that does not follow.');
    END IF;
    IF NEW.actor_kind = 'contact' AND NOT onsite_authorised(NEW.actor_id, served) THEN
        PERFORM refuse('onsite_by_an_authorised_contact', 'Only a contact of this customer who is authorised for it cancels onsite assistance.');
    END IF;
    IF NEW.kind IN ('accepted', 'approved') THEN
        IF NOT EXISTS (SELECT FROM support_ticket WHERE id = held.ticket_id AND state IN ('open', 'waiting')) THEN
            PERFORM refuse('onsite_on_an_undone_ticket', 'The ticket is done: reopen it before anybody goes to the site.');
        ELSIF NOT onsite_authorised(held.contact_id, served) THEN
            PERFORM refuse('onsite_by_an_authorised_contact', 'Whoever asked may not ask for onsite assistance any more: decline the request.');
        ELSIF held.window_until <= countersign_now() THEN
            PERFORM refuse('access_while_its_window_lasts', 'Its window is over: decline the request.');
        END IF;
    END IF;
    IF held.kind = 'access' AND shows_a_document_number(concat_ws(E'\n\n\n', NEW.words, NEW.by_whom)) THEN
        PERFORM refuse('no_document_numbers', 'This looks like the number of a document: it is checked at the door, and never written down.');
    END IF;
    NEW.at := countersign_now();  -- after the lock
    IF NEW.kind NOT IN ('done', 'arrived', 'left') THEN
        NEW.happened_at := NEW.at;
    ELSIF NEW.happened_at > NEW.at + interval '1 minute' THEN  -- two machines' clocks differ by moments
        PERFORM refuse('onsite_time_is_past', 'It has happened: write a time that is past.');
    END IF;
    NEW.happened_at := least(NEW.happened_at, NEW.at);
    SELECT max(happened_at) INTO before FROM escalations_onsitestep WHERE request_id = held.id;
    IF NEW.happened_at >= date_trunc('minute', before) THEN  -- people write minutes
        NEW.happened_at := greatest(NEW.happened_at, before);
    END IF;
    IF NEW.kind = 'arrived' AND NEW.happened_at NOT BETWEEN held.window_from AND held.window_until THEN
        PERFORM refuse('arrival_within_the_window', 'Access is granted within the window alone: that is outside it.');
    ELSIF NEW.kind = 'no_show' AND NEW.at < held.window_until THEN
        PERFORM refuse('no_show_after_the_window', 'The window is not over yet: somebody may still come.');
    ELSIF NEW.happened_at < before THEN
        PERFORM refuse('onsite_in_its_order', 'That was before the step that came before it: write a later time.');
    END IF;
    UPDATE escalations_onsiterequest SET state = NEW.kind WHERE id = held.id;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION onsite_authorised, onsite_request_guard, onsite_step_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON escalations_onsiterequest FOR EACH ROW EXECUTE FUNCTION onsite_request_guard();
CREATE TRIGGER guard BEFORE INSERT ON escalations_onsitestep FOR EACH ROW EXECUTE FUNCTION onsite_step_guard();
ALTER TABLE escalations_onsiterequest ENABLE ALWAYS TRIGGER guard;
ALTER TABLE escalations_onsitestep ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER append_only ON escalations_onsitestep;
DROP FUNCTION onsite_request_guard, onsite_step_guard CASCADE;
DROP FUNCTION onsite_authorised, shows_a_document_number;
GRANT UPDATE, DELETE ON escalations_onsiterequest TO countersign_app;
