-- What an engagement hangs on: its ticket's contract, and a decision that the work is out of scope.
CREATE FUNCTION engagement_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.reference, NEW.ticket_id, NEW.contract_id, NEW.decision_id, NEW.requested_at)
            IS DISTINCT FROM (OLD.id, OLD.reference, OLD.ticket_id, OLD.contract_id, OLD.decision_id, OLD.requested_at) THEN
            PERFORM refuse('engagements_keep_their_identity', 'An engagement keeps its reference, its ticket and its contract.');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM support_ticket WHERE id = NEW.ticket_id AND contract_id = NEW.contract_id) THEN
        PERFORM refuse('engagement_under_its_tickets_contract', 'An engagement falls under the contract of its ticket.');
    END IF;
    IF NOT EXISTS (SELECT FROM billing_scopedecision WHERE id = NEW.decision_id AND ticket_id = NEW.ticket_id AND scope = 'out' AND outcome = 'engagement'
            AND (override OR the_list_agrees(service_id, listed_item(service_id, item, csp), scope, outcome))
            AND NOT EXISTS (SELECT FROM billing_scopedecision n WHERE n.ticket_id = NEW.ticket_id AND n.id > NEW.decision_id AND n.outcome <> 'engagement')) THEN
        PERFORM refuse('engagement_is_out_of_scope', 'An engagement needs a decision that the work is out of scope and may be offered.');
    END IF;
    RETURN NEW;
END $$;

-- Who sells, who is served and in which currency cannot change under what was offered: chain, months and prices stand on it.
CREATE FUNCTION contract_seller_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_contract WHERE id = NEW.id FOR UPDATE;  -- an engagement that begins meanwhile is written first
    IF EXISTS (SELECT FROM billing_engagement WHERE contract_id = NEW.id) THEN
        PERFORM refuse('contract_keeps_its_seller', 'Engagements hang on this contract: it keeps its holder, its seller and its currency. Make a new one.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION engagement_guard, contract_seller_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON billing_engagement FOR EACH ROW EXECUTE FUNCTION engagement_guard();
CREATE TRIGGER seller BEFORE UPDATE ON support_contract FOR EACH ROW
    WHEN ((OLD.holder_id, OLD.legal_entity_id, OLD.currency) IS DISTINCT FROM (NEW.holder_id, NEW.legal_entity_id, NEW.currency))
    EXECUTE FUNCTION contract_seller_guard();
ALTER TABLE billing_engagement ENABLE ALWAYS TRIGGER guard;
ALTER TABLE support_contract ENABLE ALWAYS TRIGGER seller;
REVOKE DELETE, TRUNCATE ON billing_engagement, billing_ratecard, billing_contractrate FROM countersign_app;
CALL make_append_only('{billing_scopedecision}');
CALL track('billing_ratecard', 'billing_historicalratecard');
CALL track('billing_contractrate', 'billing_historicalcontractrate');
CALL track('billing_engagement', 'billing_historicalengagement');
-- reverse
DROP TRIGGER history_required ON billing_engagement; DROP TRIGGER append_only ON billing_historicalengagement;
DROP TRIGGER history_required ON billing_contractrate; DROP TRIGGER append_only ON billing_historicalcontractrate;
DROP TRIGGER history_required ON billing_ratecard; DROP TRIGGER append_only ON billing_historicalratecard;
DROP TRIGGER append_only ON billing_scopedecision;
DROP FUNCTION engagement_guard, contract_seller_guard CASCADE;
GRANT DELETE ON billing_engagement, billing_ratecard, billing_contractrate TO countersign_app;
