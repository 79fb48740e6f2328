-- A note follows from the one before it, on an issued invoice; two at once wait for each other.
CREATE FUNCTION invoice_note_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE invoice billing_invoice; before text; zone text; may text[];
BEGIN
    PERFORM must_read_committed();
    SELECT * INTO invoice FROM billing_invoice WHERE id = NEW.invoice_id FOR NO KEY UPDATE;
    IF invoice.number IS NULL OR invoice.credits_id IS NOT NULL THEN
        PERFORM refuse('only_issued_invoices_are_noted', 'Only an issued invoice is paid, disputed or written off.');
    END IF;
    SELECT what, turn + 1 INTO before, NEW.turn FROM billing_invoicenote WHERE invoice_id = NEW.invoice_id ORDER BY turn DESC LIMIT 1;
    NEW.turn := coalesce(NEW.turn, 1);
    may := CASE coalesce(before, 'reopened') WHEN 'reopened' THEN '{paid,disputed,written_off}' WHEN 'disputed' THEN '{reopened,paid,written_off}' ELSE '{reopened}' END::text[];
    IF NEW.what <> ALL (may) THEN
        PERFORM refuse('notes_follow_from_the_one_before', format('This invoice is %s: it cannot become %s.',
            replace(CASE WHEN before IS NULL OR before = 'reopened' THEN 'open' ELSE before END, '_', ' '),
            CASE NEW.what WHEN 'reopened' THEN 'open again' ELSE replace(NEW.what, '_', ' ') END));
    END IF;
    NEW.noted_at := countersign_now();
    SELECT time_zone INTO STRICT zone FROM support_legalentity WHERE id = invoice.legal_entity_id;
    IF NEW.paid_on > (NEW.noted_at AT TIME ZONE zone)::date THEN
        PERFORM refuse('paid_on_a_day_that_was', 'Nothing is paid on a day that is still to come.');
    ELSIF NEW.paid_on < invoice.invoice_date - 366 THEN
        PERFORM refuse('paid_on_a_day_that_was', 'That is more than a year before the invoice.');
    END IF;
    RETURN NEW;
END $$;

REVOKE EXECUTE ON FUNCTION invoice_note_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_invoicenote FOR EACH ROW EXECUTE FUNCTION invoice_note_guard();
ALTER TABLE billing_invoicenote ENABLE ALWAYS TRIGGER guard;
CALL make_append_only('{billing_invoicenote}');
-- reverse
DROP TRIGGER append_only ON billing_invoicenote;
DROP FUNCTION invoice_note_guard CASCADE;
