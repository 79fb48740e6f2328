-- A statement of work is its bytes: numbered and stamped by the database, and the newest one is what an offer names.
ALTER TABLE billing_statementofwork
    ADD CONSTRAINT statement_hash_is_of_its_bytes CHECK (sha256 = sha256(document)),
    ADD CONSTRAINT statement_key UNIQUE (id, engagement_id);
ALTER TABLE billing_offer
    ADD CONSTRAINT offer_names_a_statement_of_its_own FOREIGN KEY (statement_id, engagement_id) REFERENCES billing_statementofwork (id, engagement_id);

CREATE FUNCTION statement_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE engagement billing_engagement;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT engagement FROM billing_engagement WHERE id = NEW.engagement_id FOR NO KEY UPDATE;  -- no offer meanwhile
    IF engagement.state IN ('withdrawn', 'done') THEN
        PERFORM refuse('ended_engagements_are_not_offered', 'This engagement has ended.');
    END IF;
    NEW.version := 1 + coalesce((SELECT max(version) FROM billing_statementofwork WHERE engagement_id = NEW.engagement_id), 0);
    NEW.written_at := countersign_now();
    RETURN NEW;
END $$;

-- Minutes that the customer will have been asked for: this cap, those in force that it does not replace, and what was used of the others.
CREATE FUNCTION work_asked_for(engagement bigint, offered int, replaces bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT offered + coalesce(sum(CASE WHEN b.ended_at IS NULL AND b.work_until > countersign_now() AND a.offer_id IS DISTINCT FROM replaces THEN b.cap ELSE b.used END), 0)
        FROM billing_approval a JOIN billing_approvalbalance b ON b.approval_id = a.id WHERE a.engagement_id = engagement
$$;

-- After the offer's own guard, which holds the engagement: triggers of a table go by their names.
CREATE FUNCTION offer_statement_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE newest bigint; above int; estimate int;
BEGIN
    PERFORM must_read_committed();
    SELECT id INTO newest FROM billing_statementofwork WHERE engagement_id = NEW.engagement_id ORDER BY version DESC LIMIT 1;
    IF NEW.statement_id IS DISTINCT FROM newest THEN
        PERFORM refuse('the_newest_statement_is_offered', 'The statement of work has a newer version: offer that one.');
    END IF;
    SELECT c.statement_above, e.estimate INTO above, estimate FROM billing_engagement e JOIN billing_contractrate r ON r.contract_id = e.contract_id
        JOIN billing_ratecard c ON c.id = r.card_id WHERE e.id = NEW.engagement_id;
    IF newest IS NULL AND greatest(estimate, work_asked_for(NEW.engagement_id, NEW.cap, NEW.replaces_id)) > above THEN
        PERFORM refuse('complex_work_has_a_statement', 'Work of this size needs a statement of work: write it before it is offered.');
    END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION statement_guard, offer_statement_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_statementofwork FOR EACH ROW EXECUTE FUNCTION statement_guard();
CREATE TRIGGER statement BEFORE INSERT ON billing_offer FOR EACH ROW EXECUTE FUNCTION offer_statement_guard();
ALTER TABLE billing_statementofwork ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_offer ENABLE ALWAYS TRIGGER statement;
CALL make_append_only('{billing_statementofwork}');
-- reverse
DROP TRIGGER append_only ON billing_statementofwork;
DROP FUNCTION statement_guard, offer_statement_guard CASCADE; DROP FUNCTION work_asked_for;
ALTER TABLE billing_offer DROP CONSTRAINT offer_names_a_statement_of_its_own;
ALTER TABLE billing_statementofwork DROP CONSTRAINT statement_key, DROP CONSTRAINT statement_hash_is_of_its_bytes;
