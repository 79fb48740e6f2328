-- A tracked row that was written leaves a history row of the same transaction that says what the row now says.
CREATE FUNCTION history_required() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE tracked jsonb; last jsonb; key bigint := coalesce(NEW.id, OLD.id);
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 1 AND to_jsonb(NEW) - TG_ARGV[1]::text[] = to_jsonb(OLD) - TG_ARGV[1]::text[] THEN
        RETURN NULL;  -- only columns that are not tracked have changed
    END IF;
    EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE id = $1', TG_TABLE_NAME) INTO tracked USING key;  -- as it is now, at the commit
    EXECUTE format('SELECT to_jsonb(h) FROM %I h WHERE id = $1 AND history_transaction = pg_current_xact_id() ORDER BY history_id DESC LIMIT 1', TG_ARGV[0]) INTO last USING key;
    IF last IS NULL OR (tracked IS NULL) <> (last ->> 'history_type' = '-')
        OR tracked || last <> last || tracked THEN  -- the two are equal when the rows agree on every column that both have
        PERFORM refuse('history_required', format('%s %s was written without its history row: use save(), or simple_history.utils.', TG_TABLE_NAME, key));
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION history_required FROM PUBLIC;

-- `untracked` columns, such as a password's hash, never stand in the history.
CREATE PROCEDURE track(tracked text, history text, untracked text[] DEFAULT '{}') LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE CONSTRAINT TRIGGER history_required AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED '
                   'FOR EACH ROW EXECUTE FUNCTION history_required(%L, %L)', tracked, history, untracked);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER history_required', tracked);
    CALL make_append_only(ARRAY[history]);
END $$;
REVOKE EXECUTE ON PROCEDURE track FROM PUBLIC;

-- For data migrations, whose models have no simple-history: copies the rows as they now are into their history.
CREATE PROCEDURE record_history(tracked text, history text, ids bigint[], who text, reason text) LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE columns text;
BEGIN
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) INTO columns FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = tracked::regclass AND b.attname = a.attname
        WHERE a.attrelid = history::regclass AND a.attnum > 0 AND NOT a.attisdropped AND b.attnum > 0;
    EXECUTE format('INSERT INTO %I (%s, history_date, history_type, history_change_reason, actor_kind, actor_name) '
                   'SELECT %s, countersign_now(), ''~'', $1, ''system'', $2 FROM %I WHERE id = ANY ($3)',
                   history, columns, columns, tracked) USING reason, who, ids;
END $$;
REVOKE EXECUTE ON PROCEDURE record_history FROM PUBLIC;
-- reverse
DROP PROCEDURE record_history; DROP PROCEDURE track; DROP FUNCTION history_required CASCADE;
