-- Fixed prices: of a statement of work, delivered once under an approval in force, billed once, never more than was approved.
ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price;
ALTER TABLE billing_offer ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = round(cap * rate / 60, 2)
    + round(cap * out_of_hours_rate / 60, 2) + round(cap * on_site_rate / 60, 2) + visits * visit_price + fixed_price);

CREATE FUNCTION delivery_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE balance billing_approvalbalance; approval billing_approval;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO STRICT approval FROM billing_approval WHERE id = NEW.approval_id;
    IF NOT EXISTS (SELECT FROM billing_offer WHERE id = approval.offer_id AND fixed_price > 0) THEN
        PERFORM refuse('deliveries_are_of_a_fixed_price', 'This offer names no fixed price.');
    ELSIF NOT hold_month(seller_of(approval.engagement_id), countersign_now()) THEN
        PERFORM refuse('month_is_open', 'This month is closed.');
    END IF;
    SELECT * INTO STRICT balance FROM billing_approvalbalance WHERE approval_id = NEW.approval_id FOR UPDATE;
    NEW.delivered_at := countersign_now();  -- after the lock: a withdrawal before it has ended the approval
    IF NEW.delivered_at >= least(balance.work_until, balance.ended_at) THEN
        PERFORM refuse('delivered_under_an_approval_in_force', 'The approval of this fixed price is not in force any more.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION billed_delivery_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE invoice billing_invoice; line billing_invoiceline; delivery billing_delivery;
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO line FROM billing_invoiceline WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.line_id ELSE NEW.line_id END;
    IF TG_OP = 'UPDATE' THEN  -- only a credit note frees a delivery, once, as it is issued
        IF OLD.credited_by_id IS NOT NULL OR (NEW.id, NEW.line_id, NEW.delivery_id) IS DISTINCT FROM (OLD.id, OLD.line_id, OLD.delivery_id)
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
    SELECT * INTO delivery FROM billing_delivery WHERE id = NEW.delivery_id;
    IF line.kind <> 'fixed' OR delivery.approval_id IS DISTINCT FROM line.approval_id OR NEW.credited_by_id IS NOT NULL THEN
        PERFORM refuse('fixed_prices_are_billed_as_delivered', 'This delivery is not of the approval that the line names.');
    ELSIF EXISTS (SELECT FROM billing_billeddelivery b JOIN billing_invoiceline c ON c.id = b.credited_by_id WHERE b.delivery_id = NEW.delivery_id AND c.for_good) THEN
        PERFORM refuse('fixed_prices_are_billed_as_delivered', 'This fixed price was credited for good: it is not billed again.');
    ELSIF month_of(invoice.legal_entity_id, delivery.delivered_at) <> invoice.month THEN
        PERFORM refuse('time_is_billed_in_its_month', 'This delivery belongs to another month.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION delivery_guard, billed_delivery_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_delivery FOR EACH ROW EXECUTE FUNCTION delivery_guard();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON billing_billeddelivery FOR EACH ROW EXECUTE FUNCTION billed_delivery_guard();
CREATE TRIGGER append_only BEFORE TRUNCATE ON billing_billeddelivery FOR EACH STATEMENT EXECUTE FUNCTION append_only();
ALTER TABLE billing_delivery ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_billeddelivery ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER append_only;
CALL make_append_only('{billing_delivery}');
REVOKE UPDATE ON billing_billeddelivery FROM countersign_app;
-- reverse
DROP TRIGGER append_only ON billing_delivery; DROP TRIGGER append_only ON billing_billeddelivery;
DROP FUNCTION delivery_guard, billed_delivery_guard CASCADE;
ALTER TABLE billing_offer DROP CONSTRAINT offer_amount_is_its_price;
ALTER TABLE billing_offer ADD CONSTRAINT offer_amount_is_its_price CHECK (amount = round(cap * rate / 60, 2)
    + round(cap * out_of_hours_rate / 60, 2) + round(cap * on_site_rate / 60, 2) + visits * visit_price);
