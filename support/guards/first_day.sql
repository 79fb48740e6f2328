-- A code makes a manager of whoever has it: there is none once anybody can sign in, and none when the first day is over.
CREATE FUNCTION first_day_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF TG_OP = 'UPDATE' AND OLD.finished_at IS NOT NULL THEN
        PERFORM refuse('first_day_is_over', 'The first day is over: it does not come again.');
    END IF;
    IF NEW.code_sha256 <> '' AND EXISTS (SELECT FROM support_user) THEN
        PERFORM refuse('first_day_is_for_nobody_else', 'Somebody can sign in already: he invites the others.');
    END IF;
    RETURN NEW;
END $$;
REVOKE EXECUTE ON FUNCTION first_day_guard FROM PUBLIC;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON support_firstday FOR EACH ROW EXECUTE FUNCTION first_day_guard();
ALTER TABLE support_firstday ENABLE ALWAYS TRIGGER guard;
REVOKE DELETE, TRUNCATE ON support_firstday FROM countersign_app;
-- reverse
DROP FUNCTION first_day_guard CASCADE;
GRANT DELETE ON support_firstday TO countersign_app;
