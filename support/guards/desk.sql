-- Whoever is of the desk never answers for a customer, however his address is spelled: "max+a@" is max.
CREATE FUNCTION bare_address(email text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT lower(regexp_replace(email, '\+[^@]*@', '@'))
$$;

CREATE FUNCTION is_of_the_desk(address text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM support_user WHERE kind = 'staff' AND bare_address(email) = bare_address(address))
$$;

CREATE FUNCTION contact_address_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF is_of_the_desk(NEW.email) THEN
        PERFORM refuse('contacts_are_not_of_the_desk', 'This is the address of somebody of the desk: a contact has one of the customer''s.');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION staff_address_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM must_read_committed();
    IF EXISTS (SELECT FROM support_contact WHERE active AND bare_address(email) = bare_address(NEW.email)) THEN
        PERFORM refuse('contacts_are_not_of_the_desk', 'This is the address of a customer''s contact: staff has one of the desk''s.');
    END IF;
    RETURN NEW;
END $$;

-- Who holds which role is part of a person's history, though it stands in a table of its own.
CREATE FUNCTION roles_leave_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM support_historicaluser WHERE id = coalesce(NEW.user_id, OLD.user_id) AND history_transaction = pg_current_xact_id()) THEN
        PERFORM refuse('roles_leave_history', 'A role was given or taken without history: use user.give_roles().');
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION is_of_the_desk, contact_address_guard, staff_address_guard, roles_leave_history FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_of_the_desk TO countersign_app;  -- a form asks it

CREATE TRIGGER address BEFORE INSERT OR UPDATE OF email ON support_contact FOR EACH ROW EXECUTE FUNCTION contact_address_guard();
CREATE TRIGGER address BEFORE INSERT OR UPDATE OF email, kind ON support_user FOR EACH ROW WHEN (NEW.kind = 'staff') EXECUTE FUNCTION staff_address_guard();
CREATE CONSTRAINT TRIGGER history_required AFTER INSERT OR UPDATE OR DELETE ON support_user_groups DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION roles_leave_history();
ALTER TABLE support_contact ENABLE ALWAYS TRIGGER address;
ALTER TABLE support_user ENABLE ALWAYS TRIGGER address;
ALTER TABLE support_user_groups ENABLE ALWAYS TRIGGER history_required;

-- What a role may do is written by migrate; what was sent, filed and claimed stays as it was.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON auth_group, auth_group_permissions, auth_permission, support_user_user_permissions, django_content_type, django_migrations
    FROM countersign_app;
REVOKE UPDATE ON support_mail, support_file, support_wait, support_submission FROM countersign_app;
GRANT UPDATE (state, error, tries, sent_at) ON support_mail TO countersign_app;
GRANT UPDATE (ended_at) ON support_wait TO countersign_app;
GRANT UPDATE (location) ON support_submission TO countersign_app;
REVOKE DELETE, TRUNCATE ON support_submission FROM countersign_app;
-- reverse
DROP TRIGGER history_required ON support_user_groups;
DROP FUNCTION contact_address_guard, staff_address_guard, roles_leave_history CASCADE;
DROP FUNCTION is_of_the_desk, bare_address;
GRANT INSERT, UPDATE, DELETE ON auth_group, auth_group_permissions, auth_permission, support_user_user_permissions, django_content_type, django_migrations TO countersign_app;
REVOKE UPDATE (state, error, tries, sent_at) ON support_mail FROM countersign_app;
REVOKE UPDATE (ended_at) ON support_wait FROM countersign_app;
REVOKE UPDATE (location) ON support_submission FROM countersign_app;
GRANT UPDATE ON support_mail, support_file, support_wait, support_submission TO countersign_app;
GRANT DELETE ON support_submission TO countersign_app;
