-- The minimum of an engagement: topped up once, when it is done and all of its time is invoiced, to what was signed and never above.
-- Whoever tops up or credits holds the engagement alone, whoever books holds it together with others: neither misses the other.
CREATE FUNCTION hold_minimums(invoice bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE engagement bigint;
BEGIN
    FOR engagement IN SELECT DISTINCT a.engagement_id FROM billing_invoiceline l JOIN billing_invoiceline c ON c.id = coalesce(l.credits_id, l.id)
        JOIN billing_approval a ON a.id = c.approval_id
        WHERE l.invoice_id = invoice AND l.kind IN ('minimum', 'credit') ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('minimum of ' || engagement, 0));
    END LOOP;
END $$;

-- The newest yes that names a minimum, was not replaced, and under which, or under one that it replaces, any of it was worked says how much;
-- where its engagement has another currency besides, nothing does.
CREATE FUNCTION minimum_signed(engagement bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.id FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id
    WHERE a.engagement_id = engagement AND o.minimum_charge > 0
        AND NOT EXISTS (SELECT FROM billing_approvalend e WHERE e.approval_id = a.id AND e.why = 'superseded')
        AND EXISTS (WITH RECURSIVE chain(offer, replaces) AS (SELECT o.id, o.replaces_id
                UNION ALL SELECT p.id, p.replaces_id FROM billing_offer p JOIN chain ON p.id = chain.replaces)
            SELECT FROM chain JOIN billing_timeentry t ON t.offer_id = chain.offer
            WHERE t.approval_id IS NOT NULL AND t.superseded_by_id IS NULL AND t.billed_minutes > 0)
        AND NOT EXISTS (SELECT FROM billing_approval b JOIN billing_offer p ON p.id = b.offer_id WHERE b.engagement_id = engagement AND p.currency <> o.currency)
    ORDER BY a.decided_at DESC, a.id DESC LIMIT 1
$$;

-- That yes, once the engagement is done; nothing before, where it was ever withdrawn, and after it was credited for good.
CREATE FUNCTION minimum_due(engagement bigint) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT minimum_signed(engagement) FROM billing_engagement WHERE id = engagement AND state = 'done'
        AND NOT EXISTS (SELECT FROM billing_historicalengagement h WHERE h.id = engagement AND h.state = 'withdrawn')
        AND NOT EXISTS (SELECT FROM billing_billedminimum b JOIN billing_invoiceline c ON c.id = b.credited_by_id WHERE b.engagement_id = engagement AND c.for_good)
$$;

-- What its lines of time and surcharges come to that stand: issued and not credited, on this invoice, or on a draft of this month.
CREATE FUNCTION charged_for(engagement bigint, invoice bigint, drafted date) RETURNS numeric LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(sum(l.net), 0) FROM billing_invoiceline l JOIN billing_approval a ON a.id = l.approval_id JOIN billing_invoice i ON i.id = l.invoice_id
    WHERE a.engagement_id = engagement AND l.kind IN ('time', 'surcharge') AND (i.number IS NOT NULL OR i.id = invoice OR i.month = drafted)
        AND NOT EXISTS (SELECT FROM billing_invoiceline c JOIN billing_invoice n ON n.id = c.invoice_id WHERE c.credits_id = l.id AND n.number IS NOT NULL)
$$;

-- How many times an entry of it is on no such line, for its time or for a surcharge that it attracts.
CREATE FUNCTION lines_lacking(engagement bigint, invoice bigint, drafted date) RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM billing_timeentry t JOIN billing_offer o ON o.id = t.offer_id
        CROSS JOIN LATERAL (VALUES ('', t.billed_minutes > 0), ('out_of_hours', t.out_of_hours AND t.billed_minutes > 0 AND o.out_of_hours_rate > 0),
            ('on_site', t.on_site AND t.billed_minutes > 0 AND o.on_site_rate > 0), ('visit', t.visit AND o.visit_price > 0)) AS asks (surcharge, so)
    WHERE t.engagement_id = engagement AND t.approval_id IS NOT NULL AND t.superseded_by_id IS NULL AND asks.so
        AND NOT EXISTS (SELECT FROM billing_billedentry b JOIN billing_invoiceline l ON l.id = b.line_id JOIN billing_invoice i ON i.id = l.invoice_id
            WHERE b.entry_id = t.id AND b.surcharge = asks.surcharge AND b.credited_by_id IS NULL AND (i.number IS NOT NULL OR i.id = invoice OR i.month = drafted))
$$;

-- The issued invoice on which it is topped up, as people say it; NULL for none. A later statement sees what was waited for.
CREATE FUNCTION topped_up_on(engagement bigint) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.series || '-' || lpad(i.number::text, 6, '0') FROM billing_billedminimum b JOIN billing_invoiceline l ON l.id = b.line_id
        JOIN billing_invoice i ON i.id = l.invoice_id WHERE b.engagement_id = engagement AND b.credited_by_id IS NULL AND i.number IS NOT NULL
$$;

-- Time that would change what a minimum was topped up from waits until that is credited.
CREATE FUNCTION must_not_be_topped_up(engagement bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id WHERE a.engagement_id = engagement AND o.minimum_charge > 0) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('minimum of ' || engagement, 0));
    IF topped_up_on(engagement) IS NOT NULL THEN
        PERFORM refuse('minimum_is_topped_up_last', format('The minimum of this engagement is on %s: a credit note has to free it first.', topped_up_on(engagement)));
    END IF;
END $$;

