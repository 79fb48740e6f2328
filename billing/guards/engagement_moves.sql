-- An engagement moves as its verbs move it. What is done or withdrawn stays so: its minimum, and what may be booked, hang on it.
CREATE FUNCTION engagement_moves_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'requested' THEN
        PERFORM refuse('engagements_begin_as_requested', 'An engagement begins as a request.');
    ELSIF TG_OP = 'UPDATE' AND NEW.state <> OLD.state AND NOT coalesce(NEW.state = ANY (CASE OLD.state
            WHEN 'requested' THEN '{offered,withdrawn,done}'
            WHEN 'offered' THEN '{requested,approved,declined,withdrawn,done}'
            WHEN 'approved' THEN '{requested,offered,withdrawn,done}'
            WHEN 'declined' THEN '{requested,offered,withdrawn,done}' END::text[]), false) THEN
        PERFORM refuse('engagements_move_as_their_verbs', format('%s is %s; it cannot become %s.', OLD.reference, OLD.state, NEW.state));
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION engagement_moves_guard FROM PUBLIC;
CREATE TRIGGER moves BEFORE INSERT OR UPDATE ON billing_engagement FOR EACH ROW EXECUTE FUNCTION engagement_moves_guard();
ALTER TABLE billing_engagement ENABLE ALWAYS TRIGGER moves;
-- reverse
DROP FUNCTION engagement_moves_guard CASCADE;
