-- An offer is its bytes: numbered, stamped and priced by the database, one undecided at a time, ended once.
ALTER TABLE billing_offer
    ADD CONSTRAINT offer_hash_is_of_its_bytes CHECK (sha256 = sha256(document)),
    ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = round(cap * rate / 60, 2)),
    ADD CONSTRAINT offer_key UNIQUE (id, engagement_id);
ALTER TABLE billing_offer
    ADD CONSTRAINT offer_replaces_one_of_its_own FOREIGN KEY (replaces_id, engagement_id) REFERENCES billing_offer (id, engagement_id);

-- Asked for and locked: whoever disables the contact waits, or is waited for.
CREATE FUNCTION must_be_a_contact(contact bigint, engagement bigint) RETURNS support_contact LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE buyer bigint; found support_contact;
BEGIN
    SELECT t.customer_id INTO STRICT buyer FROM billing_engagement e JOIN support_ticket t ON t.id = e.ticket_id WHERE e.id = engagement;
    IF NOT EXISTS (SELECT FROM support_customer WHERE id = buyer AND active FOR SHARE) THEN
        PERFORM refuse('an_active_contact_of_the_customer', 'This customer is disabled: nobody is asked there, and nobody answers.');
    END IF;
    SELECT * INTO found FROM support_contact WHERE id = contact FOR SHARE;
    IF found.customer_id IS DISTINCT FROM buyer OR NOT found.active THEN
        PERFORM refuse('an_active_contact_of_the_customer', 'Only an active contact of this customer is asked and may answer.');
    END IF;
    IF EXISTS (SELECT FROM support_user WHERE id = found.user_id AND (kind <> 'customer' OR NOT is_active)) OR is_of_the_desk(found.email) THEN
        PERFORM refuse('an_active_contact_of_the_customer', 'Nobody answers an offer whose account is disabled, or who is of the desk.');
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION offer_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE engagement billing_engagement; ticket support_ticket;
BEGIN
    PERFORM must_read_committed();
    SELECT t.* INTO STRICT ticket FROM support_ticket t JOIN billing_engagement e ON e.ticket_id = t.id WHERE e.id = NEW.engagement_id FOR NO KEY UPDATE OF t;
    SELECT * INTO STRICT engagement FROM billing_engagement WHERE id = NEW.engagement_id FOR NO KEY UPDATE;  -- one offer at a time
    IF engagement.state IN ('withdrawn', 'done') THEN
        PERFORM refuse('ended_engagements_are_not_offered', 'This engagement has ended.');
    ELSIF ticket.state NOT IN ('open', 'waiting') THEN
        PERFORM refuse('done_tickets_are_not_offered', format('Ticket %s is done: open it again first.', ticket.number));
    ELSIF (SELECT outcome FROM billing_scopedecision WHERE ticket_id = ticket.id ORDER BY id DESC LIMIT 1) <> 'engagement' THEN
        PERFORM refuse('offers_are_out_of_scope', 'The newest decision is that this work is no engagement: decide the scope anew first.');
    END IF;
    IF EXISTS (SELECT FROM billing_offer o WHERE o.engagement_id = NEW.engagement_id
               AND NOT EXISTS (SELECT FROM billing_approval WHERE offer_id = o.id) AND NOT EXISTS (SELECT FROM billing_offerend WHERE offer_id = o.id)) THEN
        PERFORM refuse('one_undecided_offer', 'An earlier offer is still undecided: it has to end first.');
    END IF;
    IF NEW.currency <> (SELECT currency FROM support_contract WHERE id = engagement.contract_id) THEN
        PERFORM refuse('offered_in_the_contracts_currency', 'An offer is made in the currency of its contract.');
    END IF;
    NEW.number := 1 + coalesce((SELECT max(number) FROM billing_offer WHERE engagement_id = NEW.engagement_id), 0);
    NEW.gdap_roles := engagement.gdap_roles;
    NEW.sent_at := countersign_now();
    IF NEW.answer_by <= NEW.sent_at THEN
        PERFORM refuse('offers_leave_time_to_answer', 'Leave time to answer: the offer would end before it is sent.');
    END IF;
    RETURN NEW;
END $$;

-- The app has no UPDATE, so SELECT … FOR UPDATE is not for it: a verb holds an offer so. The answer says how it stands.
CREATE FUNCTION hold_offer(offer bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM billing_offer WHERE id = offer FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM billing_approval WHERE offer_id = offer) THEN RETURN 'approved'; END IF;
    RETURN coalesce((SELECT why FROM billing_offerend WHERE offer_id = offer), 'undecided');
