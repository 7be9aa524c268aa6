-- How a run went, a row a second.
--
-- :run (last) the run
SELECT
  round(t_s, 1) AS t_s,
  phase,
  attempted,
  established,
  accepted,
  served,
  held,
  fds,
  rss_bytes,
  kernel_bytes,
  processes,
  sockets
FROM v_progress
WHERE run_id = :run
GROUP BY CAST(t_s AS INTEGER)
HAVING t_s = min(t_s)
ORDER BY t_s;
