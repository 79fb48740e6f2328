-- A step belongs to the newest decision of its ticket; a purchase order follows its estimate, and a manager answers once.
CREATE FUNCTION way_step_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE decided billing_scopedecision;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT decided FROM billing_scopedecision WHERE id = NEW.decision_id;
    PERFORM FROM support_ticket WHERE id = decided.ticket_id FOR NO KEY UPDATE;
    IF decided.scope <> 'out' OR decided.outcome IN ('', 'engagement') OR EXISTS (SELECT FROM billing_scopedecision WHERE ticket_id = decided.ticket_id AND id > decided.id) THEN
        PERFORM refuse('way_of_the_newest_decision', 'The scope was decided anew since: open the ticket again.');
    END IF;
    IF NEW.step = 'order' AND NOT EXISTS (SELECT FROM billing_waystep WHERE decision_id = NEW.decision_id AND step = 'estimate') THEN
        PERFORM refuse('an_order_follows_its_estimate', 'A purchase order is for an estimate: write that down first.');
    END IF;
    IF NEW.step IN ('allowed', 'refused') THEN
        IF EXISTS (SELECT FROM billing_waystep WHERE decision_id = NEW.decision_id AND step IN ('allowed', 'refused')) THEN
            PERFORM refuse('a_manager_answers_once', 'A manager has answered this already.');
        ELSIF NOT is_a_manager(NEW.actor_kind, NEW.actor_id) THEN
            PERFORM refuse('allowed_by_a_manager', 'Only a support manager says yes or no to this.');
        END IF;
    END IF;
    IF NEW.step = 'allowed' AND decided.accredited_partner_id IS NOT NULL AND NOT EXISTS (SELECT FROM support_ticket t, accredited_partner(t.customer_id, countersign_now())
            WHERE t.id = decided.ticket_id) THEN
        PERFORM refuse('only_for_an_accredited_partner', 'The partner''s accreditation has ended since: this is given no more.');
    END IF;
    NEW.taken_at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION way_step_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_waystep FOR EACH ROW EXECUTE FUNCTION way_step_guard();
ALTER TABLE billing_waystep ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_waystep}');
-- reverse
DROP TRIGGER append_only ON billing_waystep;
DROP FUNCTION way_step_guard CASCADE;
