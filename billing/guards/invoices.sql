-- Numbers come from the counter, in the transaction that issues, by the database itself; what is issued never changes.
CREATE FUNCTION must_add_up(invoice billing_invoice) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE wrong int; sums record;
BEGIN
    SELECT count(*) AS lines, sum(net) AS net, sum(tax) AS tax INTO sums FROM billing_invoiceline WHERE invoice_id = invoice.id;
    IF sums.lines = 0 THEN
        PERFORM refuse('invoices_have_lines', 'There is nothing on this invoice.');
    ELSIF (invoice.net, invoice.tax, invoice.total) IS DISTINCT FROM (sums.net, sums.tax, sums.net + sums.tax) THEN
        PERFORM refuse('total_is_the_sum_of_lines', 'The total is not the sum of the lines.');
    END IF;
    SELECT l.position INTO wrong FROM billing_invoiceline l LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer o ON o.id = a.offer_id
        WHERE l.invoice_id = invoice.id AND l.kind = 'time' AND (l.minutes, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code) IS DISTINCT FROM (
            (SELECT sum(t.billed_minutes) FROM billing_billedentry b JOIN billing_timeentry t ON t.id = b.entry_id WHERE b.line_id = l.id),
            o.rate, least(round(l.minutes * l.rate / 60, 2), left_to_ask(l.id)), o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code) LIMIT 1;
    IF NOT FOUND THEN
        SELECT l.position INTO wrong FROM billing_invoiceline l JOIN billing_approval a ON a.id = l.approval_id JOIN billing_offer o ON o.id = a.offer_id
            CROSS JOIN LATERAL (SELECT sum(t.billed_minutes) AS minutes, count(*) AS entries FROM billing_billedentry b JOIN billing_timeentry t ON t.id = b.entry_id
                WHERE b.line_id = l.id) worked
            CROSS JOIN LATERAL (SELECT CASE l.surcharge WHEN 'out_of_hours' THEN o.out_of_hours_rate WHEN 'on_site' THEN o.on_site_rate ELSE o.visit_price END AS rate) added
            WHERE l.invoice_id = invoice.id AND l.kind = 'surcharge' AND (l.surcharged, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code) IS DISTINCT FROM (
                CASE l.surcharge WHEN 'visit' THEN 0 ELSE worked.minutes END, added.rate,
                CASE l.surcharge WHEN 'visit' THEN worked.entries * added.rate ELSE least(round(worked.minutes * added.rate / 60, 2), left_to_ask(l.id)) END,
                o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code) LIMIT 1;
    END IF;
    IF NOT FOUND THEN
        SELECT l.position INTO wrong FROM billing_invoiceline l JOIN billing_approval a ON a.id = l.approval_id JOIN billing_offer o ON o.id = a.offer_id
            WHERE l.invoice_id = invoice.id AND l.kind = 'fixed' AND (EXISTS (SELECT FROM billing_delivery d JOIN billing_billeddelivery b ON b.delivery_id = d.id
                JOIN billing_invoiceline c ON c.id = b.credited_by_id WHERE d.approval_id = l.approval_id AND c.for_good) OR (l.minutes, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code,
                (SELECT count(*) FROM billing_billeddelivery b JOIN billing_delivery d ON d.id = b.delivery_id WHERE b.line_id = l.id AND d.approval_id = l.approval_id))
                IS DISTINCT FROM (0, o.fixed_price, o.fixed_price, o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code, 1)) LIMIT 1;
    END IF;
    IF FOUND THEN
        PERFORM refuse('lines_are_priced_from_their_entries', format('Line %s is not the price of its entries: draft the month again.', wrong));
    END IF;
    SELECT l.position INTO wrong FROM billing_invoiceline l JOIN billing_approval a ON a.id = l.approval_id JOIN billing_offer o ON o.id = a.offer_id
        JOIN billing_engagement e ON e.id = a.engagement_id JOIN support_contract c ON c.id = e.contract_id
        WHERE l.invoice_id = invoice.id AND l.kind <> 'credit'
            AND (c.bill_to_id, c.legal_entity_id, o.currency) IS DISTINCT FROM (invoice.bill_to_id, invoice.legal_entity_id, invoice.currency) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('lines_are_of_their_invoice', format('Line %s is not paid by this customer: draft the month again.', wrong));
    END IF;
    SELECT l.position INTO wrong FROM billing_invoiceline l JOIN billing_approval a ON a.id = l.approval_id
        JOIN billing_engagement e ON e.id = a.engagement_id JOIN billing_contractrate r ON r.contract_id = e.contract_id
        WHERE l.invoice_id = invoice.id AND l.kind <> 'credit' AND r.order_needed AND l.purchase_order = '' LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('lines_name_their_purchase_order', format('Line %s needs a purchase order: enter it, and draft the month again.', wrong));
    END IF;
    SELECT l.position INTO wrong FROM billing_invoiceline l JOIN billing_billedentry b ON b.line_id = l.id JOIN billing_timeentry t ON t.id = b.entry_id
        JOIN support_legalentity s ON s.id = invoice.legal_entity_id
        WHERE l.invoice_id = invoice.id AND l.kind <> 'credit' AND l.purchase_order <> purchase_order_for(t.engagement_id, (t.started_at AT TIME ZONE s.time_zone)::date) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('lines_name_their_purchase_order', format('The purchase order of line %s has changed: draft the month again.', wrong));
    END IF;
    SELECT l.position INTO wrong FROM billing_invoiceline l JOIN billing_billeddelivery b ON b.line_id = l.id JOIN billing_delivery d ON d.id = b.delivery_id
        JOIN billing_approval a ON a.id = d.approval_id JOIN support_legalentity s ON s.id = invoice.legal_entity_id
        WHERE l.invoice_id = invoice.id AND l.purchase_order <> purchase_order_for(a.engagement_id, (d.delivered_at AT TIME ZONE s.time_zone)::date) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('lines_name_their_purchase_order', format('The purchase order of line %s has changed: draft the month again.', wrong));
    END IF;
    SELECT l.position INTO wrong FROM billing_invoiceline l LEFT JOIN billing_invoiceline c ON c.id = l.credits_id
        WHERE l.invoice_id = invoice.id AND l.kind = 'credit'
            AND (l.minutes, l.surcharge, l.surcharged, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code, l.purchase_order, l.approval_id, c.invoice_id) IS DISTINCT FROM (
                -c.minutes, c.surcharge, -c.surcharged, c.rate, -c.net, c.tax_code, c.tax_rate, -c.tax, c.account_code, c.purchase_order, c.approval_id, invoice.credits_id) LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('credits_undo_a_line', format('Line %s does not undo a line of the invoice that is credited.', wrong));
    END IF;
    PERFORM must_top_up(invoice);
