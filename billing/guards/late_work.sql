-- Late work leaves its list once: booked, or taken off it by finance or a support manager, with a reason.
CREATE FUNCTION late_dismissal_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE work billing_latework;
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM support_user u WHERE NEW.actor_kind = 'staff' AND u.id = NEW.actor_id AND u.kind = 'staff' AND u.is_active AND (u.is_superuser OR EXISTS (
        SELECT FROM support_user_groups m JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = u.id AND g.name IN ('Finance', 'Support managers'))) FOR SHARE;
    IF NOT FOUND THEN
        PERFORM refuse('late_work_is_dismissed_by_finance', 'Only finance or a support manager takes late work off the list.');
    END IF;
    SELECT * INTO STRICT work FROM billing_latework WHERE id = NEW.late_id FOR UPDATE;  -- whoever books it waits, or is waited for
    IF EXISTS (SELECT FROM billing_timeentry WHERE piece = work.piece) THEN
        PERFORM refuse('late_work_leaves_its_list_once', 'This work has been booked already.');
    END IF;
    NEW.dismissed_at := countersign_now();
    RETURN NEW;
END $$;

CREATE FUNCTION late_entry_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    PERFORM FROM billing_latework WHERE piece = NEW.piece FOR SHARE;
    IF FOUND AND EXISTS (SELECT FROM billing_latedismissal d JOIN billing_latework w ON w.id = d.late_id WHERE w.piece = NEW.piece) THEN
        PERFORM refuse('late_work_leaves_its_list_once', 'This work was taken off the list of late work.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION late_dismissal_guard, late_entry_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT ON billing_latedismissal FOR EACH ROW EXECUTE FUNCTION late_dismissal_guard();
CREATE TRIGGER late BEFORE INSERT ON billing_timeentry FOR EACH ROW EXECUTE FUNCTION late_entry_guard();
ALTER TABLE billing_latedismissal ENABLE ALWAYS TRIGGER guard;
ALTER TABLE billing_timeentry ENABLE ALWAYS TRIGGER late;
CALL make_append_only('{billing_latedismissal}');
-- reverse
DROP TRIGGER append_only ON billing_latedismissal;
DROP FUNCTION late_dismissal_guard, late_entry_guard CASCADE;
