"""What must hold of approvals, time and invoices, asked of the rows themselves, whatever the guards did."""

from collections.abc import Iterator

from billing import exported, minimums_kept
from support.invariants import Check, append_only, guarded

EVIDENCE = (
    "billing_scopedecision",
    "billing_statementofwork",
    "billing_waystep",
    "billing_offer",
    "billing_invitation",
    "billing_offerend",
    "billing_signature",
    "billing_writtenyes",
    "billing_writtencheck",
    "billing_approval",
    "billing_approvalend",
    "billing_delivery",
    "billing_stoppedtimer",
    "billing_evidencelink",
    "billing_gdapreading",
)
GATE = (
    "billing_engagement",
    "billing_historicalengagement",
    "billing_offer",
    "billing_invitation",
    "billing_offercode",
    "billing_offerend",
    "billing_signature",
    "billing_writtenyes",
    "billing_writtencheck",
    "billing_approval",
    "billing_approvalend",
    "billing_delivery",
    "billing_timer",
    "billing_stoppedtimer",
    "billing_timeentry",
    "billing_tickettime",
    "billing_latedismissal",
    "billing_monthmove",
)
INVOICES = (
    "billing_invoice",
    "billing_invoiceline",
    "billing_billedentry",
    "billing_billeddelivery",
    "billing_billedminimum",
    "billing_invoicenote",
)
NOTES = ("billing_invoicenote", "billing_latedismissal")
EXPORTS = (
    "billing_exportbatch",
    "billing_exportedinvoice",
    "billing_exportfile",
    "billing_exportpiece",
    "billing_exportvoid",
)
PAPERS = ("billing_paper", "billing_sending")

