-- The views of brink: its public interface. Columns are added, never renamed, and none
-- needs a function of brink's own. This file makes all of them anew.
--
-- Every view has run_id, which is what to select by: the tables behind it are then read by
-- their keys. Times: t_s and everything else in _s is seconds since the run's start,
-- epoch_s is Unix time.

-- A row a run, with what gave way first. held_peak of a run that has not ended is looked
-- up in its samples. clients and rate are what was asked for: a number, or a word such as
-- unlimited. (json_each works where a schema may not call JSON functions.)
DROP VIEW IF EXISTS v_run;
CREATE VIEW v_run AS
SELECT
  r.run_id,
  r.label,
  strftime('%Y-%m-%dT%H:%M:%SZ', r.started_unix_us / 1000000, 'unixepoch') AS started_at,
  r.started_unix_us / 1e6 AS epoch_s,
  r.ended_us / 1e6 AS duration_s,
  r.state,
  r.outcome,
  (SELECT j.value FROM json_each(r.plan) AS j WHERE j.key = 'clients') AS clients,
  (SELECT j.value FROM json_each(r.plan) AS j WHERE j.key = 'rate') AS rate,
  (SELECT j.value FROM json_each(r.plan) AS j WHERE j.key = 'acceptors') AS acceptors,
  (SELECT j.value FROM json_each(r.plan) AS j WHERE j.key = 'forkers') AS forkers,
  max(coalesce(r.held_peak, (
    SELECT max(at_tick.held) FROM (
      SELECT sum(w.held) AS held
      FROM worker_sample AS w
      JOIN subject AS s ON s.run_id = w.run_id AND s.kind = 'worker'
        AND s.subject = w.subject
      WHERE w.run_id = r.run_id AND s.role = 'forker'
      GROUP BY w.tick) AS at_tick)),
    -- A break between two ticks may have had more.
    coalesce((SELECT max(p.held) FROM breaking_point AS p WHERE p.run_id = r.run_id), 0)
  ) AS held_peak,
  b.t_us / 1e6 AS broke_at_s,
  b.held AS broke_held,
  b.limit_id,
  b.subject,
  b.confidence
FROM run AS r
LEFT JOIN breaking_point AS b ON b.run_id = r.run_id AND b.cycle = (
  SELECT min(first.cycle) FROM breaking_point AS first WHERE first.run_id = r.run_id);

-- How a run went, a row a tick. The clients' figures are the forkers' with all their
-- clients, accepted is the acceptors'; fds, rss_bytes and processes are those of acceptors,
-- handlers, forkers and clients, without the observers, NULL where they are not known of all
-- (before Linux 6.2 open files are counted at every tenth tick); kernel_bytes is memory of the
-- host that belongs to no process.
DROP VIEW IF EXISTS v_progress;
CREATE VIEW v_progress AS
SELECT
  t.run_id,
  t.t_us / 1e6 AS t_s,
  -- 'end': after the last phase, when the workers have gone
  (SELECT CASE WHEN p.to_us < t.t_us THEN 'end' ELSE p.name END FROM phase AS p
    WHERE p.run_id = t.run_id AND p.from_us <= t.t_us
    ORDER BY p.seq DESC LIMIT 1) AS phase,
  sum(w.attempted_total) FILTER (WHERE s.role = 'forker') AS attempted,
  sum(w.established_total) FILTER (WHERE s.role = 'forker') AS established,
  -- without those whose client does not see them as established yet
  min(sum(w.accepted_total) FILTER (WHERE s.role IN ('acceptor', 'target')),
    sum(w.established_total) FILTER (WHERE s.role = 'forker')) AS accepted,
  sum(w.held) FILTER (WHERE s.role = 'forker') AS held,
  (SELECT CASE WHEN count(g.fds) = count(*) THEN sum(g.fds) END FROM group_sample AS g
    WHERE g.run_id = t.run_id AND g.tick = t.tick AND g.subject IS NOT o.subject) AS fds,
  (SELECT CASE WHEN count(g.rss_bytes) = count(*) THEN sum(g.rss_bytes) END FROM group_sample AS g
    WHERE g.run_id = t.run_id AND g.tick = t.tick AND g.subject IS NOT o.subject) AS rss_bytes,
  (SELECT h.slab_unreclaimable_bytes + h.kernel_stack_bytes + h.page_table_bytes
      + h.tcp_memory_bytes
    FROM host_sample AS h WHERE h.run_id = t.run_id AND h.tick = t.tick) AS kernel_bytes,
  (SELECT sum(g.processes) FROM group_sample AS g
    WHERE g.run_id = t.run_id AND g.tick = t.tick AND g.subject IS NOT o.subject) AS processes,
  (SELECT n.sockets FROM netns_sample AS n
    WHERE n.run_id = t.run_id AND n.tick = t.tick) AS sockets,
  t.tick,
  sum(w.served_total) FILTER (WHERE s.role = 'forker') AS served,
  r.started_unix_us / 1e6 + t.t_us / 1e6 AS epoch_s,
  sum(w.strangers_total) FILTER (WHERE s.role IN ('acceptor', 'target')) AS strangers