CREATE FUNCTION must_top_up(invoice billing_invoice) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE line record; wrong int; already text;
BEGIN
    PERFORM hold_minimums(invoice.id);
    FOR line IN SELECT l.*, a.engagement_id, o.minimum_charge, o.tax_code AS signed_code, o.tax_rate AS signed_tax, o.account_code AS signed_account
        FROM billing_invoiceline l JOIN billing_approval a ON a.id = l.approval_id JOIN billing_offer o ON o.id = a.offer_id
        WHERE l.invoice_id = invoice.id AND l.kind = 'minimum' ORDER BY l.position
    LOOP
        IF line.approval_id IS DISTINCT FROM minimum_due(line.engagement_id) THEN
            PERFORM refuse('minimums_are_signed', format('Line %s tops up what nobody has signed, or work that is not done.', line.position));
        ELSIF lines_lacking(line.engagement_id, invoice.id, NULL) > 0 THEN
            PERFORM refuse('minimum_is_topped_up_last', format('Line %s tops up an engagement that has time on no issued invoice: draft the month again.', line.position));
        ELSIF line.net <= 0 OR (line.minutes, line.surcharged, line.rate, line.net, line.tax_code, line.tax_rate, line.tax, line.account_code,
                (SELECT array_agg(b.charged) FROM billing_billedminimum b WHERE b.line_id = line.id AND b.engagement_id = line.engagement_id)) IS DISTINCT FROM
            (0, 0, line.net, line.minimum_charge - charged_for(line.engagement_id, invoice.id, NULL), line.signed_code, line.signed_tax,
                round(line.net * line.signed_tax / 100, 2), line.signed_account, ARRAY[line.minimum_charge - line.net]) THEN
            PERFORM refuse('lines_are_priced_from_their_entries', format('Line %s is not what is left to the minimum: draft the month again.', line.position));
        ELSIF line.purchase_order <> purchase_order_for(line.engagement_id,
                (engagement_ended_at(line.engagement_id) AT TIME ZONE (SELECT time_zone FROM support_legalentity WHERE id = invoice.legal_entity_id))::date) THEN
            PERFORM refuse('lines_name_their_purchase_order', format('The purchase order of line %s has changed: draft the month again.', line.position));
        END IF;
    END LOOP;
    SELECT l.position, topped_up_on(a.engagement_id) INTO wrong, already FROM billing_invoiceline l JOIN billing_invoiceline c ON c.id = l.credits_id
        JOIN billing_approval a ON a.id = c.approval_id JOIN billing_billedminimum b ON b.engagement_id = a.engagement_id AND b.credited_by_id IS NULL
        WHERE l.invoice_id = invoice.id AND l.kind = 'credit' AND c.kind IN ('time', 'surcharge') AND topped_up_on(a.engagement_id) IS NOT NULL
            AND NOT EXISTS (SELECT FROM billing_invoiceline o WHERE o.invoice_id = invoice.id AND o.kind = 'credit' AND o.credits_id = b.line_id) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('minimum_is_topped_up_last', format('Line %s counts towards the minimum on %s: credit that first, or with it.', wrong, already));
    END IF;
END $$;

CREATE FUNCTION billed_minimum_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE invoice billing_invoice; line billing_invoiceline;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO line FROM billing_invoiceline WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.line_id ELSE NEW.line_id END;
    IF TG_OP = 'UPDATE' THEN  -- only a credit note frees a minimum, once, as it is issued
        IF OLD.credited_by_id IS NOT NULL OR (NEW.id, NEW.line_id, NEW.engagement_id, NEW.charged) IS DISTINCT FROM (OLD.id, OLD.line_id, OLD.engagement_id, OLD.charged)
            OR NOT EXISTS (SELECT FROM billing_invoiceline c WHERE c.id = NEW.credited_by_id AND c.credits_id = OLD.line_id) THEN
            PERFORM refuse('only_a_credit_note_frees_time', 'Only a credit note on that invoice frees what it billed.');
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO invoice FROM billing_invoice WHERE id = line.invoice_id FOR SHARE;
    IF invoice.number IS NOT NULL THEN
        PERFORM refuse('issued_invoices_never_change', 'This invoice is issued: correct it by a credit note.');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF line.kind <> 'minimum' OR NEW.credited_by_id IS NOT NULL OR NOT EXISTS (SELECT FROM billing_approval WHERE id = line.approval_id AND engagement_id = NEW.engagement_id) THEN
        PERFORM refuse('minimums_are_signed', 'This is not of the engagement of the approval that the line names.');
    ELSIF month_of(invoice.legal_entity_id, engagement_ended_at(NEW.engagement_id)) IS DISTINCT FROM invoice.month THEN
        PERFORM refuse('time_is_billed_in_its_month', 'This engagement was done in another month.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION hold_minimums, must_not_be_topped_up, must_top_up, billed_minimum_guard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_minimums TO countersign_app;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_billedminimum FOR EACH ROW EXECUTE FUNCTION billed_minimum_guard();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_billedminimum FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE billing_billedminimum ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
REVOKE UPDATE ON billing_billedminimum FROM countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_billedminimum;
DROP FUNCTION billed_minimum_guard CASCADE;
DROP FUNCTION must_top_up; DROP FUNCTION must_not_be_topped_up; DROP FUNCTION topped_up_on; DROP FUNCTION minimum_due;
DROP FUNCTION lines_lacking; DROP FUNCTION charged_for; DROP FUNCTION minimum_signed; DROP FUNCTION hold_minimums;
