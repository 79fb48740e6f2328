-- Who may sign, when a yes counts, what is used of it, and how it ends.
ALTER TABLE billing_approval ADD CONSTRAINT approval_key UNIQUE (id, offer_id, engagement_id);

CREATE FUNCTION signature_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE offer billing_offer; signer support_contact;
BEGIN
    PERFORM must_read_committed();
    IF hold_offer(NEW.offer_id) <> 'undecided' THEN
        PERFORM refuse('decided_once', 'This offer has been decided.');
    END IF;
    SELECT * INTO STRICT offer FROM billing_offer WHERE id = NEW.offer_id;
    signer := must_be_a_contact(NEW.contact_id, offer.engagement_id);
    IF signer.approves_up_to <= 0 THEN
        PERFORM refuse('signers_have_authority', 'You may not approve money for your company; ask somebody who may.');
    END IF;
    -- Once each; again under a higher limit, or where no signature is lacking any more and nobody has completed it: then it is a yes of its own.
    IF EXISTS (SELECT FROM billing_signature WHERE offer_id = NEW.offer_id AND contact_id = NEW.contact_id AND authority >= signer.approves_up_to)
        AND offer_lacks(NEW.offer_id) IS NOT NULL THEN
        PERFORM refuse('one_signature_per_approver', 'You have signed this offer already.');
    END IF;
    IF NEW.sha256 IS DISTINCT FROM offer.sha256 OR NEW.sentence <> offer.sentence THEN
        PERFORM refuse('signed_is_what_was_shown', 'What was shown is not what stands in this offer: open it again.');
    END IF;
    IF NEW.how <> 'code' THEN
        NEW.typed_name := confirmed_on_paper(NEW.written_id, NEW.offer_id, NEW.contact_id, NEW.how);
        NEW.opened_at := NULL; NEW.address := NULL; NEW.agent := '';
    ELSIF NOT code_is_good(NEW.code_id, NEW.offer_id, NEW.contact_id) THEN
        PERFORM refuse('answered_with_a_code', 'No code was entered that went to your present address: ask for one and try again.');
    END IF;
    NEW.authority := signer.approves_up_to;
    NEW.contact_name := signer.name;
    NEW.contact_email := signer.email;
    NEW.signed_at := countersign_now();
    IF NEW.signed_at >= least(offer.answer_by, offer.work_until) THEN
        PERFORM refuse('offer_is_open', 'The time to answer this offer is over.');
    END IF;
    RETURN NEW;
END $$;

