-- The seconds of a run in which a newcomer waited longest.
--
-- :run (last) the run
-- :kind (connect) connect, connect_raw, echo or canary
-- :rows (10) at most so many seconds
SELECT
  l.t_s,
  (SELECT p.name FROM phase AS p WHERE p.run_id = l.run_id AND p.from_us <= l.t_s * 1e6
    ORDER BY p.seq DESC LIMIT 1) AS phase,
  l.count,
  l.p50_us,
  l.p99_us,
  l.max_us
FROM v_latency AS l
WHERE l.run_id = :run AND l.kind = :kind
ORDER BY l.p99_us DESC, l.t_s
LIMIT :rows;