FROM tick AS t
JOIN run AS r ON r.run_id = t.run_id
LEFT JOIN subject AS o ON o.run_id = t.run_id AND o.kind = 'group'
  AND o.name = 'observers'
LEFT JOIN worker_sample AS w ON w.run_id = t.run_id AND w.tick = t.tick
LEFT JOIN subject AS s ON s.run_id = w.run_id AND s.kind = 'worker'
  AND s.subject = w.subject
GROUP BY t.run_id, t.tick;

-- Every reading, in long form: a row a run, tick, subject and resource. NULL: could not be
-- read then. Processes that took each other's place have one name: subject_id tells them apart,
-- as it does in resource_limit. It is made from the resource table: one SELECT for each kind of subject, one
-- WHEN for each resource of that kind, both in the order of that table.
DROP VIEW IF EXISTS v_sample;
CREATE VIEW v_sample AS
-- @samples

-- Where and how a run broke: the counts at the first failure, and the limit that was met.
DROP VIEW IF EXISTS v_breaking_point;
CREATE VIEW v_breaking_point AS
SELECT
  run_id,
  cycle,
  t_us / 1e6 AS t_s,
  attempted,
  established,
  accepted,
  served,
  held,
  limit_id,
  subject,
  side,
  confidence,
  usage,
  limit_value,
  call,
  errno,
  since_attempt_us / 1e6 AS since_attempt_s
FROM breaking_point;

-- Levels of every followed resource, and what a connection and a second of waiting cost,
-- with 95 % intervals.
DROP VIEW IF EXISTS v_leak_rate;
CREATE VIEW v_leak_rate AS
SELECT
  l.run_id,
  l.cycle,
  l.resource,
  l.subject,
  r.unit,
  l.base,
  l.peak,
  l.final,
  l.leaked,
  l.per_second,
  l.per_connection,
  l.per_connection_low,
  l.per_connection_high,
  l.over_time,
  l.over_time_low,
  l.over_time_high,
  l.class,
  l.n,
  l.kind,
  l.pattern,
  l.trend_p,
  l.still_s,
  l.needed_s,
  l.weak
FROM leak AS l
LEFT JOIN resource AS r ON r.kind = l.kind AND r.name = l.resource;