END $$;

CREATE FUNCTION invoice_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE seller support_legalentity;
BEGIN
    PERFORM must_read_committed();
    IF TG_OP <> 'INSERT' AND OLD.number IS NOT NULL THEN
        PERFORM refuse('issued_invoices_never_change', format('Invoice %s-%s is issued: correct it by a credit note.', OLD.series, lpad(OLD.number::text, 6, '0')));
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.number IS NOT NULL OR NEW.issued_at IS NOT NULL THEN PERFORM refuse('invoices_begin_as_drafts', 'An invoice begins as a draft.'); END IF;
        IF NEW.credits_id IS NOT NULL AND NOT EXISTS (SELECT FROM billing_invoice i WHERE i.id = NEW.credits_id AND i.number IS NOT NULL AND i.credits_id IS NULL
            AND (i.legal_entity_id, i.bill_to_id, i.currency, i.month) = (NEW.legal_entity_id, NEW.bill_to_id, NEW.currency, NEW.month)) THEN
            PERFORM refuse('credit_notes_name_an_issued_invoice', 'A credit note corrects an issued invoice of the same company, customer, currency and month.');
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.legal_entity_id, NEW.bill_to_id, NEW.currency, NEW.month, NEW.credits_id) IS DISTINCT FROM (OLD.legal_entity_id, OLD.bill_to_id, OLD.currency, OLD.month, OLD.credits_id) THEN
        PERFORM refuse('drafts_keep_their_head', 'A draft keeps its company, customer, currency, month and what it credits: draft the month again.');
    END IF;
    IF NEW.issued_at IS NOT NULL OR NEW.number IS NOT NULL THEN  -- whoever says "issued" gets the next number, whichever he asked for
        SELECT * INTO STRICT seller FROM support_legalentity WHERE id = NEW.legal_entity_id;
        PERFORM hold_minimums(NEW.id);  -- before the numbers, as a verb takes them
        PERFORM pg_advisory_xact_lock(hashtextextended('numbers of ' || seller.id, 0));
        PERFORM must_add_up(NEW);  -- after that lock: two invoices of one approval never both pass what is left of it
        NEW.issued_at := countersign_now();  -- likewise: order of numbers is order of issue, and the year is the date's
        NEW.series := seller.number_series || '-' || to_char(NEW.issued_at AT TIME ZONE seller.time_zone, 'YYYY');
        INSERT INTO billing_invoicecounter (legal_entity_id, series, last) VALUES (NEW.legal_entity_id, NEW.series, 1)
            ON CONFLICT (legal_entity_id, series) DO UPDATE SET last = billing_invoicecounter.last + 1 RETURNING last INTO NEW.number;
        NEW.invoice_date := (NEW.issued_at AT TIME ZONE seller.time_zone)::date;
        NEW.due_date := NEW.invoice_date + NEW.payment_days;
        UPDATE billing_billedentry b SET credited_by_id = l.id FROM billing_invoiceline l  -- a credit note frees its time as it is issued
            WHERE l.invoice_id = NEW.id AND l.kind = 'credit' AND b.line_id = l.credits_id;
        UPDATE billing_billeddelivery b SET credited_by_id = l.id FROM billing_invoiceline l
            WHERE l.invoice_id = NEW.id AND l.kind = 'credit' AND b.line_id = l.credits_id;
        UPDATE billing_billedminimum b SET credited_by_id = l.id FROM billing_invoiceline l
            WHERE l.invoice_id = NEW.id AND l.kind = 'credit' AND b.line_id = l.credits_id;
    END IF;
    RETURN NEW;
