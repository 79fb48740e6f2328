-- What a line of time or of an hourly surcharge asks at most: what was signed for its approval's cap, less the lines of the same approval and kind
-- that stood as it was issued (on a draft: that stand now), and those above it. NULL for any other line.
CREATE FUNCTION left_to_ask(line bigint) RETURNS numeric LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT greatest(0, round(o.cap * CASE l.surcharge WHEN '' THEN o.rate WHEN 'out_of_hours' THEN o.out_of_hours_rate ELSE o.on_site_rate END / 60, 2) - (
        SELECT coalesce(sum(s.net), 0) FROM billing_invoiceline s JOIN billing_invoice n ON n.id = s.invoice_id
        WHERE (s.approval_id, s.kind, s.surcharge) = (l.approval_id, l.kind, l.surcharge)
            AND CASE WHEN n.id = i.id THEN s.position < l.position
                ELSE n.number IS NOT NULL AND (i.number IS NULL OR (n.issued_at, n.number) < (i.issued_at, i.number)) END
            AND NOT EXISTS (SELECT FROM billing_invoiceline c JOIN billing_invoice k ON k.id = c.invoice_id
                WHERE c.credits_id = s.id AND k.number IS NOT NULL AND (i.number IS NULL OR (k.issued_at, k.number) < (i.issued_at, i.number)))))
    FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id JOIN billing_approval a ON a.id = l.approval_id JOIN billing_offer o ON o.id = a.offer_id
    WHERE l.id = line AND l.kind IN ('time', 'surcharge') AND l.surcharge <> 'visit'
$$;
REVOKE EXECUTE ON FUNCTION left_to_ask FROM PUBLIC;
GRANT EXECUTE ON FUNCTION left_to_ask TO countersign_app;  -- the checker asks it, and finance's pages
-- reverse
DROP FUNCTION left_to_ask;