-- Memory that one connection takes, by side, and in all (side total). Of a group of
-- processes it is their private memory; where that is not known, their resident memory,
-- which counts shared pages once a process. The limits of the intervals are added up, so a
-- sum's interval is rather too wide. There is a side where the clients, the acceptors or the
-- host are known, and a total where all are.
DROP VIEW IF EXISTS v_cost_per_connection;
CREATE VIEW v_cost_per_connection AS
WITH
  part (subject_kind, subject, resource, side) AS (VALUES
    ('group', 'clients', 'private_bytes', 'client'),
    ('group', 'clients', 'rss_bytes', 'client'),
    ('group', 'forkers', 'private_bytes', 'client'),
    ('group', 'forkers', 'rss_bytes', 'client'),
    ('group', 'acceptors', 'private_bytes', 'server'),
    ('group', 'acceptors', 'rss_bytes', 'server'),
    ('group', 'handlers', 'private_bytes', 'server'),
    ('group', 'handlers', 'rss_bytes', 'server'),
    ('group', 'target', 'private_bytes', 'server'),
    ('group', 'target', 'rss_bytes', 'server'),
    ('host', 'host', 'slab_unreclaimable_bytes', 'kernel'),
    ('host', 'host', 'kernel_stack_bytes', 'kernel'),
    ('host', 'host', 'page_table_bytes', 'kernel'),
    ('host', 'host', 'tcp_memory_bytes', 'kernel'),
    ('cgroup', 'cgroup', 'kernel_memory_bytes', 'kernel'),
    ('cgroup', 'cgroup', 'socket_memory_bytes', 'kernel')),
  side (side) AS (VALUES ('client'), ('server'), ('kernel'), ('total'))
SELECT
  l.run_id,
  l.cycle,
  side.side,
  sum(l.per_connection) AS bytes,
  sum(l.per_connection_low) AS bytes_low,
  sum(l.per_connection_high) AS bytes_high,
  group_concat(l.subject || ' ' || l.resource, ', ') AS rests_on
FROM leak AS l
JOIN part ON part.subject_kind = l.kind AND part.subject = l.subject
  AND part.resource = l.resource
JOIN side ON side.side IN (part.side, 'total')
WHERE l.per_connection IS NOT NULL
  AND NOT (l.kind = 'group' AND l.resource = 'rss_bytes' AND EXISTS (
    SELECT 1 FROM leak AS p
    WHERE p.run_id = l.run_id AND p.cycle = l.cycle AND p.kind = l.kind
      AND p.resource = 'private_bytes' AND p.subject = l.subject
      AND p.per_connection IS NOT NULL))
  -- What the workers' cgroup is charged is theirs; the host's is everybody's.
  AND (l.kind NOT IN ('host', 'cgroup') OR l.kind = CASE WHEN EXISTS (
    SELECT 1 FROM leak AS p
    WHERE p.run_id = l.run_id AND p.cycle = l.cycle AND p.kind = 'cgroup'
      AND p.resource = 'kernel_memory_bytes' AND p.per_connection IS NOT NULL)
    THEN 'cgroup' ELSE 'host' END)
GROUP BY l.run_id, l.cycle, side.side
-- Without its main part a sum says nothing.
HAVING count(DISTINCT CASE WHEN part.subject IN ('clients', 'acceptors', 'target', 'host', 'cgroup')
    THEN part.side END)
  = CASE side.side WHEN 'total' THEN 3 ELSE 1 END;

-- At how many connections each limit would be met, as said at made_at_s; rank 0 is the
-- first.
DROP VIEW IF EXISTS v_forecast;
CREATE VIEW v_forecast AS
SELECT
  run_id,
  made_at_us / 1e6 AS made_at_s,
  made_at_held,
  rank,
  resource,
  subject,
  limit_value,
  at_connections,
  low,
  high
FROM forecast;

-- What came back after the release, and when: seconds since the release to 50, 90 and 99 %
-- and to within the resolution of the base. NULL: not reached. kept: 1 where what is left of
-- a group's memory is no more than an allocator keeps for the next time, 32 bytes for each
-- connection that it had and 128 KiB for each process; one cycle cannot tell it from a leak.
DROP VIEW IF EXISTS v_recovery;
CREATE VIEW v_recovery AS
SELECT
  run_id,
  cycle,
  resource,
  subject,
  base,
  peak,
  residual,
  recovered,
  t50_us / 1e6 AS t50_s,
  t90_us / 1e6 AS t90_s,
  t99_us / 1e6 AS t99_s,
  settled_us / 1e6 AS settled_s,
  kind,
  -- What the allocator of a server that is not brink's own keeps is not known.
  kind = 'group' AND resource GLOB '*_bytes' AND (subject = 'target' OR residual <= (
    SELECT sum(CASE o.resource WHEN 'fds' THEN 32 * (o.peak - o.base)
      ELSE 131072 * o.peak END)
    FROM recovery AS o
    WHERE o.run_id = v.run_id AND o.cycle = v.cycle AND o.kind = v.kind
      AND o.subject = v.subject AND o.resource IN ('fds', 'processes'))) AS kept
