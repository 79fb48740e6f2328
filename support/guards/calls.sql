-- What was offered and how it ended is counted in reviews: a record is told once; a mistake is struck out beside it.
CALL make_append_only('{support_callrecord,support_callstriking}');
-- reverse
DROP TRIGGER append_only ON support_callrecord; DROP TRIGGER append_only ON support_callstriking;