END $$;

-- A line is of an approval that this customer pays to this company in this currency.
CREATE FUNCTION line_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE invoice billing_invoice; moved boolean := TG_OP = 'UPDATE' AND (NEW.invoice_id, NEW.approval_id, NEW.kind, NEW.surcharge) IS DISTINCT FROM (OLD.invoice_id, OLD.approval_id, OLD.kind, OLD.surcharge);
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO invoice FROM billing_invoice WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.invoice_id ELSE NEW.invoice_id END FOR SHARE;
    IF invoice.number IS NOT NULL OR moved THEN
        PERFORM refuse('issued_invoices_never_change', 'This invoice is issued: correct it by a credit note.');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.kind NOT IN ('time', 'surcharge', 'fixed', 'minimum', 'credit') THEN
        PERFORM refuse('lines_are_of_a_known_kind', 'Only time, its surcharges, fixed prices, minimums and their credit can stand on an invoice.');
    END IF;
    IF NEW.kind = 'minimum' AND NEW.approval_id IS DISTINCT FROM minimum_due((SELECT engagement_id FROM billing_approval WHERE id = NEW.approval_id)) THEN
        PERFORM refuse('minimums_are_signed', 'Nobody has signed a minimum for this work, or it is not done.');
    END IF;
    IF NEW.kind = 'fixed' AND NOT EXISTS (SELECT FROM billing_delivery WHERE approval_id = NEW.approval_id) THEN
        PERFORM refuse('fixed_prices_are_billed_as_delivered', 'Nothing was delivered under this approval for a fixed price.');
    END IF;
    IF NEW.kind = 'surcharge' AND NOT EXISTS (SELECT FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id WHERE a.id = NEW.approval_id
            AND CASE NEW.surcharge WHEN 'out_of_hours' THEN o.out_of_hours_rate WHEN 'on_site' THEN o.on_site_rate WHEN 'visit' THEN o.visit_price END > 0) THEN
        PERFORM refuse('surcharges_are_offered', 'The offer that was approved names no such surcharge.');
    END IF;
    IF NEW.kind <> 'credit' AND (invoice.credits_id IS NOT NULL OR NOT EXISTS (SELECT FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id
        JOIN billing_engagement e ON e.id = a.engagement_id JOIN support_contract c ON c.id = e.contract_id
        WHERE a.id = NEW.approval_id AND (c.bill_to_id, c.legal_entity_id, o.currency) = (invoice.bill_to_id, invoice.legal_entity_id, invoice.currency))) THEN
        PERFORM refuse('lines_are_of_their_invoice', 'This approval is not paid by this customer to this company in this currency.');
    END IF;
    IF NEW.kind = 'credit' AND invoice.credits_id IS NULL THEN
        PERFORM refuse('credits_stand_on_credit_notes', 'A credit stands on a credit note.');
    ELSIF NEW.for_good AND NOT EXISTS (SELECT FROM billing_invoiceline WHERE id = NEW.credits_id AND kind IN ('fixed', 'minimum')) THEN
        PERFORM refuse('time_is_cancelled_instead', 'Only a fixed price and a minimum are credited for good: time is cancelled.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION billed_entry_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE invoice billing_invoice; line billing_invoiceline; entry billing_timeentry;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO line FROM billing_invoiceline WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.line_id ELSE NEW.line_id END;
    IF TG_OP = 'UPDATE' THEN  -- only a credit note frees an entry, once, as it is issued
        IF OLD.credited_by_id IS NOT NULL OR (NEW.id, NEW.line_id, NEW.entry_id, NEW.surcharge) IS DISTINCT FROM (OLD.id, OLD.line_id, OLD.entry_id, OLD.surcharge)
            OR NOT EXISTS (SELECT FROM billing_invoiceline c WHERE c.id = NEW.credited_by_id AND c.credits_id = OLD.line_id) THEN
            PERFORM refuse('only_a_credit_note_frees_time', 'Only a credit note on that invoice frees its time.');
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO invoice FROM billing_invoice WHERE id = line.invoice_id FOR SHARE;
    IF invoice.number IS NOT NULL THEN
        PERFORM refuse('issued_invoices_never_change', 'This invoice is issued: correct it by a credit note.');
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    SELECT * INTO entry FROM billing_timeentry WHERE id = NEW.entry_id AND superseded_by_id IS NULL AND approval_id = line.approval_id FOR SHARE;
    IF NOT FOUND OR line.kind NOT IN ('time', 'surcharge') OR NEW.surcharge <> line.surcharge OR NEW.credited_by_id IS NOT NULL
        OR NOT (CASE NEW.surcharge WHEN '' THEN true WHEN 'out_of_hours' THEN entry.out_of_hours WHEN 'on_site' THEN entry.on_site ELSE entry.visit END) THEN
        PERFORM refuse('only_live_approved_time_is_billed', 'This entry is superseded, or not of the approval that the line names.');
    ELSIF month_of(invoice.legal_entity_id, entry.started_at) <> invoice.month THEN
        PERFORM refuse('time_is_billed_in_its_month', 'This entry belongs to another month.');
    END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION must_add_up, invoice_guard, line_guard, billed_entry_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_invoice FOR EACH ROW EXECUTE FUNCTION invoice_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_invoiceline FOR EACH ROW EXECUTE FUNCTION line_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_billedentry FOR EACH ROW EXECUTE FUNCTION billed_entry_guard();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_invoice FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_invoiceline FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_billedentry FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE billing_invoice ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE billing_invoiceline ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE billing_billedentry ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
REVOKE UPDATE ON billing_billedentry FROM countersign_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON billing_invoicecounter FROM countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_invoice; DROP TRIGGER append_only ON billing_invoiceline; DROP TRIGGER append_only ON billing_billedentry;
DROP FUNCTION invoice_guard, line_guard, billed_entry_guard CASCADE; DROP FUNCTION must_add_up;
GRANT INSERT, UPDATE, DELETE ON billing_invoicecounter TO countersign_app; GRANT UPDATE ON billing_billedentry TO countersign_app;