FROM recovery AS v;

-- A row a cycle: where it broke, whether all came back and when, and when newcomers had
-- service again. Seconds in service_s, latency_s and settled_s are since the release.
DROP VIEW IF EXISTS v_cycle;
CREATE VIEW v_cycle AS
SELECT
  c.run_id,
  c.cycle,
  c.from_us / 1e6 AS from_s,
  c.release_us / 1e6 AS release_s,
  c.to_us / 1e6 AS to_s,
  b.held AS broke_held,
  b.limit_id,
  b.subject,
  c.recovered,
  c.remains,
  c.settled_us / 1e6 AS settled_s,
  c.service_us / 1e6 AS service_s,
  c.latency_us / 1e6 AS latency_s,
  c.ports_us / 1e6 AS ports_s
FROM cycle AS c
LEFT JOIN breaking_point AS b ON b.run_id = c.run_id AND b.cycle = c.cycle;

-- What is kept from cycle to cycle: a high-water mark stops after the first, a leak goes on.
DROP VIEW IF EXISTS v_cycle_trend;
CREATE VIEW v_cycle_trend AS
SELECT
  t.run_id,
  t.resource,
  t.subject,
  coalesce(r.unit, CASE WHEN t.resource GLOB '*_us' THEN 'us' ELSE '1' END) AS unit,
  t.cycles,
  t.per_cycle,
  t.per_cycle_low,
  t.per_cycle_high,
  t.class,
  t.kind
FROM cycle_trend AS t
LEFT JOIN resource AS r ON r.kind = t.kind AND r.name = t.resource;

-- Failed system calls of the workers in each cycle, and what the run and the worker held at
-- the first of them.
DROP VIEW IF EXISTS v_failure;
CREATE VIEW v_failure AS
SELECT
  f.run_id,
  f.worker,
  f.call,
  f.error,
  f.errno,
  f.count,
  f.first_us / 1e6 AS first_s,
  f.last_us / 1e6 AS last_s,
  f.first_held,
  f.first_attempted,
  f.first_established,
  f.first_accepted,
  f.first_served,
  f.first_own,
  f.first_fds,
  f.first_limit,
  f.own_fds,
  f.process_id,
  p.pid,
  f.cycle
FROM failure AS f
LEFT JOIN process AS p ON p.run_id = f.run_id AND p.process_id = f.process_id;

-- Who held the ports from a source address to the server when connect(2) first found none.
DROP VIEW IF EXISTS v_port_use;
CREATE VIEW v_port_use AS
SELECT
  run_id, cycle, t_us / 1e6 AS t_s, source, port_low, port_high, own, strangers, time_wait,
  bound, other, reserved, unreachable, free, listener
FROM port_use;

-- What was expected of a run, and whether it came so. Values are in base units: bytes,
-- microseconds, a share of 1; value NULL: not known, which is no pass.
DROP VIEW IF EXISTS v_expectation;
CREATE VIEW v_expectation AS
SELECT
  run_id, seq, expression, figure, unit, bound, value, value_low, value_high, passed
FROM expectation;

-- Where connections were lost on their way, a row a cycle: the clients' counts, and accepted
-- of the acceptors. A run of one cycle has what was counted at its very end.
DROP VIEW IF EXISTS v_funnel;
CREATE VIEW v_funnel AS
SELECT
  run_id,
  0 AS cycle,
  sum(attempted) FILTER (WHERE role = 'forker') AS attempted,
  sum(established) FILTER (WHERE role = 'forker') AS established,
  sum(accepted) FILTER (WHERE role IN ('acceptor', 'target')) AS accepted,
  sum(served) FILTER (WHERE role = 'forker') AS served,
  sum(failed) FILTER (WHERE role = 'forker') AS failed,
  sum(missed) FILTER (WHERE role = 'forker') AS missed,
  sum(transient) FILTER (WHERE role = 'forker') AS transient,
  sum(lost) FILTER (WHERE role = 'forker') AS lost,
  sum(released) FILTER (WHERE role = 'forker') AS released,
  sum(strangers) FILTER (WHERE role IN ('acceptor', 'target')) AS strangers
