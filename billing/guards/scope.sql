-- What was decided of a ticket's scope holds while work on it is offered or done as an engagement, and a ticket does not end over an open question.
CREATE FUNCTION scope_decision_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE open_one text;
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_ticket WHERE id = NEW.ticket_id FOR NO KEY UPDATE;  -- whoever requests or offers holds it too
    SELECT reference INTO open_one FROM billing_engagement WHERE ticket_id = NEW.ticket_id AND state NOT IN ('withdrawn', 'done') ORDER BY id LIMIT 1;
    IF open_one IS NOT NULL AND NEW.outcome <> 'engagement' THEN
        PERFORM refuse('an_open_engagement_stays_out_of_scope', format('%s is open on this ticket: finish it or withdraw it first, then decide anew.', open_one));
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ticket_leaves_no_offer_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE open_one text;
BEGIN
    PERFORM must_read_committed();
    SELECT e.reference || '-' || o.number INTO open_one FROM billing_offer o JOIN billing_engagement e ON e.id = o.engagement_id WHERE e.ticket_id = NEW.id
        AND NOT EXISTS (SELECT FROM billing_approval WHERE offer_id = o.id) AND NOT EXISTS (SELECT FROM billing_offerend WHERE offer_id = o.id) LIMIT 1;
    IF open_one IS NOT NULL THEN
        PERFORM refuse('a_ticket_leaves_no_offer_open', format('Offer %s waits for the customer''s answer: withdraw it first, or wait for the answer.', open_one));
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION scope_decision_guard, ticket_leaves_no_offer_open FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_scopedecision FOR EACH ROW EXECUTE FUNCTION scope_decision_guard();
CREATE TRIGGER offers BEFORE UPDATE OF state ON support_ticket FOR EACH ROW
    WHEN (NEW.state IN ('resolved', 'closed') AND OLD.state NOT IN ('resolved', 'closed')) EXECUTE FUNCTION ticket_leaves_no_offer_open();
ALTER TABLE billing_scopedecision ENABLE ALWAYS TRIGGER guard;
ALTER TABLE support_ticket ENABLE ALWAYS TRIGGER offers;
-- reverse
DROP FUNCTION scope_decision_guard, ticket_leaves_no_offer_open CASCADE;
