-- What a limit is proven or disproven by, at each tick, for each cycle. Runs of before have
-- NULL there: it was not read.
ALTER TABLE listener_sample ADD COLUMN drops_total INTEGER; -- handshake packets that this listener dropped
ALTER TABLE host_sample ADD COLUMN user_threads INTEGER; -- threads of the workers' user on the whole host
ALTER TABLE host_sample ADD COLUMN process_ids INTEGER; -- process ids in use, and those under 300 that the kernel keeps back
ALTER TABLE host_sample ADD COLUMN committed_bytes INTEGER; -- memory that the kernel has promised to processes
ALTER TABLE cgroup_sample ADD COLUMN memory_refused_total INTEGER; -- times that the cgroup's own limit left no memory to be had
ALTER TABLE worker_sample ADD COLUMN strangers_total INTEGER; -- connections taken by accept that no client of this run opened
ALTER TABLE worker_total ADD COLUMN strangers INTEGER; -- accepted, but opened by no client of this run

-- A failure in each cycle: those of before count all cycles, under the one of their first.
CREATE TABLE failure_of_cycle (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  worker TEXT NOT NULL, -- "acceptor 2", "client 7"
  process_id INTEGER, -- the process that runs or last ran as this worker
  call TEXT NOT NULL, -- "accept4"
  errno INTEGER NOT NULL,
  error TEXT NOT NULL, -- "EMFILE"
  count INTEGER NOT NULL,
  first_us INTEGER NOT NULL,
  last_us INTEGER NOT NULL,
  first_held INTEGER NOT NULL, -- held by the whole run at the first
  first_attempted INTEGER NOT NULL,
  first_established INTEGER NOT NULL,
  first_accepted INTEGER NOT NULL,
  first_served INTEGER NOT NULL,
  first_own INTEGER NOT NULL, -- held by this worker at the first
  first_fds INTEGER, -- open descriptors of the process at the first
  first_limit INTEGER, -- its RLIMIT_NOFILE at the first
  own_fds INTEGER, -- descriptors it had before its first connection
  cycle INTEGER NOT NULL DEFAULT 0, -- from 0. Rows of schema 2 and before count all cycles,
    -- under the one of the first
  PRIMARY KEY (run_id, worker, call, errno, cycle)
) STRICT;
INSERT INTO failure_of_cycle
SELECT
  *,
  coalesce((
    SELECT max(p.cycle) FROM phase AS p
    WHERE p.run_id = failure.run_id AND p.from_us <= failure.first_us
  ), 0)
FROM failure;
DROP TABLE failure;
ALTER TABLE failure_of_cycle RENAME TO failure;

-- Who a run's supervisor is, seen from other pid namespaces too.
ALTER TABLE run ADD COLUMN supervisor_pid_namespace INTEGER;
ALTER TABLE run ADD COLUMN supervisor_lock INTEGER;
ALTER TABLE phase ADD COLUMN begun_us INTEGER; -- when the newest connect before it was begun

-- How the ports from a source address to the server were taken when connect(2) first found
-- none in a cycle, asked of the kernel at that moment. Each port is counted once.
CREATE TABLE port_use (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  cycle INTEGER NOT NULL,
  t_us INTEGER NOT NULL,
  source TEXT NOT NULL, -- "127.0.0.1"
  port_low INTEGER NOT NULL, -- net.ipv4.ip_local_port_range
  port_high INTEGER NOT NULL,
  own INTEGER NOT NULL, -- connected to the server by clients of this run
  strangers INTEGER NOT NULL, -- likewise by others
  time_wait INTEGER NOT NULL, -- of closed connections to the server
  bound INTEGER NOT NULL, -- listeners and bound sockets, on whatever address
  other INTEGER NOT NULL, -- connections elsewhere, in the way if they were bound
  reserved INTEGER NOT NULL, -- net.ipv4.ip_local_reserved_ports
  unreachable INTEGER NOT NULL, -- by the way that connect(2) searches
  free INTEGER NOT NULL,
  listener INTEGER NOT NULL, -- 1: one of those bound is the server's own port
  PRIMARY KEY (run_id, cycle)
) STRICT, WITHOUT ROWID;