FROM worker_total AS t
WHERE NOT EXISTS (SELECT 1 FROM cycle AS c
  WHERE c.run_id = t.run_id AND c.cycle = 1 AND c.attempted IS NOT NULL)
GROUP BY run_id
UNION ALL
SELECT run_id, cycle, attempted, established, accepted, served, failed, missed, transient, lost,
  released, NULL
FROM cycle AS c
WHERE EXISTS (SELECT 1 FROM cycle AS o
  WHERE o.run_id = c.run_id AND o.cycle = 1 AND o.attempted IS NOT NULL);

-- Latencies, a row a second and kind: connect from the time it was due, connect_raw from
-- the call, echo, canary.
DROP VIEW IF EXISTS v_latency;
CREATE VIEW v_latency AS
SELECT run_id, kind, t_us / 1e6 AS t_s, count, p50_us, p90_us, p99_us, p999_us, max_us
FROM latency;

-- How evenly the work fell on the workers of a role. share is a worker's part of its
-- role's connections (accepted by acceptors, established by forkers) times the number of
-- its workers: 1 where all have the same.
DROP VIEW IF EXISTS v_worker_balance;
CREATE VIEW v_worker_balance AS
WITH worker AS (
  SELECT
    *,
    CASE WHEN role IN ('acceptor', 'target') THEN accepted ELSE established END AS connections
  FROM worker_total
  WHERE role IN ('acceptor', 'target') OR role = 'forker')
SELECT
  run_id,
  worker,
  role,
  connections,
  connections / nullif(avg(connections) OVER (PARTITION BY run_id, role), 0) AS share,
  attempted,
  established,
  accepted,
  served,
  failed,
  missed,
  lost
FROM worker;

-- The ramps that were seen to their end, and how long their connects took from the first to
-- the last: a schedule is kept in time. Up to allowed_s a ramp may be behind what its rate
-- asks for: 1 %, or 10 ms. Slots that were missed are no connects, but are in steps.
DROP VIEW IF EXISTS v_ramp;
CREATE VIEW v_ramp AS
WITH
  part AS (
    SELECT
      p.run_id,
      p.cycle,
      p.name,
      p.from_us,
      p.target - lag(p.target) OVER phases - 1 AS steps,
      lead(p.begun_us) OVER phases AS last_us,
      lead(p.name) OVER phases AS next
    FROM phase AS p
    WINDOW phases AS (PARTITION BY p.run_id ORDER BY p.seq)),
  ramp AS (
    SELECT
      p.run_id,
      p.cycle,
      p.from_us,
      p.last_us,
      p.steps,
      nullif(r.rate, 0) AS rate
    FROM part AS p
    JOIN v_run AS r ON r.run_id = p.run_id
    WHERE p.name = 'ramp' AND p.next IN ('plateau', 'hold') AND p.steps > 0
      AND p.last_us > p.from_us),
  pace AS (
    SELECT
      *,
      max((last_us - from_us) / 1e6 - 1.0 * steps / rate, 0) AS behind_s,
      max(0.01 * steps / rate, 0.01) AS allowed_s
    FROM ramp)
SELECT
  run_id,
  cycle,
  from_us / 1e6 AS from_s,
  last_us / 1e6 AS last_s,
  (last_us - from_us) / 1e6 AS took_s,
  steps,
  rate AS rate_asked,
  steps * 1e6 / (last_us - from_us) AS rate_had,
  behind_s,
  allowed_s,
  -- with the ramps before it
  total(behind_s) OVER so_far > total(allowed_s) OVER so_far AS is_behind