BEFORE_ITS_APPROVAL = """
    SELECT t.id, t.started_at FROM billing_timeentry t LEFT JOIN billing_approval a
        ON (a.id, a.offer_id, a.engagement_id) = (t.approval_id, t.offer_id, t.engagement_id)
    WHERE (t.approval_id IS NOT NULL OR t.billed_minutes > 0) AND (a.id IS NULL OR t.started_at < a.decided_at)
    UNION ALL
    SELECT a.id, a.decided_at FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id WHERE a.engagement_id <> o.engagement_id
"""
PAST_THE_CAP = """
    SELECT a.id, b.used, booked.minutes FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id
        LEFT JOIN billing_approvalbalance b ON b.approval_id = a.id,
        LATERAL (SELECT coalesce(sum(t.billed_minutes), 0) AS minutes FROM billing_timeentry t
                 WHERE t.approval_id = a.id AND t.superseded_by_id IS NULL) booked
    WHERE b.used IS DISTINCT FROM booked.minutes OR b.cap IS DISTINCT FROM o.cap OR booked.minutes > o.cap
"""
PAST_THE_END = """
    SELECT t.id, t.stopped_at FROM billing_timeentry t JOIN billing_approval a ON a.id = t.approval_id
        JOIN billing_offer o ON o.id = a.offer_id LEFT JOIN billing_approvalend e ON e.approval_id = a.id
    WHERE t.superseded_by_id IS NULL AND t.stopped_at > least(o.work_until, e.ended_at, t.recorded_at)
    UNION ALL
    SELECT b.approval_id, b.ended_at FROM billing_approvalbalance b LEFT JOIN billing_approvalend e ON e.approval_id = b.approval_id
    WHERE b.ended_at IS DISTINCT FROM e.ended_at
    UNION ALL
    SELECT b.approval_id, b.work_until FROM billing_approvalbalance b JOIN billing_approval a ON a.id = b.approval_id
        JOIN billing_offer o ON o.id = a.offer_id
    WHERE b.work_until IS DISTINCT FROM o.work_until
"""
AFTER_ITS_ENGAGEMENT = """
    SELECT t.id, t.started_at FROM billing_timeentry t WHERE t.superseded_by_id IS NULL AND begins_after_the_end(t)
"""
ROUNDED_UP = """
    SELECT t.id, t.raw_minutes FROM billing_timeentry t
    WHERE t.raw_minutes > floor(extract(epoch FROM t.stopped_at - t.started_at) / 60) + 1
    UNION ALL
    SELECT min(t.id), sum(t.billed_minutes) FROM billing_timeentry t JOIN billing_offer o ON o.id = t.offer_id
    WHERE t.superseded_by_id IS NULL GROUP BY t.piece, t.person_id, o.id
    HAVING sum(t.billed_minutes) > greatest(ceil(sum(t.raw_minutes)::numeric / o.increment) * o.increment, o.minimum)
"""
NOT_OF_THE_DESK = """
    SELECT t.id, t.person_id FROM billing_timeentry t JOIN support_user u ON u.id = t.person_id
    WHERE u.kind <> 'staff' AND NOT EXISTS (SELECT FROM support_historicaluser h WHERE h.id = u.id AND h.kind = 'staff')
"""
NOT_WHAT_WAS_SHOWN = """
    SELECT 'offer', o.id FROM billing_offer o WHERE o.sha256 <> sha256(o.document)
    UNION ALL
    SELECT 'signature', s.id FROM billing_signature s JOIN billing_offer o ON o.id = s.offer_id
    WHERE s.sha256 <> sha256(o.document) OR s.sentence <> o.sentence
    UNION ALL
    SELECT 'statement', w.id FROM billing_statementofwork w LEFT JOIN billing_offer o ON o.statement_id = w.id
    WHERE w.sha256 <> sha256(w.document) OR position(encode(w.sha256, 'hex') IN convert_from(o.document, 'UTF8')) = 0
"""
WITHOUT_AUTHORITY = """
    SELECT 'approval', a.id FROM billing_approval a JOIN billing_offer o ON o.id = a.offer_id
    WHERE NOT EXISTS (SELECT FROM billing_signature s WHERE s.offer_id = o.id AND s.authority >= o.amount AND s.signed_at <= a.decided_at)
    UNION ALL
    SELECT 'signature', s.id FROM billing_signature s JOIN billing_offer o ON o.id = s.offer_id
        JOIN billing_engagement e ON e.id = o.engagement_id JOIN support_ticket t ON t.id = e.ticket_id
        JOIN support_contact c ON c.id = s.contact_id LEFT JOIN support_user u ON u.id = c.user_id
    WHERE c.customer_id <> t.customer_id OR u.kind = 'staff' OR EXISTS (SELECT FROM support_historicaluser h
        WHERE h.kind = 'staff' AND bare_address(h.email) = bare_address(s.contact_email) AND h.history_date <= s.signed_at
            AND NOT EXISTS (SELECT FROM support_historicaluser n WHERE n.id = h.id AND n.history_date <= s.signed_at
                AND (n.history_date, n.history_id) > (h.history_date, h.history_id)))
"""
NOT_BY_TWO = """
    SELECT 'signature', s.id FROM billing_signature s LEFT JOIN billing_writtenyes y ON y.id = s.written_id
        LEFT JOIN billing_writtencheck k ON k.written_id = y.id LEFT JOIN support_file f ON f.id = y.original_id
    WHERE s.how <> 'code' AND ((y.offer_id, y.contact_id, y.way, y.signed_name, k.confirmed) IS DISTINCT FROM (s.offer_id, s.contact_id, s.how, s.typed_name, true)
        OR (y.actor_kind, k.actor_kind) IS DISTINCT FROM ('staff', 'staff') OR y.actor_id = k.actor_id OR y.sha256 <> s.sha256 OR k.sha256 <> s.sha256
        OR s.signed_at < k.checked_at OR k.checked_at < y.recorded_at
        OR (f.sha256, f.visibility) IS DISTINCT FROM (y.original_sha256, 'internal') OR k.original_sha256 <> y.original_sha256)
    UNION ALL
    SELECT 'confirmation', k.id FROM billing_writtencheck k
    WHERE k.confirmed AND NOT EXISTS (SELECT FROM billing_signature WHERE written_id = k.written_id)
"""
DECIDED_TWICE = """
    SELECT a.offer_id FROM billing_approval a JOIN billing_offerend e ON e.offer_id = a.offer_id
"""
WITHOUT_GDAP = """
    SELECT t.id, t.started_at FROM billing_timeentry t WHERE t.approval_id IS NOT NULL AND t.superseded_by_id IS NULL AND NOT gdap_lets_begin(t)
"""
NOT_OFFERED = """
    SELECT 'entry', t.id FROM billing_timeentry t JOIN billing_offer o ON o.id = t.offer_id
    WHERE t.superseded_by_id IS NULL AND t.raw_minutes > 0
        AND (NOT hours_are(o.in_hours_id, t.started_at, t.stopped_at, t.out_of_hours) OR (t.on_site AND o.visits = 0))
    UNION ALL
    SELECT 'visits', o.id FROM billing_offer o JOIN billing_timeentry t ON t.offer_id = o.id
    WHERE t.superseded_by_id IS NULL AND t.visit GROUP BY o.id HAVING count(*) > o.visits
    UNION ALL
    SELECT 'amount', o.id FROM billing_offer o WHERE o.amount < greatest(o.minimum_charge, round(o.cap * o.rate / 60, 2)
        + round(o.cap * o.out_of_hours_rate / 60, 2) + round(o.cap * o.on_site_rate / 60, 2) + o.visits * o.visit_price) + o.fixed_price
    UNION ALL
    SELECT 'lines', o.id FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id JOIN billing_approval a ON a.id = l.approval_id
        JOIN billing_offer o ON o.id = a.offer_id
    WHERE l.kind IN ('time', 'surcharge') AND l.surcharge <> 'visit' AND i.number IS NOT NULL
        AND NOT EXISTS (SELECT FROM billing_invoiceline c JOIN billing_invoice n ON n.id = c.invoice_id WHERE c.credits_id = l.id AND n.number IS NOT NULL)
    GROUP BY o.id, l.approval_id, l.surcharge HAVING sum(l.net) > round(o.cap * CASE l.surcharge
        WHEN '' THEN o.rate WHEN 'out_of_hours' THEN o.out_of_hours_rate ELSE o.on_site_rate END / 60, 2)
    UNION ALL
    SELECT 'delivery', d.id FROM billing_delivery d JOIN billing_approval a ON a.id = d.approval_id JOIN billing_offer o ON o.id = a.offer_id
        LEFT JOIN billing_approvalend e ON e.approval_id = a.id
    WHERE o.fixed_price = 0 OR d.delivered_at < a.decided_at OR d.delivered_at >= least(o.work_until, e.ended_at)
"""
BILLED_TWICE = """
    SELECT entry_id, count(*) FROM billing_billedentry WHERE credited_by_id IS NULL GROUP BY entry_id, surcharge HAVING count(*) > 1
    UNION ALL
    SELECT b.entry_id, 0 FROM billing_billedentry b JOIN billing_timeentry t ON t.id = b.entry_id
        JOIN billing_invoiceline l ON l.id = b.line_id
    WHERE t.approval_id IS NULL OR (b.credited_by_id IS NULL AND t.superseded_by_id IS NOT NULL) OR b.surcharge <> l.surcharge
    UNION ALL
    SELECT d.approval_id, count(*) FROM billing_billeddelivery b JOIN billing_delivery d ON d.id = b.delivery_id
    WHERE b.credited_by_id IS NULL GROUP BY d.approval_id HAVING count(*) > 1
    UNION ALL
    SELECT b.delivery_id, 0 FROM billing_billeddelivery b WHERE b.credited_by_id IS NULL AND EXISTS (SELECT FROM billing_billeddelivery x
        JOIN billing_invoiceline c ON c.id = x.credited_by_id WHERE x.delivery_id = b.delivery_id AND c.for_good)
"""
NUMBERS = """
    SELECT i.series, max(i.number)::text FROM billing_invoice i LEFT JOIN billing_invoicecounter c USING (legal_entity_id, series)
    WHERE i.number IS NOT NULL GROUP BY i.legal_entity_id, i.series, c.last
    HAVING count(*) <> max(i.number) OR min(i.number) <> 1 OR count(DISTINCT i.number) <> count(*) OR c.last IS DISTINCT FROM max(i.number)
    UNION ALL
    SELECT series, number::text FROM (SELECT series, number, issued_at < lag(issued_at) OVER
        (PARTITION BY legal_entity_id, series ORDER BY number) AS early FROM billing_invoice WHERE number IS NOT NULL) ordered WHERE early
"""
CREDITS = """
    SELECT i.series || '-' || i.number, l.position FROM billing_invoice i JOIN billing_invoiceline l ON l.invoice_id = i.id
        LEFT JOIN billing_invoiceline c ON c.id = l.credits_id
    WHERE i.number IS NOT NULL AND ((i.credits_id IS NULL) <> (l.kind <> 'credit') OR (l.kind = 'credit'
        AND (l.minutes, l.surcharge, l.surcharged, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code, l.purchase_order, l.approval_id, i.credits_id) IS DISTINCT FROM (
            -c.minutes, c.surcharge, -c.surcharged, c.rate, -c.net, c.tax_code, c.tax_rate, -c.tax, c.account_code, c.purchase_order, c.approval_id, c.invoice_id)))
    UNION ALL
    SELECT i.series || '-' || i.number, 0 FROM billing_invoice i JOIN billing_invoice o ON o.id = i.credits_id
    WHERE i.number IS NOT NULL AND (i.legal_entity_id, i.bill_to_id, i.currency, i.month) IS DISTINCT FROM (o.legal_entity_id, o.bill_to_id, o.currency, o.month)
"""
ELSEWHERE = """
    SELECT i.series || '-' || i.number, t.id FROM billing_invoice i JOIN billing_invoiceline l ON l.invoice_id = i.id
        JOIN billing_billedentry b ON b.line_id = l.id JOIN billing_timeentry t ON t.id = b.entry_id
        JOIN billing_engagement e ON e.id = t.engagement_id JOIN support_contract c ON c.id = e.contract_id
    WHERE i.number IS NOT NULL AND (c.legal_entity_id <> i.legal_entity_id OR month_of(i.legal_entity_id, t.started_at) <> i.month)
"""
PAID_BY_ANOTHER = """
    SELECT i.series || '-' || i.number, l.position FROM billing_invoice i JOIN billing_invoiceline l ON l.invoice_id = i.id
        JOIN billing_approval a ON a.id = l.approval_id JOIN billing_engagement e ON e.id = a.engagement_id
    WHERE i.number IS NOT NULL
        AND NOT EXISTS (SELECT FROM support_historicalcontract h WHERE h.id = e.contract_id AND h.bill_to_id = i.bill_to_id)
    UNION ALL
    SELECT i.series || '-' || i.number, 0 FROM billing_invoice i WHERE i.number IS NOT NULL
        AND NOT EXISTS (SELECT FROM support_historicalcustomer h WHERE h.id = i.bill_to_id AND h.name = i.buyer ->> 'name')
"""
SUMS = """
    SELECT 'line', l.id::text FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer o ON o.id = a.offer_id
    WHERE l.kind = 'time' AND i.number IS NOT NULL AND (l.minutes, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code, i.currency) IS DISTINCT FROM (
        (SELECT sum(t.billed_minutes) FROM billing_billedentry b JOIN billing_timeentry t ON t.id = b.entry_id
         WHERE b.line_id = l.id AND t.approval_id = l.approval_id),
        o.rate, CASE l.net WHEN round(l.minutes * l.rate / 60, 2) THEN l.net ELSE least(round(l.minutes * l.rate / 60, 2), left_to_ask(l.id)) END, o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code, o.currency)
    UNION ALL
    SELECT 'surcharge', l.id::text FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer o ON o.id = a.offer_id
        LEFT JOIN LATERAL (SELECT sum(t.billed_minutes) AS minutes, count(*) AS entries FROM billing_billedentry b JOIN billing_timeentry t ON t.id = b.entry_id
            WHERE b.line_id = l.id AND t.approval_id = l.approval_id
                AND CASE l.surcharge WHEN 'out_of_hours' THEN t.out_of_hours WHEN 'on_site' THEN t.on_site ELSE t.visit END) w ON true
    WHERE l.kind = 'surcharge' AND i.number IS NOT NULL
        AND (l.minutes, l.surcharged, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code, i.currency) IS DISTINCT FROM (
        0, CASE l.surcharge WHEN 'visit' THEN 0 ELSE w.minutes END,
        CASE l.surcharge WHEN 'out_of_hours' THEN o.out_of_hours_rate WHEN 'on_site' THEN o.on_site_rate ELSE o.visit_price END,
        CASE WHEN l.surcharge = 'visit' THEN w.entries * o.visit_price WHEN l.net = round(w.minutes * l.rate / 60, 2) THEN l.net
            ELSE least(round(w.minutes * l.rate / 60, 2), left_to_ask(l.id)) END,
        o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code, o.currency)
    UNION ALL
    SELECT 'fixed', l.id::text FROM billing_invoiceline l JOIN billing_invoice i ON i.id = l.invoice_id
        LEFT JOIN billing_approval a ON a.id = l.approval_id LEFT JOIN billing_offer o ON o.id = a.offer_id
    WHERE l.kind = 'fixed' AND i.number IS NOT NULL AND (l.minutes, l.rate, l.net, l.tax_code, l.tax_rate, l.tax, l.account_code, i.currency,
            (SELECT count(*) FROM billing_billeddelivery b JOIN billing_delivery d ON d.id = b.delivery_id
             WHERE b.line_id = l.id AND d.approval_id = l.approval_id)) IS DISTINCT FROM (
        0, o.fixed_price, o.fixed_price, o.tax_code, o.tax_rate, round(l.net * l.tax_rate / 100, 2), o.account_code, o.currency, 1)
    UNION ALL
    SELECT 'invoice', i.id::text FROM billing_invoice i LEFT JOIN LATERAL
        (SELECT sum(net) AS net, sum(tax) AS tax FROM billing_invoiceline WHERE invoice_id = i.id) s ON true
    WHERE i.number IS NOT NULL AND (i.net, i.tax, i.total) IS DISTINCT FROM (s.net, s.tax, s.net + s.tax)
    UNION ALL
    SELECT 'batch', b.id::text FROM billing_exportbatch b LEFT JOIN LATERAL
        (SELECT sum(l.net) AS net, sum(l.net + l.tax) AS gross, count(*) AS rows FROM billing_exportedinvoice x
         JOIN billing_invoiceline l ON l.invoice_id = x.invoice_id WHERE x.batch_id = b.id) s ON true
    WHERE (b.net, b.gross, b.rows) IS DISTINCT FROM (s.net, s.gross, s.rows)
"""
EXPORTED = """
    SELECT 'invoice', x.invoice_id FROM billing_exportedinvoice x JOIN billing_exportbatch b ON b.id = x.batch_id
        LEFT JOIN billing_exportvoid v ON v.batch_id = b.id
    WHERE v.id IS NULL GROUP BY x.invoice_id, b.profile HAVING count(*) > 1
"""
OTHER_PAPER = """
    SELECT p.id, f.name FROM billing_paper p JOIN support_file f ON f.id = p.file_id LEFT JOIN billing_invoice i ON i.id = p.invoice_id
    WHERE encode(p.sha256, 'hex') <> f.sha256 OR (p.invoice_id IS NOT NULL AND i.number IS NULL)
"""
TWO_AT_ONCE = """
    SELECT t.id, i.id FROM billing_timeentry t JOIN billing_tickettime i ON i.person_id = t.person_id
        AND tstzrange(i.started_at, i.stopped_at) && tstzrange(t.started_at, t.stopped_at)
    WHERE t.superseded_by_id IS NULL AND t.raw_minutes > 0 AND i.cancelled_at IS NULL
"""
BROKEN_CHAIN = "SELECT legal_entity_id, seq, kind, subject_id, what FROM evidence_broken()"


