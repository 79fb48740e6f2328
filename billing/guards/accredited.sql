-- Whose accreditation serves a customer, and until when: its partner's, or its own where it is one; on its last day it still holds.
CREATE FUNCTION accredited_partner(served bigint, at timestamptz) RETURNS TABLE (partner bigint, until date) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.id, p.accredited_until FROM support_customer c JOIN support_customer p ON p.id = coalesce(c.partner_id, c.id)
        WHERE c.id = served AND p.active AND p.accredited_until >= (at AT TIME ZONE p.time_zone)::date
$$;
-- reverse
DROP FUNCTION accredited_partner;