END $$;

CREATE FUNCTION invitation_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF hold_offer(NEW.offer_id) <> 'undecided' THEN
        PERFORM refuse('decided_once', 'This offer has been decided.');
    END IF;
    PERFORM must_be_a_contact(NEW.contact_id, (SELECT engagement_id FROM billing_offer WHERE id = NEW.offer_id));
    NEW.sent_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION offer_code_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.made_at := countersign_now(); NEW.tries := 0; NEW.proved_at := NULL;
        RETURN NEW;
    END IF;
    IF NEW.tries < OLD.tries OR (OLD.proved_at IS NOT NULL AND NEW.proved_at IS DISTINCT FROM OLD.proved_at) THEN
        PERFORM refuse('tries_only_go_up', 'A try that was made stays made.');
    END IF;
    IF NEW.proved_at IS NOT NULL AND OLD.proved_at IS NULL THEN
        NEW.proved_at := countersign_now();
        IF NEW.proved_at >= OLD.made_at + interval '15 minutes' THEN
            PERFORM refuse('codes_last_15_minutes', 'This code is too old: ask for another one.');
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- Proved, of this offer and this contact, mailed to the address that he has now, the newest of its link, and still warm: fifteen minutes
-- to enter it, an hour to read and decide.
CREATE FUNCTION code_is_good(code bigint, offer bigint, contact bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM billing_offercode c JOIN billing_invitation i ON i.id = c.invitation_id
            JOIN support_mail m ON m.id = c.mail_id JOIN support_contact p ON p.id = i.contact_id AND m.to = ARRAY[p.email]::varchar[]
        WHERE c.id = code AND i.offer_id = offer AND i.contact_id = contact AND c.proved_at > countersign_now() - interval '1 hour'
            AND NOT EXISTS (SELECT FROM billing_offercode n WHERE n.invitation_id = c.invitation_id AND n.id > c.id))
$$;

CREATE FUNCTION offer_end_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE offer billing_offer;
BEGIN
    PERFORM must_read_committed();
    IF hold_offer(NEW.offer_id) <> 'undecided' THEN
        PERFORM refuse('decided_once', 'This offer has been decided.');
    END IF;
    SELECT * INTO STRICT offer FROM billing_offer WHERE id = NEW.offer_id;
    NEW.ended_at := countersign_now();
    IF NEW.why = 'expired' THEN
        IF NEW.ended_at < offer.answer_by THEN
            PERFORM refuse('expires_when_due', 'The time to answer this offer is not over yet.');
        END IF;
    ELSIF NEW.why = 'declined' THEN
        PERFORM must_be_a_contact(NEW.contact_id, offer.engagement_id);
        IF NOT code_is_good(NEW.code_id, NEW.offer_id, NEW.contact_id) THEN
            PERFORM refuse('answered_with_a_code', 'No code was entered that went to your present address: ask for one and try again.');
        ELSIF NEW.reason !~ '\S' THEN
            PERFORM refuse('declined_with_a_reason', 'Tell us in a few words what should be different.');
        END IF;
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION must_be_a_contact, offer_guard, invitation_guard, offer_code_guard, code_is_good, offer_end_guard, hold_offer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_offer TO countersign_app;

CREATE TRIGGER guard BEFORE INSERT ON billing_offer FOR EACH ROW EXECUTE FUNCTION offer_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_invitation FOR EACH ROW EXECUTE FUNCTION invitation_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_offercode FOR EACH ROW EXECUTE FUNCTION offer_code_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_offerend FOR EACH ROW EXECUTE FUNCTION offer_end_guard();
ALTER TABLE billing_offer ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_invitation ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_offercode ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_offerend ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_offer,billing_invitation,billing_offerend}');
REVOKE UPDATE, DELETE, TRUNCATE ON billing_offercode FROM countersign_app;
GRANT UPDATE (tries, proved_at) ON billing_offercode TO countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_offer; DROP TRIGGER append_only ON billing_invitation; DROP TRIGGER append_only ON billing_offerend;
DROP FUNCTION offer_guard, invitation_guard, offer_code_guard, offer_end_guard CASCADE;
DROP FUNCTION hold_offer; DROP FUNCTION code_is_good; DROP FUNCTION must_be_a_contact;
ALTER TABLE billing_offer DROP CONSTRAINT offer_replaces_one_of_its_own;
ALTER TABLE billing_offer DROP CONSTRAINT offer_key, DROP CONSTRAINT offer_amount_is_its_price, DROP CONSTRAINT offer_hash_is_of_its_bytes;