FROM pace
WINDOW so_far AS (PARTITION BY run_id, cycle ORDER BY from_us);

-- How far the measurement itself can be trusted: ticks that are missing between the first
-- and the last, how late they were and how long they took, slots of the schedule that were
-- called for and missed, and gaps where samples were lost.
DROP VIEW IF EXISTS v_run_health;
CREATE VIEW v_run_health AS
WITH
  ranked AS (
    SELECT
      r.run_id,
      t.tick,
      t.late_us,
      t.took_us,
      cume_dist() OVER (PARTITION BY r.run_id ORDER BY t.late_us) AS late_rank,
      cume_dist() OVER (PARTITION BY r.run_id ORDER BY t.took_us) AS took_rank
    FROM run AS r
    JOIN tick AS t ON t.run_id = r.run_id
    WHERE r.run_id NOT IN (SELECT run_id FROM run_health)),
  health AS (
    SELECT
      run_id,
      count(*) AS ticks,
      max(tick) - min(tick) + 1 - count(*) AS missed_ticks,
      min(late_us) FILTER (WHERE late_rank >= 0.99) AS late_p99_us,
      max(late_us) AS late_max_us,
      min(took_us) FILTER (WHERE took_rank >= 0.99) AS took_p99_us
    FROM ranked
    GROUP BY run_id
    UNION ALL
    SELECT run_id, ticks, missed_ticks, late_p99_us, late_max_us, took_p99_us
    FROM run_health
    UNION ALL
    SELECT run_id, 0, 0, NULL, NULL, NULL
    FROM run AS r
    WHERE r.run_id NOT IN (SELECT run_id FROM run_health)
      AND NOT EXISTS (SELECT 1 FROM tick AS t WHERE t.run_id = r.run_id)),
  totals AS (
    SELECT run_id, sum(attempted) AS attempted, sum(missed) AS missed
    FROM worker_total
    WHERE role = 'forker'
    GROUP BY run_id),
  pace_of_cycle AS (
    SELECT
      run_id,
      max(rate_asked) AS rate_asked,
      sum(steps) AS steps,
      sum(took_s) AS took_s,
      sum(behind_s) AS behind_s,
      total(behind_s) > total(allowed_s) AS is_behind
    FROM v_ramp
    GROUP BY run_id, cycle),
  pace AS (
    SELECT
      run_id,
      max(rate_asked) AS rate_asked,
      sum(steps) / sum(took_s) AS rate_had,
      sum(behind_s) AS behind_s,
      max(is_behind) AS is_behind
    FROM pace_of_cycle
    GROUP BY run_id)
SELECT
  h.run_id,
  h.ticks,
  h.missed_ticks,
  h.late_p99_us,
  h.late_max_us,
  h.took_p99_us,
  t.attempted + t.missed AS slots,
  t.missed AS missed_slots,
  (SELECT count(*) FROM event AS e
    WHERE e.run_id = h.run_id AND e.kind = 'gap') AS gaps,
  pace.rate_asked,
  -- of slots that were missed nothing was begun
  pace.rate_had * coalesce(1.0 * t.attempted / nullif(t.attempted + t.missed, 0), 1) AS rate_had,
  pace.behind_s,
  pace.is_behind
FROM health AS h
LEFT JOIN totals AS t ON t.run_id = h.run_id
LEFT JOIN pace ON pace.run_id = h.run_id;

