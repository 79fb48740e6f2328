-- By which hours a region closed at an instant is read from its history.
CREATE TRIGGER guard BEFORE INSERT ON escalations_historicalregion FOR EACH ROW EXECUTE FUNCTION history_of_now('escalations_region');
ALTER TABLE escalations_historicalregion ENABLE ALWAYS TRIGGER guard;
REVOKE EXECUTE ON FUNCTION hours_of_region, takes_over, handoff_at_a_closing, handoff_holds FROM PUBLIC;
-- reverse
DROP TRIGGER guard ON escalations_historicalregion;
