-- What the lists of a ticket's contract say of its work is what is decided of it; otherwise only a support manager decides, in writing.
CREATE FUNCTION is_a_manager(acting text, person bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT acting = 'staff' AND EXISTS (SELECT FROM support_user u WHERE u.id = person AND u.kind = 'staff' AND u.is_active AND (u.is_superuser OR EXISTS (
        SELECT FROM support_user_groups m JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id AND g.name = 'Support managers')))
$$;

-- The item of a service's list, where it holds for customers of this CSP type.
CREATE FUNCTION listed_item(of_service bigint, of_code text, of_csp text) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i FROM support_serviceversion v, jsonb_array_elements(v.data #> '{scope,items}') AS i
        WHERE v.id = of_service AND i->>'code' = of_code AND (NOT i ? 'csp_types' OR i->'csp_types' ? of_csp)
$$;

-- Whether the list agrees, as billing.scope.judge has it. Null for what nobody may decide: work in the standard scope is no engagement.
CREATE FUNCTION the_list_agrees(of_service bigint, item jsonb, scope text, outcome text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE
            WHEN scope = 'in' THEN CASE WHEN offers THEN standard ELSE verdict = 'eligible' END
            WHEN outcome <> 'engagement' THEN CASE WHEN offers THEN NOT standard ELSE verdict <> 'eligible' END
            WHEN standard OR NOT (offers OR verdict = 'not_eligible') THEN NULL
            ELSE offers AND verdict = 'eligible' END
        FROM (SELECT v.kind = 'engagement' AS offers, item->>'verdict' AS verdict, coalesce(item->>'outcome', '') = 'standard' AS standard
            FROM support_serviceversion v WHERE v.id = of_service) AS list
$$;

-- After the decision's own guard, which holds the ticket: triggers of a table go by their names.
CREATE FUNCTION scope_listed_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held support_contract; item jsonb; way jsonb; agrees boolean;
BEGIN
    PERFORM must_read_committed();
    NEW.decided_at := countersign_now();
    NEW.accredited_partner_id := NULL;
    NEW.accredited_until := NULL;
    SELECT c.* INTO held FROM support_ticket t JOIN support_contract c ON c.id = t.contract_id WHERE t.id = NEW.ticket_id;
    IF NEW.reason !~ '\S' THEN
        PERFORM refuse('scope_decision_has_a_reason', 'Write down why.');
    ELSIF NEW.scope = 'in' AND NEW.outcome <> '' THEN
        PERFORM refuse('work_in_scope_is_no_engagement', 'Work in scope is done under the contract: it goes no other way.');
    ELSIF held.id IS NULL THEN
        IF NEW.scope <> 'out' OR NEW.outcome <> '' OR NEW.service_id IS NOT NULL OR NEW.override THEN
            PERFORM refuse('nothing_is_in_scope_without_a_contract', 'Without a contract in force nothing is in scope, and nothing can be offered.');
        END IF;
        NEW.csp := '';
        RETURN NEW;
    END IF;
    item := listed_item(NEW.service_id, NEW.item, held.csp);
    IF item IS NULL OR (NEW.service_id IN (held.engagement_service_id, held.support_service_id)) IS NOT TRUE THEN
        PERFORM refuse('scope_by_the_contracts_lists', format('“%s” is not on a list that holds for this contract.', NEW.item));
    END IF;
    agrees := the_list_agrees(NEW.service_id, item, NEW.scope, NEW.outcome);
    IF NEW.scope = 'out' AND NEW.outcome <> 'engagement' THEN
        SELECT o INTO way FROM support_serviceversion v, jsonb_array_elements(v.data #> '{scope,outcomes}') AS o WHERE v.id = NEW.service_id AND o->>'code' = NEW.outcome;
        IF way IS NULL OR NEW.outcome = 'standard' THEN  -- that is how work in scope is done
            PERFORM refuse('work_goes_the_ways_of_its_service', format('“%s” is no way that its service knows for work out of scope.', NEW.outcome));
        ELSIF way->'asks' ? 'agreed' AND (NEW.agreed_with !~ '\S' OR NEW.agreed_at IS NULL OR NEW.agreed_at > NEW.decided_at) THEN
            PERFORM refuse('agreed_where_the_service_asks', 'Write down with whom of the customer or partner it was agreed, and when.');
        ELSIF way->'asks' ? 'consulted' AND NEW.consulted !~ '\S' THEN
            PERFORM refuse('consulted_where_the_service_asks', 'The head of support is consulted first: write down who that was.');
        ELSIF way->'asks' ? 'accredited' THEN
            SELECT p.partner, p.until INTO NEW.accredited_partner_id, NEW.accredited_until FROM support_ticket t, accredited_partner(t.customer_id, NEW.decided_at) AS p
                WHERE t.id = NEW.ticket_id;
            IF NEW.accredited_partner_id IS NULL THEN
                PERFORM refuse('only_for_an_accredited_partner', 'This way is for an accredited partner, and no accreditation holds today.');
            END IF;
        END IF;
    ELSIF agrees IS NULL OR NEW.scope = 'out' AND held.engagement_service_id IS NULL THEN
        PERFORM refuse('standard_work_is_no_engagement', 'Work in the standard scope is never an engagement: it is done under the contract.');
    END IF;
    IF NOT agrees AND NOT (NEW.override AND is_a_manager(NEW.actor_kind, NEW.actor_id)) THEN
        PERFORM refuse('against_the_list_by_a_manager', 'The list says otherwise: only a support manager decides a single case so.');
    END IF;
    NEW.override := NOT agrees;
    NEW.csp := held.csp;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION scope_listed_guard FROM PUBLIC;
CREATE TRIGGER listed BEFORE INSERT ON billing_scopedecision FOR EACH ROW EXECUTE FUNCTION scope_listed_guard();
ALTER TABLE billing_scopedecision ENABLE ALWAYS TRIGGER listed;
-- reverse
DROP FUNCTION scope_listed_guard CASCADE; DROP FUNCTION the_list_agrees; DROP FUNCTION listed_item; DROP FUNCTION is_a_manager;