-- What is still missing for a yes, as the rule that says so; NULL when nothing is. One signature covers the money by its own
-- limit, smaller limits do not add up; a customer may ask for two people above an amount. One contact is one person, and so
-- is one mailbox, then or now, whoever signs from it: signatures that such a thread joins, through others too, are one, though one of these counts no more.
-- As it stands, for pages and mails; nothing is held.
CREATE FUNCTION offer_seems_to_lack(offer bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE o billing_offer; buyer support_customer; covers boolean; two boolean;
BEGIN
    SELECT * INTO STRICT o FROM billing_offer WHERE id = offer;
    SELECT c.* INTO STRICT buyer FROM billing_engagement e JOIN support_ticket t ON t.id = e.ticket_id JOIN support_customer c ON c.id = t.customer_id
        WHERE e.id = o.engagement_id;
    WITH RECURSIVE signed AS (
        SELECT s.id, s.contact_id, ARRAY[bare_address(c.email), bare_address(s.contact_email)] AS mailboxes, least(s.authority, c.approves_up_to) AS up_to,
            s.sha256 = o.sha256 AND c.active AND c.approves_up_to > 0 AND buyer.active AND c.customer_id = buyer.id
                AND (u.id IS NULL OR (u.is_active AND u.kind = 'customer')) AND NOT is_of_the_desk(c.email) AS counts
        FROM billing_signature s JOIN support_contact c ON c.id = s.contact_id LEFT JOIN support_user u ON u.id = c.user_id WHERE s.offer_id = offer
    ), first_person (id) AS (
        SELECT min(id) FROM signed WHERE counts
        UNION SELECT other.id FROM first_person JOIN signed mine USING (id) JOIN signed other ON other.contact_id = mine.contact_id OR other.mailboxes && mine.mailboxes
    ) SELECT coalesce(bool_or(up_to >= o.amount), false), coalesce(bool_or(id NOT IN (SELECT id FROM first_person)), false) INTO covers, two FROM signed WHERE counts;
    RETURN CASE WHEN NOT covers THEN 'authority_suffices'
        WHEN o.amount > buyer.second_signature_above AND NOT two THEN 'two_signatures_above_an_amount' END;
END $$;

-- The same, to decide by: the customer is locked, then who signed as a contact.
CREATE FUNCTION offer_lacks(offer bigint) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM support_customer WHERE id = (SELECT t.customer_id FROM billing_offer o JOIN billing_engagement e ON e.id = o.engagement_id
        JOIN support_ticket t ON t.id = e.ticket_id WHERE o.id = offer) FOR SHARE;
    PERFORM FROM support_contact WHERE id IN (SELECT contact_id FROM billing_signature WHERE offer_id = offer) ORDER BY id FOR SHARE;
    RETURN offer_seems_to_lack(offer);
END $$;

CREATE FUNCTION approval_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE offer billing_offer;
BEGIN
    PERFORM must_read_committed();
    IF hold_offer(NEW.offer_id) <> 'undecided' THEN
        PERFORM refuse('decided_once', 'This offer has been decided.');
    END IF;
    SELECT * INTO STRICT offer FROM billing_offer WHERE id = NEW.offer_id;
    CASE offer_lacks(offer.id)
        WHEN 'authority_suffices' THEN
            PERFORM refuse('authority_suffices', format('Nobody has signed whose own limit covers %s %s.', offer.amount, offer.currency));
        WHEN 'two_signatures_above_an_amount' THEN
            PERFORM refuse('two_signatures_above_an_amount', 'This customer asks for a second signature above that amount.');
        ELSE NULL;
    END CASE;
    IF EXISTS (SELECT FROM billing_approval a WHERE a.offer_id = offer.replaces_id AND NOT EXISTS (SELECT FROM billing_approvalend WHERE approval_id = a.id)) THEN
        PERFORM refuse('replaced_approvals_have_ended', 'The approval that this offer replaces is still in force.');
    END IF;
    NEW.engagement_id := offer.engagement_id;
    NEW.decided_at := countersign_now();  -- after the locks: later than anything that was waited for
    IF NEW.decided_at >= least(offer.answer_by, offer.work_until) THEN
        PERFORM refuse('offer_is_open', 'The time to answer this offer is over.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION approval_opens_its_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO billing_approvalbalance (approval_id, cap, used, work_until) SELECT NEW.id, cap, 0, work_until FROM billing_offer WHERE id = NEW.offer_id;
    RETURN NULL;
END $$;

CREATE FUNCTION approval_end_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE balance billing_approvalbalance; offer bigint;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT balance FROM billing_approvalbalance WHERE approval_id = NEW.approval_id FOR UPDATE;
    SELECT offer_id INTO STRICT offer FROM billing_approval WHERE id = NEW.approval_id;
    -- The clock is read after the lock: an entry booked while we waited ends before this instant.
    NEW.ended_at := CASE NEW.why WHEN 'expired' THEN balance.work_until ELSE least(countersign_now(), balance.work_until) END;
    IF balance.ended_at IS NOT NULL THEN
        PERFORM refuse('approvals_end_once', 'This approval has ended.');
    ELSIF NEW.why = 'expired' AND countersign_now() < balance.work_until THEN
        PERFORM refuse('expires_when_due', 'This approval has not run out yet.');
    ELSIF NEW.why = 'superseded' AND NOT EXISTS (SELECT FROM billing_offer WHERE replaces_id = offer) THEN
        PERFORM refuse('superseded_by_an_offer', 'No offer replaces this approval.');
    END IF;
    IF EXISTS (SELECT FROM billing_timeentry WHERE approval_id = NEW.approval_id AND superseded_by_id IS NULL AND stopped_at > NEW.ended_at) THEN
        PERFORM refuse('clock_went_back', 'There is time later than now: the clock was set back.');
    END IF;
    UPDATE billing_approvalbalance SET ended_at = NEW.ended_at WHERE approval_id = NEW.approval_id;
    RETURN NEW;
END $$;

-- SELECT … FOR UPDATE asks for the right to UPDATE, which the app has not: a verb that must know the room first holds the row so.
CREATE FUNCTION hold_balance(approval bigint) RETURNS billing_approvalbalance LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM billing_approvalbalance WHERE approval_id = approval FOR UPDATE
$$;
REVOKE EXECUTE ON FUNCTION signature_guard, offer_lacks, offer_seems_to_lack, approval_guard, approval_opens_its_balance, approval_end_guard, hold_balance FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_balance, offer_lacks, offer_seems_to_lack TO countersign_app;

CREATE TRIGGER guard BEFORE INSERT ON billing_signature FOR EACH ROW EXECUTE FUNCTION signature_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_approval FOR EACH ROW EXECUTE FUNCTION approval_guard();
CREATE TRIGGER balance AFTER INSERT ON billing_approval FOR EACH ROW EXECUTE FUNCTION approval_opens_its_balance();
CREATE TRIGGER guard BEFORE INSERT ON billing_approvalend FOR EACH ROW EXECUTE FUNCTION approval_end_guard();
ALTER TABLE billing_signature ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_approval ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER balance;
ALTER TABLE billing_approvalend ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_signature,billing_approval,billing_approvalend}');
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON billing_approvalbalance FROM countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_signature; DROP TRIGGER append_only ON billing_approval; DROP TRIGGER append_only ON billing_approvalend;
DROP FUNCTION hold_balance; DROP FUNCTION signature_guard, approval_guard, approval_opens_its_balance, approval_end_guard CASCADE; DROP FUNCTION offer_lacks; DROP FUNCTION offer_seems_to_lack;
ALTER TABLE billing_approval DROP CONSTRAINT approval_key;
GRANT INSERT, UPDATE, DELETE ON billing_approvalbalance TO countersign_app;
