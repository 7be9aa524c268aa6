-- How a run went, every tenth tick: a row a second at the usual interval.
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
  AND tick % 10 = 0 -- reaches into the view: only those ticks are read
ORDER BY t_s;