def checks() -> Iterator[Check]:
    yield Check(1, "no billable minute before its approval", BEFORE_ITS_APPROVAL)
    yield Check(
        1,
        "no surcharge or fixed price that its offer does not name, and none past what was signed",
        NOT_OFFERED,
    )
    yield Check(1, "what is offered, approved and worked is guarded", guarded(GATE))
    yield Check(2, "no minute past the cap, and every balance adds up", PAST_THE_CAP)
    yield Check(3, "no work past the end of its approval", PAST_THE_END)
    yield Check(3, "no work that begins after its engagement has ended", AFTER_ITS_ENGAGEMENT)
    yield Check(3, "minutes are the clock's, rounded up once for each piece of work", ROUNDED_UP)
    yield Check(3, "only people of the desk have worked", NOT_OF_THE_DESK)
    yield Check(3, "nobody works inside and outside the contract at once", TWO_AT_ONCE)
    yield Check(4, "offers, approvals and evidence are only ever added", append_only(EVIDENCE))
    yield Check(5, "signed is what was shown, and kept as bytes", NOT_WHAT_WAS_SHOWN)
    yield Check(7, "an offer is decided once", DECIDED_TWICE)
    yield Check(9, "who approved had the authority, and was not of the desk", WITHOUT_AUTHORITY)
    yield Check(9, "a yes on paper was recorded by one of the desk and confirmed by another", NOT_BY_TWO)
    yield Check(10, "no billable start without GDAP where it is needed", WITHOUT_GDAP)
    yield Check(11, "time, and what was delivered, stands on one live invoice line", BILLED_TWICE)
    yield Check(12, "invoice numbers have no gap, in order of issue", NUMBERS)
    yield Check(13, "issued invoices are guarded", guarded(INVOICES))
    yield Check(13, "notes on invoices and late work are only ever added", append_only(NOTES))
    yield Check(13, "credit notes undo what they name", CREDITS)
    yield Check(13, "papers are only ever added", append_only(PAPERS))
    yield Check(13, "a paper is the file that was made, of what was issued", OTHER_PAPER)
    yield Check(14, "time is billed by its company, in its month", ELSEWHERE)
    yield Check(14, "an invoice is for who paid under its contracts, by his name", PAID_BY_ANOTHER)
    yield Check(14, "lines are the price of their entries, totals their sum", SUMS)
    yield from minimums_kept.checks()
    yield Check(15, "an invoice is in one live batch per format", EXPORTED)
    yield Check(15, "files keep their bytes", exported.altered)
    yield Check(15, "a batch says what its lines say", exported.strayed)
    yield Check(15, "batches are written at once", guarded(EXPORTS))
    yield Check(15, "batches are only ever added", append_only(EXPORTS))
    yield Check(45, "the chain of approvals verifies", BROKEN_CHAIN)
