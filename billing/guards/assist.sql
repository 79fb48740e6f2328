-- Packs for a customer's own case with Microsoft: of approved work, of what the customer may read, and handed to its own people.
CREATE FUNCTION hold_assisted(engagement bigint) RETURNS billing_engagement LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held billing_engagement;
BEGIN
    SELECT * INTO STRICT held FROM billing_engagement WHERE id = engagement FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM billing_approval WHERE engagement_id = engagement) THEN
        PERFORM refuse('assisted_after_a_yes', 'The customer has not said yes to this work yet: nothing is put together before that.');
    END IF;
    RETURN held;
END $$;

CREATE FUNCTION must_be_of_the_desk(acting text, person bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM support_user WHERE acting = 'staff' AND id = person AND kind = 'staff' AND is_active FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('assisted_by_the_desk', 'The desk does this, and nobody else.');
    END IF;
END $$;

-- A contact who is there, of this customer or with a grant for it; `own` leaves out those with a grant.
CREATE FUNCTION must_read_the_customers(contact bigint, buyer bigint, own boolean) RETURNS support_contact LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found support_contact;
BEGIN
    SELECT * INTO found FROM support_contact WHERE id = contact FOR SHARE;
    IF found.id IS NULL OR NOT found.active OR EXISTS (SELECT FROM support_user WHERE id = found.user_id AND NOT is_active)
            OR (found.customer_id <> buyer AND (own OR NOT EXISTS (SELECT FROM support_partnergrant g WHERE g.contact_id = found.id AND g.customer_id = buyer))) THEN
        PERFORM refuse('an_active_contact_of_the_customer', 'Only an active contact of this customer is handed a pack and tells of its case.');
    END IF;
    RETURN found;
END $$;

-- Whether the customer reads this file on this ticket: on a message for him, or attached for him.
CREATE FUNCTION is_read_on_the_ticket(file bigint, ticket bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM support_file f JOIN support_ticket t ON t.customer_id = f.customer_id
        WHERE f.id = file AND t.id = ticket AND f.visibility = 'customer' AND (
            EXISTS (SELECT FROM support_message_files l JOIN support_message m ON m.id = l.message_id
                WHERE l.file_id = f.id AND m.ticket_id = t.id AND m.visibility = 'customer')
            OR EXISTS (SELECT FROM support_event e WHERE e.ticket_id = t.id AND e.kind = 'file.added' AND e.visibility = 'customer'
                AND e.facts -> 'ids' @> to_jsonb(f.id))))
$$;

CREATE FUNCTION assist_pack_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held billing_engagement; kept support_file; buyer bigint; each bigint;
BEGIN
    PERFORM must_read_committed();
    held := hold_assisted(NEW.engagement_id);
    PERFORM must_be_of_the_desk(NEW.actor_kind, NEW.actor_id);
    IF held.state IN ('withdrawn', 'done') THEN
        PERFORM refuse('packs_are_of_open_work', 'This engagement has ended: a further pack is work of a further one.');
    END IF;
    PERFORM FROM billing_approval a JOIN billing_approvalbalance b ON b.approval_id = a.id  -- held: a withdrawal waits, or is waited for
        WHERE a.engagement_id = held.id AND b.ended_at IS NULL AND b.work_until > countersign_now() FOR SHARE OF b;
    IF NOT FOUND THEN
        PERFORM refuse('packs_are_of_approved_work', 'No yes of the customer is in force: a pack is work, and needs one.');
    END IF;
    SELECT customer_id INTO STRICT buyer FROM support_ticket WHERE id = held.ticket_id;
    SELECT * INTO kept FROM support_file WHERE id = NEW.file_id;
    IF kept.customer_id IS DISTINCT FROM buyer OR kept.visibility <> 'internal' OR kept.sha256 <> encode(NEW.sha256, 'hex') THEN
        PERFORM refuse('a_pack_is_its_file', 'A pack names the file that was made of it for this customer, with its hash.');
    END IF;
    FOREACH each IN ARRAY NEW.enclosed LOOP
        IF NOT is_read_on_the_ticket(each, held.ticket_id) THEN
            PERFORM refuse('packs_hold_what_the_customer_reads', 'Only files that the customer reads on this ticket go into a pack.');
        END IF;
    END LOOP;
    IF NEW.answers_id IS NOT NULL AND NOT EXISTS (SELECT FROM billing_assistnote WHERE id = NEW.answers_id AND engagement_id = held.id AND kind = 'request') THEN
        PERFORM refuse('answers_are_to_a_request', 'What is answered is a request on this engagement.');
    END IF;
    NEW.tenant_id := (SELECT tenant_id FROM support_customer WHERE id = buyer);
    NEW.number := (SELECT coalesce(max(number), 0) + 1 FROM billing_assistpack WHERE engagement_id = held.id);
    NEW.made_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION assist_handover_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE buyer bigint; handed_to support_contact;
BEGIN
    PERFORM must_read_committed();
    PERFORM must_be_of_the_desk(NEW.actor_kind, NEW.actor_id);
    SELECT t.customer_id INTO STRICT buyer FROM billing_assistpack p JOIN billing_engagement e ON e.id = p.engagement_id
        JOIN support_ticket t ON t.id = e.ticket_id WHERE p.id = NEW.pack_id;
    handed_to := must_read_the_customers(NEW.contact_id, buyer, true);
    IF NEW.mail_id IS NOT NULL AND NOT EXISTS (SELECT FROM support_mail m WHERE m.id = NEW.mail_id AND m.customer_id = buyer AND m."to" = ARRAY[handed_to.email]) THEN
        PERFORM refuse('handed_over_by_its_own_mail', 'The mail of a hand-over goes to whom the pack is handed, and to nobody else.');
    END IF;
    NEW.contact_name := handed_to.name;
    NEW.contact_email := handed_to.email;
    NEW.handed_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION assist_taking_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE buyer bigint; taker support_contact;
BEGIN
    PERFORM must_read_committed();
    SELECT t.customer_id INTO STRICT buyer FROM billing_assistpack p JOIN billing_engagement e ON e.id = p.engagement_id
        JOIN support_ticket t ON t.id = e.ticket_id WHERE p.id = NEW.pack_id;
    taker := must_read_the_customers(NEW.contact_id, buyer, false);
    IF NOT EXISTS (SELECT FROM billing_assisthandover WHERE pack_id = NEW.pack_id) THEN
        PERFORM refuse('taken_after_it_was_handed', 'This pack has not been handed over.');
    END IF;
    NEW.contact_name := taker.name;
    NEW.contact_email := taker.email;
    NEW.taken_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION assist_note_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held billing_engagement; wanted text; buyer bigint;
BEGIN
    PERFORM must_read_committed();
    held := hold_assisted(NEW.engagement_id);
    IF NEW.actor_kind = 'contact' AND NEW.kind IN ('case', 'request', 'call') THEN
        SELECT customer_id INTO STRICT buyer FROM support_ticket WHERE id = held.ticket_id;
        PERFORM must_read_the_customers(NEW.actor_id, buyer, false);
    ELSE
        PERFORM must_be_of_the_desk(NEW.actor_kind, NEW.actor_id);
    END IF;
    wanted := CASE NEW.kind WHEN 'answer' THEN 'request' WHEN 'outcome' THEN 'call' END;
    IF wanted IS NOT NULL AND NOT EXISTS (SELECT FROM billing_assistnote WHERE id = NEW.about_id AND engagement_id = held.id AND kind = wanted) THEN
        PERFORM refuse('answers_are_to_a_request', 'What is answered is a request, and what ends is a call, on this engagement.');
    END IF;
    IF EXISTS (SELECT FROM unnest(NEW.joined) who WHERE NOT EXISTS (SELECT FROM support_user WHERE id = who AND kind = 'staff')) THEN
        PERFORM refuse('whoever_joined_is_of_the_desk', 'Of those who joined, people of the desk are written down.');
    END IF;
    NEW.number := (SELECT coalesce(max(number), 0) + 1 FROM billing_assistnote WHERE engagement_id = held.id);
    NEW.noted_at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION hold_assisted, must_be_of_the_desk, must_read_the_customers, is_read_on_the_ticket, assist_pack_guard,
    assist_handover_guard, assist_taking_guard, assist_note_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON billing_assistpack FOR EACH ROW EXECUTE FUNCTION assist_pack_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_assisthandover FOR EACH ROW EXECUTE FUNCTION assist_handover_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_assisttaking FOR EACH ROW EXECUTE FUNCTION assist_taking_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_assistnote FOR EACH ROW EXECUTE FUNCTION assist_note_guard();
ALTER TABLE billing_assistpack ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_assisthandover ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_assisttaking ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_assistnote ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_assistpack,billing_assisthandover,billing_assisttaking,billing_assistnote}');
-- reverse
DROP TRIGGER append_only ON billing_assistpack; DROP TRIGGER append_only ON billing_assisthandover;
DROP TRIGGER append_only ON billing_assisttaking; DROP TRIGGER append_only ON billing_assistnote;
DROP FUNCTION assist_pack_guard, assist_handover_guard, assist_taking_guard, assist_note_guard CASCADE;
DROP FUNCTION hold_assisted, must_be_of_the_desk, must_read_the_customers, is_read_on_the_ticket;
