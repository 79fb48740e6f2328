-- Each visitor of an arrival is let in with the kind of his document, or turned away: nobody is forgotten, and somebody is there.
CALL make_append_only('{escalations_onsitevisitor}');

CREATE FUNCTION onsite_named(visitors text) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
    SELECT array_agg(btrim(name, E' \t\r') ORDER BY place) FROM regexp_split_to_table(visitors, '\n') WITH ORDINALITY AS named (name, place) WHERE name ~ '\S'
$$;

CREATE FUNCTION onsite_visitor_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE named text[];
BEGIN
    PERFORM must_read_committed();
    SELECT onsite_named(r.visitors) INTO named FROM escalations_onsitestep s JOIN escalations_onsiterequest r ON r.id = s.request_id
        WHERE s.id = NEW.step_id AND s.kind = 'arrived';
    NEW.name := named[NEW.position];
    IF NEW.name IS NULL THEN
        PERFORM refuse('visitor_was_announced', 'Only whoever was announced is let in or turned away.');
    ELSIF shows_a_document_number(concat_ws(E'\n\n\n', NEW.by_whom, NEW.turned_away)) THEN
        PERFORM refuse('no_document_numbers', 'This looks like the number of a document: it is checked at the door, and never written down.');
    END IF;
    RETURN NEW;
END $$;

-- Asked when the arrival is whole, at its commit.
CREATE FUNCTION onsite_arrival_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE missing text; here bigint;
BEGIN
    PERFORM must_read_committed();
    SELECT string_agg(named.name, ', ' ORDER BY named.place) INTO missing
        FROM escalations_onsiterequest r, unnest(onsite_named(r.visitors)) WITH ORDINALITY AS named (name, place)
        WHERE r.id = NEW.request_id AND NOT EXISTS (SELECT FROM escalations_onsitevisitor v WHERE v.step_id = NEW.id AND v.position = named.place);
    SELECT count(*) INTO here FROM escalations_onsitevisitor WHERE step_id = NEW.id AND turned_away = '';
    IF missing IS NOT NULL THEN
        PERFORM refuse('arrival_says_of_each_visitor', format('Say of each who was announced whether he was let in: %s.', missing));
    ELSIF NEW.document <> '' OR NEW.by_whom <> '' THEN
        PERFORM refuse('arrival_says_of_each_visitor', 'What was shown, and to whom, is said of each visitor.');
    ELSIF here = 0 THEN
        PERFORM refuse('somebody_has_arrived', 'Everybody was turned away: nobody has arrived.');
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION onsite_named, onsite_visitor_guard, onsite_arrival_guard FROM PUBLIC;

CREATE TRIGGER guard BEFORE INSERT ON escalations_onsitevisitor FOR EACH ROW EXECUTE FUNCTION onsite_visitor_guard();
ALTER TABLE escalations_onsitevisitor ENABLE ALWAYS TRIGGER guard;
CREATE CONSTRAINT TRIGGER onsite_arrival_is_whole AFTER INSERT ON escalations_onsitestep DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.kind = 'arrived') EXECUTE FUNCTION onsite_arrival_guard();
ALTER TABLE escalations_onsitestep ENABLE ALWAYS TRIGGER onsite_arrival_is_whole;
-- reverse
DROP TRIGGER append_only ON escalations_onsitevisitor;
DROP FUNCTION onsite_visitor_guard, onsite_arrival_guard CASCADE;
DROP FUNCTION onsite_named;
