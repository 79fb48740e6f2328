-- A yes on paper or by mail takes two of the desk: one records it with its original, another one has looked at that and confirms.
CREATE FUNCTION must_be_at_work(acting text, person bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM support_user u WHERE acting = 'staff' AND u.id = person AND u.kind = 'staff' AND u.is_active AND (u.is_superuser OR EXISTS (
        SELECT FROM support_user_groups m JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id AND g.name IN ('Agents', 'Support managers'))) FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('two_of_the_desk', 'A written yes is recorded and confirmed by agents and support managers alone.');
    END IF;
END $$;

-- One person, as far as rows can say so: one account, or two that have or had an address of one mailbox, or the same name.
CREATE FUNCTION is_same_person(one bigint, other bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH known AS (SELECT id, bare_address(email) AS is_known_by FROM support_user WHERE id IN (one, other)
        UNION SELECT id, bare_address(email) FROM support_historicaluser WHERE id IN (one, other)
        UNION SELECT user_id, bare_address(email) FROM account_emailaddress WHERE user_id IN (one, other)
        UNION SELECT id, lower(btrim(regexp_replace(name, '\s+', ' ', 'g'))) FROM support_user WHERE id IN (one, other))
    SELECT one = other OR EXISTS (SELECT FROM known a JOIN known b USING (is_known_by) WHERE a.id = one AND b.id = other)
$$;

CREATE FUNCTION written_yes_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE offer billing_offer; signer support_contact; paper support_file;
BEGIN
    PERFORM must_read_committed();
    IF hold_offer(NEW.offer_id) <> 'undecided' THEN
        PERFORM refuse('decided_once', 'This offer has been decided.');
    END IF;
    SELECT * INTO STRICT offer FROM billing_offer WHERE id = NEW.offer_id;
    PERFORM must_be_at_work(NEW.actor_kind, NEW.actor_id);
    signer := must_be_a_contact(NEW.contact_id, offer.engagement_id);
    IF NEW.sha256 IS DISTINCT FROM offer.sha256 THEN
        PERFORM refuse('signed_is_what_was_shown', 'What was shown is not what stands in this offer: open it again.');
    END IF;
    IF signer.approves_up_to <= 0 THEN
        PERFORM refuse('signers_have_authority', 'This contact may not approve money for the customer.');
    END IF;
    IF EXISTS (SELECT FROM billing_writtenyes y WHERE y.offer_id = NEW.offer_id AND y.contact_id = NEW.contact_id
            AND NOT EXISTS (SELECT FROM billing_writtencheck WHERE written_id = y.id)) THEN
        PERFORM refuse('one_written_yes_at_a_time', 'A written yes of this contact is recorded already: it has to be confirmed or refused first.');
    END IF;
    SELECT * INTO paper FROM support_file WHERE id = NEW.original_id;
    IF paper.customer_id IS DISTINCT FROM signer.customer_id OR paper.visibility <> 'internal' OR paper.size <= 0 THEN
        PERFORM refuse('original_is_kept_by_the_desk', 'The original is a file of this customer that only the desk reads.');
    END IF;
    NEW.original_sha256 := paper.sha256;
    NEW.contact_name := signer.name;
    NEW.contact_email := signer.email;
    NEW.recorded_at := countersign_now();
    IF NEW.recorded_at >= least(offer.answer_by, offer.work_until) THEN
        PERFORM refuse('offer_is_open', 'The time to answer this offer is over.');
    END IF;
    -- A day on either side: a date has no zone.
    IF NEW.dated_on < (offer.sent_at AT TIME ZONE 'UTC')::date - 1 OR NEW.dated_on > (NEW.recorded_at AT TIME ZONE 'UTC')::date + 1 THEN
        PERFORM refuse('written_after_it_was_offered', 'It is dated before this offer was sent, or after today: it does not answer it.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION written_check_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE said billing_writtenyes; offer billing_offer;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT said FROM billing_writtenyes WHERE id = NEW.written_id;
    IF hold_offer(said.offer_id) <> 'undecided' THEN
        PERFORM refuse('decided_once', 'This offer has been decided.');
    END IF;
    SELECT * INTO STRICT offer FROM billing_offer WHERE id = said.offer_id;
    IF EXISTS (SELECT FROM billing_writtencheck WHERE written_id = said.id) THEN
        PERFORM refuse('checked_once', 'Somebody has confirmed or refused this already.');
    END IF;
    PERFORM must_be_at_work(NEW.actor_kind, NEW.actor_id);
    IF is_same_person(said.actor_id, NEW.actor_id) THEN
        PERFORM refuse('confirmed_by_another', 'Whoever recorded a written yes never confirms or refuses it: another person of the desk does.');
    END IF;
    IF NEW.sha256 IS DISTINCT FROM offer.sha256 OR NEW.original_sha256 <> said.original_sha256 THEN
        PERFORM refuse('signed_is_what_was_shown', 'What was shown is not what stands in this offer: open it again.');
    END IF;
    NEW.checked_at := countersign_now();
    IF NEW.confirmed AND NEW.checked_at >= least(offer.answer_by, offer.work_until) THEN
        PERFORM refuse('offer_is_open', 'The time to answer this offer is over.');
    END IF;
    RETURN NEW;
END $$;

-- A confirmation is a signature in the same transaction, or it is none: no instant lies between them.
CREATE FUNCTION confirmed_is_signed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.confirmed AND NOT EXISTS (SELECT FROM billing_signature WHERE written_id = NEW.written_id) THEN
        PERFORM refuse('confirmed_is_signed', 'What is confirmed is signed with it.');
    END IF;
    RETURN NULL;
END $$;

-- The name under the original, where another one than its recorder has confirmed that it is this contact's yes to this offer.
CREATE FUNCTION confirmed_on_paper(written bigint, offer bigint, contact bigint, how text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE name text;
BEGIN
    SELECT y.signed_name INTO name FROM billing_writtenyes y JOIN billing_writtencheck k ON k.written_id = y.id AND k.confirmed
        WHERE y.id = written AND y.offer_id = offer AND y.contact_id = contact AND y.way = how;
    IF name IS NULL THEN
        PERFORM refuse('confirmed_by_another', 'Nobody has confirmed a written yes of this contact to this offer.');
    END IF;
    RETURN name;
END $$;
REVOKE EXECUTE ON FUNCTION must_be_at_work, is_same_person, written_yes_guard, written_check_guard, confirmed_is_signed, confirmed_on_paper FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_same_person TO countersign_app;  -- pages and the checker ask it

CREATE TRIGGER guard BEFORE INSERT ON billing_writtenyes FOR EACH ROW EXECUTE FUNCTION written_yes_guard();
CREATE TRIGGER guard BEFORE INSERT ON billing_writtencheck FOR EACH ROW EXECUTE FUNCTION written_check_guard();
CREATE CONSTRAINT TRIGGER signed AFTER INSERT ON billing_writtencheck DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION confirmed_is_signed();
CREATE TRIGGER evidence_add AFTER INSERT ON billing_writtenyes FOR EACH ROW EXECUTE FUNCTION evidence_add('written_yes');
CREATE TRIGGER evidence_add AFTER INSERT ON billing_writtencheck FOR EACH ROW EXECUTE FUNCTION evidence_add('written_check');
ALTER TABLE billing_writtenyes ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER evidence_add;
ALTER TABLE billing_writtencheck ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER signed, ENABLE ALWAYS TRIGGER evidence_add;
CALL make_append_only('{billing_writtenyes,billing_writtencheck}');
-- reverse
DROP TRIGGER append_only ON billing_writtenyes; DROP TRIGGER append_only ON billing_writtencheck;
DROP TRIGGER evidence_add ON billing_writtenyes; DROP TRIGGER evidence_add ON billing_writtencheck;
DROP FUNCTION written_yes_guard, written_check_guard, confirmed_is_signed CASCADE;
DROP FUNCTION must_be_at_work, is_same_person, confirmed_on_paper;
