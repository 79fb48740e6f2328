-- Time is corrected by time on the same engagement. Deferred, as the correction itself is: it takes the place before it is written.
ALTER TABLE billing_timeentry ADD CONSTRAINT entry_key UNIQUE (id, engagement_id);
ALTER TABLE billing_timeentry ADD CONSTRAINT corrected_on_its_engagement FOREIGN KEY (superseded_by_id, engagement_id)
    REFERENCES billing_timeentry (id, engagement_id) DEFERRABLE INITIALLY DEFERRED;
-- reverse
ALTER TABLE billing_timeentry DROP CONSTRAINT corrected_on_its_engagement;
ALTER TABLE billing_timeentry DROP CONSTRAINT entry_key;
