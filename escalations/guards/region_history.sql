-- By which hours a region closed at an instant is read from its history.
CREATE TRIGGER guard BEFORE INSERT ON escalations_historicalregion FOR EACH ROW EXECUTE FUNCTION history_of_now('escalations_region');
ALTER TABLE escalations_historicalregion ENABLE ALWAYS TRIGGER guard;
REVOKE EXECUTE ON FUNCTION hours_of_region, takes_over, region_closes, handoff_holds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION region_closes TO countersign_app;  -- pages ask it of an open hand-off
-- reverse
DROP TRIGGER guard ON escalations_historicalregion;
