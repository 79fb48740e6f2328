-- GDAP active enough to start: as the last reading before the start said, and it is not older than a day.
CREATE FUNCTION gdap_active(customer bigint, needed jsonb, at timestamptz) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT needed = '[]' OR coalesce((  -- a later reading never makes earlier work good
        SELECT r.status = 'active' AND r.assigned AND r.ends_at > at AND r.roles @> needed AND r.read_at > at - interval '24 hours'
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
DROP FUNCTION gdap_reading_stamp CASCADE; DROP FUNCTION gdap_active;
