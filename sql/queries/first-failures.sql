-- What failed first in each cycle of a run, by call and error, and what was held then.
--
-- :run (last) the run
SELECT
  min(first_s) AS first_s,
  call,
  error,
  count(*) AS workers,
  sum(count) AS times,
  min(first_held) AS held_at_first,
  max(last_s) AS last_s,
  group_concat(worker, ', ') AS who,
  cycle
FROM (SELECT * FROM v_failure WHERE run_id = :run ORDER BY worker)
GROUP BY cycle, call, error
ORDER BY first_s, call;
