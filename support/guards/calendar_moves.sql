-- Which tickets were moved to another version of their calendar, by whom and why, stays told.
CALL make_append_only('{support_calendarmove}');
-- reverse
DROP TRIGGER append_only ON support_calendarmove;
