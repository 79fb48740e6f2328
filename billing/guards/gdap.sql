-- Since when the customer had the tenant id that he had at an instant, where he had another one before.
CREATE FUNCTION tenant_since(customer bigint, at timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE held uuid := (SELECT h.tenant_id FROM support_historicalcustomer h WHERE h.id = customer AND h.history_date <= at ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1);
BEGIN
    RETURN (SELECT coalesce(min(n.history_date), '-infinity') FROM support_historicalcustomer n WHERE n.id = customer AND n.history_date <= at
        AND (n.history_date, n.history_id) > (SELECT o.history_date, o.history_id FROM support_historicalcustomer o
            WHERE o.id = customer AND o.history_date <= at AND o.tenant_id IS DISTINCT FROM held
                AND EXISTS (SELECT FROM support_historicalcustomer f WHERE f.id = customer AND f.history_date <= at AND f.tenant_id IS DISTINCT FROM held AND f.tenant_id IS NOT NULL)
            ORDER BY o.history_date DESC, o.history_id DESC LIMIT 1));
END $$;

-- GDAP active enough to start: as the last reading before the start said, and it is not older than a day.
CREATE FUNCTION gdap_active(customer bigint, needed jsonb, at timestamptz) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT needed = '[]' OR coalesce((  -- a later reading never makes earlier work good
        SELECT r.status = 'active' AND r.assigned AND r.ends_at > at AND r.roles @> needed AND r.read_at > at - interval '24 hours'
            AND coalesce(r.seen_at, r.read_at) >= tenant_since(customer, at)  -- what was read of another tenant says nothing of this one
        FROM billing_gdapreading r WHERE r.customer_id = customer AND r.read_at <= at ORDER BY r.read_at DESC, r.id DESC LIMIT 1), false)
$$;

CREATE FUNCTION gdap_reading_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.read_at := countersign_now();
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION gdap_reading_stamp FROM PUBLIC;
CREATE TRIGGER stamp BEFORE INSERT ON billing_gdapreading FOR EACH ROW EXECUTE FUNCTION gdap_reading_stamp();
ALTER TABLE billing_gdapreading ENABLE ALWAYS TRIGGER stamp;
CALL make_append_only('{billing_gdapreading}');
-- reverse
DROP TRIGGER append_only ON billing_gdapreading;
DROP FUNCTION gdap_reading_stamp CASCADE; DROP FUNCTION gdap_active; DROP FUNCTION tenant_since;
