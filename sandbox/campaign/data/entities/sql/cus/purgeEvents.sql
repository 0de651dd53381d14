-- Events processed more than 30 days ago; run by the workflow WKF_privacyPurge.
DELETE FROM NmsRtEvent
WHERE iStatus IN (2, 3)
  AND tsCreated < CURRENT_TIMESTAMP - INTERVAL '30 days';
