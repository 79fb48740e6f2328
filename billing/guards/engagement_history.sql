-- When an engagement ended, and whether it was ever withdrawn, is read from its history.
CREATE TRIGGER guard BEFORE INSERT ON billing_historicalengagement FOR EACH ROW EXECUTE FUNCTION history_of_now('billing_engagement');
ALTER TABLE billing_historicalengagement ENABLE ALWAYS TRIGGER guard;
-- reverse
DROP TRIGGER guard ON billing_historicalengagement;
