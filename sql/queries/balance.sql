-- How evenly the connections fell on the workers of a run; 1 is an even share.
--
-- :run (last) the run
SELECT
  worker,
  role,
  connections,
  round(share, 3) AS share,
  failed,
  missed,
  lost
FROM v_worker_balance
WHERE run_id = :run
ORDER BY role, share DESC, worker;