-- A row a run with the figures that make a trend: what it was, where it was, what it held,
-- what a connection cost and how long 99 % of everything took to come back. Counts are over
-- all cycles; the cost and the recovery are the first cycle's.
DROP VIEW IF EXISTS v_history;
CREATE VIEW v_history AS
SELECT
  v.run_id,
  v.started_at,
  v.epoch_s,
  v.label,
  h.name AS host,
  h.kernel,
  r.version,
  v.duration_s,
  v.state,
  v.outcome,
  v.clients,
  v.rate,
  v.acceptors,
  v.forkers,
  v.held_peak,
  v.broke_at_s,
  v.broke_held,
  v.limit_id,
  v.subject,
  v.confidence,
  f.attempted,
  f.established,
  f.accepted,
  f.served,
  f.failed,
  f.missed,
  (SELECT c.bytes FROM v_cost_per_connection AS c
    WHERE c.run_id = v.run_id AND c.cycle = 0 AND c.side = 'total')
    AS bytes_per_connection,
  -- as the figure recovery.t99
  (SELECT CASE WHEN count(*) = count(y.t99_s) THEN max(y.t99_s) END FROM v_recovery AS y
    WHERE y.run_id = v.run_id AND y.cycle = 0 AND y.recovered IS NOT NULL
      AND y.kind IN ('netns', 'group') AND y.subject NOT IN ('observers', 'forkers')
      AND y.resource NOT IN ('tcp_time_wait', 'rss_bytes') AND coalesce(y.kept, 0) = 0) AS t99_s
FROM v_run AS v
JOIN run AS r ON r.run_id = v.run_id
JOIN host AS h ON h.host_id = r.host_id
LEFT JOIN (
  SELECT
    run_id,
    sum(attempted) AS attempted,
    sum(established) AS established,
    sum(accepted) AS accepted,
    sum(served) AS served,
    sum(failed) AS failed,
    sum(missed) AS missed
  FROM v_funnel
  GROUP BY run_id
) AS f ON f.run_id = v.run_id;

-- A row a sweep, with how far it is.
DROP VIEW IF EXISTS v_sweep;
CREATE VIEW v_sweep AS
SELECT
  s.sweep_id,
  strftime('%Y-%m-%dT%H:%M:%SZ', s.started_unix_us / 1000000, 'unixepoch') AS started_at,
  s.started_unix_us / 1e6 AS epoch_s,
  s.ended_unix_us / 1e6 AS ended_epoch_s,
  s.points,
  s.repeats,
  s.points * s.repeats AS runs,
  (SELECT count(*) FROM v_sweep_point AS p
    WHERE p.sweep_id = s.sweep_id AND p.is_done) AS runs_done,
  (SELECT group_concat(n.name, ', ') FROM (
    SELECT v.name FROM sweep_value AS v
    WHERE v.sweep_id = s.sweep_id AND v.point = 0 ORDER BY v.seq) AS n) AS varied,
  s.command,
  s.seed,
  s.version
FROM sweep AS s;

-- A row a run of a sweep, made or yet to be made: what its point sets, and what came of it.
-- A run that was interrupted, be it while it recovered, is made again with the sweep, and is not
-- done until then.
DROP VIEW IF EXISTS v_sweep_point;
CREATE VIEW v_sweep_point AS
SELECT
  p.sweep_id,
  p.position,
  p.point,
  p.repeat,
  (SELECT group_concat(n.setting, ' ') FROM (
    SELECT v.name || '=' || v.value AS setting FROM sweep_value AS v
    WHERE v.sweep_id = p.sweep_id AND v.point = p.point ORDER BY v.seq) AS n) AS setting,
  p.run_id,
  p.exit_code,
  p.exit_code IS NOT NULL
    OR (r.state = 'done' AND coalesce(r.outcome, 'interrupted') <> 'interrupted'
      AND NOT EXISTS (SELECT 1 FROM event AS e
        WHERE e.run_id = p.run_id AND e.kind = 'interrupted-by-user')) AS is_done,
  r.started_unix_us / 1e6 AS epoch_s,
  r.ended_us / 1e6 AS duration_s,
  r.outcome,
  b.limit_id,
  b.subject,
  b.confidence,
  b.held AS broke_held,
  b.since_attempt_us / 1e6 AS broke_after_s,
  r.held_peak
FROM sweep_point AS p
LEFT JOIN run AS r ON r.run_id = p.run_id
LEFT JOIN breaking_point AS b ON b.run_id = p.run_id AND b.cycle = (
  SELECT min(first.cycle) FROM breaking_point AS first WHERE first.run_id = p.run_id);
