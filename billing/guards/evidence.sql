-- One chain of evidence per legal entity. A link's text is one `name=value` per line (\ and newline escaped as \\ and \n;
-- instants in UTC with microseconds; bytes in hex), its hash is sha256 of that text in UTF-8, and the text names the hash before.
CREATE FUNCTION evidence_field(name text, value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT name || '=' || replace(replace(coalesce(value, ''), '\', '\\'), E'\n', '\n') || E'\n'
$$;
CREATE FUNCTION evidence_field(name text, value timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
    SELECT evidence_field(name, to_char(value AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
$$;

-- What only some offers have, named where they have it: a link of an offer without it reads as it always did. In plpgsql: its columns come later.
CREATE FUNCTION evidence_of_more(offer bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT CASE WHEN o.out_of_hours_rate = 0 AND o.in_hours_id IS NULL THEN '' ELSE evidence_field('out_of_hours_rate', o.out_of_hours_rate::text)
            || evidence_field('in_hours', (SELECT c.name || '@' || c.version || ' ' || c.sha256 FROM support_calendarversion c WHERE c.id = o.in_hours_id)) END
        || CASE WHEN (o.visits, o.on_site_rate, o.visit_price) = (0, 0, 0) THEN '' ELSE evidence_field('on_site_rate', o.on_site_rate::text)
            || evidence_field('visit_price', o.visit_price::text) || evidence_field('visits', o.visits::text) END
        || CASE WHEN (o.fixed_price, o.fixed_for) = (0, '') THEN '' ELSE evidence_field('fixed_price', o.fixed_price::text)
            || evidence_field('fixed_for', o.fixed_for) END
        || CASE WHEN o.minimum_charge = 0 THEN '' ELSE evidence_field('minimum_charge', o.minimum_charge::text) END
        FROM billing_offer o WHERE o.id = offer);
END $$;

-- Form 1 left out what stands on the lines marked so, form 2 knew no yes on paper; a link is read in the form in which it was made.
CREATE FUNCTION evidence_of_offer(offer bigint, form int) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT evidence_field('engagement', e.reference) || evidence_field('offer', o.id::text) || evidence_field('offer_number', o.number::text)
        || evidence_field('offer_sha256', encode(sha256(o.document), 'hex')) || evidence_field('sentence', o.sentence)
        || evidence_field('currency', o.currency) || evidence_field('amount', o.amount::text) || evidence_field('cap', o.cap::text)
        || evidence_field('rate', o.rate::text) || evidence_field('increment', o.increment::text)
        || evidence_field('answer_by', o.answer_by) || evidence_field('work_until', o.work_until) || evidence_field('offered_at', o.sent_at)
        || CASE WHEN form = 1 THEN '' ELSE evidence_field('replaces', o.replaces_id::text) || evidence_field('minimum', o.minimum::text)
            || evidence_field('tax_code', o.tax_code) || evidence_field('tax_rate', o.tax_rate::text)
            || evidence_field('account_code', o.account_code) || evidence_field('gdap_roles', o.gdap_roles::text) END || evidence_of_more(o.id)
    FROM billing_offer o JOIN billing_engagement e ON e.id = o.engagement_id WHERE o.id = offer
$$;

-- What was recorded of a yes on paper, and who confirmed it. In plpgsql, as what follows: it names tables that come later.
CREATE FUNCTION evidence_of_written(written bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT evidence_field('written', y.id::text) || evidence_field('written_by', y.contact_id::text)
        || evidence_field('written_as', y.contact_name || ' <' || y.contact_email || '>') || evidence_field('way', y.way)
        || evidence_field('signed_name', y.signed_name) || evidence_field('written_reference', y.reference) || evidence_field('says', y.says)
        || evidence_field('dated_on', y.dated_on::text) || evidence_field('original', f.name) || evidence_field('original_bytes', f.size::text)
        || evidence_field('original_sha256', y.original_sha256) || evidence_field('answered_sha256', encode(y.sha256, 'hex'))
        || evidence_field('recorded_by', y.actor_kind || ' ' || y.actor_id || ' ' || y.actor_name) || evidence_field('recorded_at', y.recorded_at)
        FROM billing_writtenyes y JOIN support_file f ON f.id = y.original_id AND f.sha256 = y.original_sha256 WHERE y.id = written);
END $$;
CREATE FUNCTION evidence_of_check(written bigint) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT evidence_field('checked_written', k.written_id::text) || evidence_field('confirmed', CASE WHEN k.confirmed THEN 'yes' ELSE 'no' END)
        || evidence_field('check_reason', k.reason) || evidence_field('checked_sha256', encode(k.sha256, 'hex'))
        || evidence_field('checked_original', k.original_sha256)
        || evidence_field('checked_by', k.actor_kind || ' ' || k.actor_id || ' ' || k.actor_name) || evidence_field('checked_at', k.checked_at)
        FROM billing_writtencheck k WHERE k.written_id = written);
END $$;

-- NULL where a row that the link speaks of is gone: an approval without its offer, its signatures, or what one of them rests on.
CREATE FUNCTION evidence_of(kind text, subject bigint, form int) RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT evidence_of_offer(a.offer_id, form) || CASE WHEN form = 1 THEN '' ELSE evidence_field('approved_engagement', a.engagement_id::text) END
        || evidence_field('decided_at', a.decided_at)
        || evidence_field('receipt', (SELECT m.message_id FROM support_mail m WHERE m.id = a.receipt_id))
        || (SELECT string_agg(evidence_field('signed_by', s.contact_id::text) || evidence_field('contact', s.contact_name || ' <' || s.contact_email || '>')
               || evidence_field('typed_name', s.typed_name) || evidence_field('shown_sha256', encode(s.sha256, 'hex'))
               || evidence_field('authority', s.authority::text) || evidence_field('how', s.how) || evidence_field('code_sent_at', c.made_at)
               || evidence_field('code_proved_at', c.proved_at) || evidence_field('opened_at', s.opened_at)
               || evidence_field('address', host(s.address)) || evidence_field('agent', s.agent) || evidence_field('signed_at', s.signed_at)
               || CASE WHEN form = 1 THEN '' ELSE evidence_field('said', s.sentence) || evidence_field('code', c.id::text)
                   || evidence_field('code_mailed_to', array_to_string(m.to, ' ')) || evidence_field('code_message', m.message_id)
                   || evidence_field('link', encode(i.token_sha256, 'hex')) || evidence_field('link_of', i.contact_id::text) END
               || CASE WHEN s.how = 'code' THEN '' ELSE evidence_of_written(s.written_id) || evidence_of_check(s.written_id) END, '' ORDER BY s.id)
            FROM billing_signature s LEFT JOIN billing_offercode c ON c.id = s.code_id LEFT JOIN support_mail m ON m.id = c.mail_id
                LEFT JOIN billing_invitation i ON i.id = c.invitation_id
            WHERE s.offer_id = a.offer_id HAVING bool_and(CASE WHEN s.how = 'code' THEN i.offer_id = s.offer_id
                ELSE evidence_of_written(s.written_id) || evidence_of_check(s.written_id) IS NOT NULL END))
    FROM billing_approval a WHERE kind = 'approval' AND a.id = subject
    UNION ALL
    SELECT evidence_field('approval', e.approval_id::text) || evidence_field('why', e.why) || evidence_field('reason', e.reason)
        || evidence_field('by', e.actor_kind || ' ' || coalesce(e.actor_id::text, '-') || ' ' || e.actor_name) || evidence_field('ended_at', e.ended_at)
    FROM billing_approvalend e WHERE kind = 'approval_end' AND e.id = subject
    UNION ALL
    SELECT evidence_of_offer(e.offer_id, form) || evidence_field('why', e.why) || evidence_field('reason', e.reason)
        || evidence_field('by', e.actor_kind || ' ' || coalesce(e.actor_id::text, '-') || ' ' || e.actor_name)
        || evidence_field('answered_by', e.contact_id::text) || evidence_field('typed_name', e.typed_name)
        || evidence_field('address', host(e.address)) || evidence_field('agent', e.agent) || evidence_field('ended_at', e.ended_at)
        || CASE WHEN form = 1 OR e.code_id IS NULL THEN '' ELSE (SELECT evidence_field('code', c.id::text) || evidence_field('code_mailed_to', array_to_string(m.to, ' '))
            FROM billing_offercode c JOIN support_mail m ON m.id = c.mail_id WHERE c.id = e.code_id) END
    FROM billing_offerend e WHERE kind = 'offer_end' AND e.id = subject
    UNION ALL
    SELECT evidence_of_offer(y.offer_id, form) || evidence_of_written(y.id) FROM billing_writtenyes y WHERE kind = 'written_yes' AND y.id = subject
    UNION ALL
    SELECT evidence_of_check(k.written_id) FROM billing_writtencheck k WHERE kind = 'written_check' AND k.id = subject);
END $$;

CREATE FUNCTION evidence_add() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE row jsonb := to_jsonb(NEW); entity bigint; head billing_evidencehead; body text;
BEGIN
    SELECT c.legal_entity_id INTO STRICT entity FROM billing_offer o JOIN billing_engagement e ON e.id = o.engagement_id JOIN support_contract c ON c.id = e.contract_id
        WHERE o.id = coalesce((row ->> 'offer_id')::bigint, (SELECT offer_id FROM billing_approval WHERE id = (row ->> 'approval_id')::bigint),
            CASE TG_ARGV[0] WHEN 'written_check' THEN (SELECT offer_id FROM billing_writtenyes WHERE id = (row ->> 'written_id')::bigint) END);
    INSERT INTO billing_evidencehead (legal_entity_id, seq, hash) VALUES (entity, 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM billing_evidencehead WHERE legal_entity_id = entity FOR UPDATE;  -- held to commit: order of seq is order of commit
    head.seq := head.seq + 1;
    body := evidence_field('form', 'countersign-evidence-3') || evidence_field('legal_entity', entity::text) || evidence_field('seq', head.seq::text)
        || evidence_field('before', encode(head.hash, 'hex')) || evidence_field('kind', TG_ARGV[0]) || evidence_field('id', NEW.id::text)
        || evidence_of(TG_ARGV[0], NEW.id, 3);
    head.hash := sha256(convert_to(body, 'UTF8'));
    INSERT INTO billing_evidencelink (legal_entity_id, seq, kind, subject_id, text, hash) VALUES (entity, head.seq, TG_ARGV[0], NEW.id, body, head.hash);
    UPDATE billing_evidencehead SET seq = head.seq, hash = head.hash WHERE legal_entity_id = entity;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION evidence_add FROM PUBLIC;  -- or anyone could hang it on a table of his own
CREATE TRIGGER evidence_add AFTER INSERT ON billing_approval FOR EACH ROW EXECUTE FUNCTION evidence_add('approval');
CREATE TRIGGER evidence_add AFTER INSERT ON billing_approvalend FOR EACH ROW EXECUTE FUNCTION evidence_add('approval_end');
CREATE TRIGGER evidence_add AFTER INSERT ON billing_offerend FOR EACH ROW EXECUTE FUNCTION evidence_add('offer_end');
ALTER TABLE billing_approval ENABLE ALWAYS TRIGGER evidence_add;
ALTER TABLE billing_approvalend ENABLE ALWAYS TRIGGER evidence_add;
ALTER TABLE billing_offerend ENABLE ALWAYS TRIGGER evidence_add;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON billing_evidencehead, billing_evidencelink FROM countersign_app;
CALL make_append_only('{billing_evidencelink}');

-- Every decision that has a link, with whoever of the customer answered.
CREATE FUNCTION evidence_decisions() RETURNS TABLE (kind text, id bigint, engagement_id bigint, contact_id bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT 'approval', a.id, a.engagement_id, s.contact_id FROM billing_approval a LEFT JOIN billing_signature s ON s.offer_id = a.offer_id
        UNION ALL SELECT 'approval_end', e.id, NULL, NULL FROM billing_approvalend e
        UNION ALL SELECT 'offer_end', e.id, o.engagement_id, e.contact_id FROM billing_offerend e LEFT JOIN billing_offer o ON o.id = e.offer_id
        UNION ALL SELECT 'written_yes', y.id, o.engagement_id, y.contact_id FROM billing_writtenyes y LEFT JOIN billing_offer o ON o.id = y.offer_id
        UNION ALL SELECT 'written_check', k.id, NULL, NULL FROM billing_writtencheck k;
END $$;

-- What the checker reads: no row, no trouble. A function, not a view: 15 and 18 write a view's definition differently.
CREATE FUNCTION evidence_broken() RETURNS TABLE (legal_entity_id bigint, seq bigint, kind text, subject_id bigint, what text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM (SELECT legal_entity_id, seq, kind, subject_id, CASE
        WHEN hash <> sha256(convert_to(text, 'UTF8')) THEN 'the text is not the one that was hashed'
        WHEN seq <> coalesce(lag(seq) OVER chain, 0) + 1 THEN 'a link before it is missing'
        WHEN split_part(split_part(text, E'\nbefore=', 2), E'\n', 1) <> encode(coalesce(lag(hash) OVER chain, ''), 'hex') THEN 'it does not follow from the link before'
        WHEN told IS NULL THEN 'the rows it speaks of are gone'
        WHEN right(text, length(told)) <> told THEN 'the rows it speaks of were changed'
        END AS what
    FROM billing_evidencelink, LATERAL (SELECT evidence_of(kind, subject_id,
        substring(text FROM E'^form=countersign-evidence-([0-9])\n')::int) AS told) rows WINDOW chain AS (PARTITION BY legal_entity_id ORDER BY seq)) links WHERE what IS NOT NULL
    UNION ALL  -- links cut off at the end, and rows that came in past the trigger
    SELECT h.legal_entity_id, h.seq, 'head', NULL, 'the head is not the last link' FROM billing_evidencehead h
        WHERE NOT EXISTS (SELECT FROM billing_evidencelink l WHERE l.legal_entity_id = h.legal_entity_id AND l.seq = h.seq AND l.hash = h.hash)
            OR EXISTS (SELECT FROM billing_evidencelink l WHERE l.legal_entity_id = h.legal_entity_id AND l.seq > h.seq)
    UNION ALL
    SELECT DISTINCT NULL::bigint, NULL::bigint, d.kind, d.id, 'it has no link' FROM evidence_decisions() d
        WHERE NOT EXISTS (SELECT FROM billing_evidencelink l WHERE l.kind = d.kind AND l.subject_id = d.id)
    UNION ALL  -- the ticket is not in a link's text: it is of the customer whose people answered
    SELECT DISTINCT l.legal_entity_id, l.seq, l.kind, l.subject_id, 'its ticket is of another customer than who answered' FROM billing_evidencelink l
        JOIN evidence_decisions() answers ON answers.kind = l.kind AND answers.id = l.subject_id
        JOIN support_contact c ON c.id = answers.contact_id JOIN billing_engagement e ON e.id = answers.engagement_id JOIN support_ticket t ON t.id = e.ticket_id
        WHERE c.customer_id <> t.customer_id
$$;
-- reverse
DROP FUNCTION evidence_broken, evidence_decisions;
DROP TRIGGER append_only ON billing_evidencelink;
DROP TRIGGER evidence_add ON billing_approval; DROP TRIGGER evidence_add ON billing_approvalend; DROP TRIGGER evidence_add ON billing_offerend;
DROP FUNCTION evidence_add; DROP FUNCTION evidence_of(text, bigint, int); DROP FUNCTION evidence_of_offer(bigint, int), evidence_of_written, evidence_of_check, evidence_of_more;
DROP FUNCTION evidence_field(text, timestamptz); DROP FUNCTION evidence_field(text, text);
