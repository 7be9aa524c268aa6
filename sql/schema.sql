-- The store of brink: one file for all runs of a user.
--
-- This file makes a new database and documents every table. The views, which are the
-- public interface, are in views.sql. An older database is brought here by the files in
-- migrations/.
--
-- Integers are in base units with the unit in the column's name: _us microseconds, _bytes,
-- _total a counter that only grows. Times are microseconds since the run's start on
-- CLOCK_MONOTONIC, but for started_unix_us and ended_unix_us, which are Unix time. NULL
-- means "could not be read at this tick", never 0.
--
-- WITHOUT ROWID only where the key's columns stand first: for others, integrity_check of
-- SQLite 3.40 reports a "NULL value" that is not there.

-- What the file notes about itself. views_crc32: CRC-32 of the views.sql that made the
-- views. anywhere: 1 where it may be on a network filesystem, by run --force.
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A machine as it was at some run. Two runs share a row while nothing here changed.
CREATE TABLE host (
  host_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL, -- nodename of uname(2)
  kernel TEXT NOT NULL, -- release of uname(2): "6.18.44"
  machine TEXT NOT NULL, -- "x86_64"
  distribution TEXT NOT NULL, -- PRETTY_NAME of os-release(5), "" where there is none
  cpu_model TEXT NOT NULL, -- as in /proc/cpuinfo, "" where it says none
  cpus INTEGER NOT NULL, -- online
  memory_bytes INTEGER NOT NULL,
  container TEXT NOT NULL, -- what /run/systemd/container or the like says, "" outside
  UNIQUE (name, kernel, machine, distribution, cpu_model, cpus, memory_bytes, container)
) STRICT;

-- One execution of a plan. Every other row belongs to a run.
CREATE TABLE run (
  run_id INTEGER PRIMARY KEY,
  started_unix_us INTEGER NOT NULL, -- time 0 of the run
  ended_us INTEGER, -- NULL while it runs
  state TEXT NOT NULL CHECK (state IN ('running', 'recorded', 'done', 'interrupted')),
    -- recorded: complete but not analysed; interrupted: its supervisor died
  outcome TEXT CHECK (outcome IN ('survived', 'broke', 'stalled', 'crashed', 'guarded',
    'aborted', 'interrupted', 'inconclusive', 'failed')), -- NULL until analysed;
    -- aborted: ended by --abort-on
  label TEXT,
  -- JSON: an object, one key an option, base units. Not checked here: with trusted_schema
  -- off, as brink has it, SQLite before 3.41 refuses JSON functions in a schema.
  plan TEXT NOT NULL,
  command TEXT NOT NULL, -- the command line, quoted for a shell
  version TEXT NOT NULL, -- of brink
  host_id INTEGER NOT NULL REFERENCES host,
  boot_id TEXT NOT NULL, -- /proc/sys/kernel/random/boot_id
  supervisor_pid INTEGER NOT NULL,
  supervisor_start INTEGER, -- when it began, in clock ticks since the boot: with boot_id
    -- and pid it names one process for ever; NULL: not known
  held_peak INTEGER, -- most connections held at a tick; NULL until the recorder has ended
  supervisor_pid_namespace INTEGER, -- inode of /proc/self/ns/pid: where supervisor_pid
    -- means it; NULL: not known
  supervisor_lock INTEGER -- 1: as long as it lives it has a lock on this file, whatever
    -- its pid, see run_is_live(); NULL: the filesystem has no locks
) STRICT;
CREATE INDEX run_label ON run (label);

-- A name and value that a person put on a run.
CREATE TABLE tag (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

-- What is measured: the names behind the subject numbers of the sample tables.
CREATE TABLE subject (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL, -- host, netns, cgroup, listener, process, worker, group
  subject INTEGER NOT NULL, -- within its kind; a process's is its process_id
  name TEXT NOT NULL, -- "host", "listener 0", "acceptor 2", "clients"
  role TEXT, -- of a process or worker, or of all that a group sums up: acceptor, forker;
    -- NULL: of none, or of several
  slot INTEGER, -- within the role, from 0; NULL: not of one process or worker
  PRIMARY KEY (run_id, kind, subject)
) STRICT, WITHOUT ROWID;

-- A sysctl, rlimit or the like as it was at the start.
CREATE TABLE setting (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  subject TEXT NOT NULL, -- name of the subject
  name TEXT NOT NULL, -- "net.ipv4.tcp_mem", "RLIMIT_NPROC"
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, subject, name)
) STRICT, WITHOUT ROWID;

-- A configured ceiling, and where it was read.
CREATE TABLE resource_limit (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL, -- subject kind
  subject INTEGER NOT NULL, -- within the kind
  resource TEXT NOT NULL, -- a column of KIND_sample
  value INTEGER NOT NULL,
  source TEXT NOT NULL, -- "RLIMIT_NOFILE", "net.core.somaxconn"
  PRIMARY KEY (run_id, kind, subject, resource, source)
) STRICT;

-- A stretch of the run. Phases follow each other without gap.
CREATE TABLE phase (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  seq INTEGER NOT NULL, -- from 0
  cycle INTEGER NOT NULL, -- from 0
  name TEXT NOT NULL, -- baseline, ramp, plateau, hold, exhausted, recovery
  from_us INTEGER NOT NULL,
  to_us INTEGER, -- NULL: it was not seen to end
  target INTEGER NOT NULL, -- connections to be held at its end
  begun_us INTEGER, -- when the newest connect before it was begun; NULL: none, or not known
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- Every process of a run.
CREATE TABLE process (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  process_id INTEGER NOT NULL, -- within the run, from 0
  pid INTEGER NOT NULL,
  role TEXT NOT NULL,
  slot INTEGER NOT NULL, -- within the role
  parent INTEGER NOT NULL, -- pid
  from_us INTEGER NOT NULL,
  to_us INTEGER, -- NULL: running, or not seen to end
  end TEXT CHECK (end IN ('exit', 'signal', 'oom', 'stopped')), -- stopped: by brink
  code INTEGER, -- exit status or signal number
  PRIMARY KEY (run_id, process_id)
) STRICT, WITHOUT ROWID;

-- The resource table as the program that made the run knew it.
CREATE TABLE resource (
  kind TEXT NOT NULL, -- subject kind: the table is KIND_sample
  name TEXT NOT NULL, -- the column
  unit TEXT NOT NULL, -- bytes, us, 1
  type TEXT NOT NULL CHECK (type IN ('gauge', 'counter')),
  resolution INTEGER NOT NULL, -- smallest step that means something; 0: not followed
  help TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

-- One sampling instant. Missing numbers are missed ticks.
CREATE TABLE tick (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL, -- due at tick * interval
  t_us INTEGER NOT NULL,
  late_us INTEGER NOT NULL,
  took_us INTEGER NOT NULL,
  PRIMARY KEY (run_id, tick)
) STRICT, WITHOUT ROWID;

-- A line "@columns KIND" stands for a column of each resource of that kind, in the order
-- of the resource table, from which they are made; "brink resources" lists them.

-- The host at one tick.
CREATE TABLE host_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns host
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- The network namespace of the run at one tick.
CREATE TABLE netns_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns netns
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- The cgroup of the workers at one tick: subject 0. The others are its ancestors, and those
-- that an acceptor was moved to, that have a limit of their own.
CREATE TABLE cgroup_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns cgroup
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- A listening socket at one tick.
CREATE TABLE listener_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns listener
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- One process of brink at one tick. Where a role has thousands, a bounded number is
-- sampled one by one; group_sample has the sums.
CREATE TABLE process_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns process
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- What a worker counts, read from the ledger at one tick: acceptors, the canary, and each
-- forker with all its clients, exact however many they are.
CREATE TABLE worker_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns worker
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- Processes of one kind taken together at one tick. The counts are exact; the sums are
-- extrapolated from the sampled ones where sampled < processes.
CREATE TABLE group_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
-- @columns group
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;

-- Samples of runs that were packed ("brink pack"): a row is the rows of one KIND_sample table
-- of one run over some ticks. To read them through the same tables and views load brink's
-- extension, brink.so; brink itself needs no loading.
CREATE TABLE packed (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL, -- subject kind
  first_tick INTEGER NOT NULL,
  last_tick INTEGER NOT NULL, -- the ticks of a run's blocks of a kind do not overlap
  row_count INTEGER NOT NULL,
  block BLOB NOT NULL, -- as src/store/block.h describes it: columns but run_id in their
    -- order in the table, rows by subject, then tick
  PRIMARY KEY (run_id, kind, last_tick)
) STRICT;

-- A reading with a name found at run time, such as "slab TCP": objects in use.
CREATE TABLE gauge (
  gauge_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE gauge_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  gauge_id INTEGER NOT NULL REFERENCES gauge,
  tick INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (run_id, gauge_id, tick)
) STRICT, WITHOUT ROWID;

-- Failed system calls of a worker in one cycle, and the state at the first one.
CREATE TABLE failure (
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
  role TEXT, -- of the worker: "acceptor"
  slot INTEGER, -- of the worker within its role, from 0
  PRIMARY KEY (run_id, worker, call, errno, cycle)
) STRICT;

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

-- What the funnel had counted when the run ended, by worker; exact.
CREATE TABLE worker_total (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  worker TEXT NOT NULL, -- acceptors, forkers with their clients, the canary
  attempted INTEGER NOT NULL,
  established INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  served INTEGER NOT NULL,
  held INTEGER NOT NULL,
  missed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  transient INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  released INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  sent_bytes INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  strangers INTEGER, -- accepted, but opened by no client of this run
  role TEXT, -- of the worker: "acceptor"
  slot INTEGER, -- of the worker within its role, from 0
  PRIMARY KEY (run_id, worker)
) STRICT, WITHOUT ROWID;

-- The latencies of one second. kind: connect (from the time it was due), connect_raw (from
-- the call), echo (message sent to message back), canary (connect to echo).
CREATE TABLE latency (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL,
  t_us INTEGER NOT NULL, -- end of the second
  count INTEGER NOT NULL,
  p50_us INTEGER NOT NULL,
  p90_us INTEGER NOT NULL,
  p99_us INTEGER NOT NULL,
  p999_us INTEGER NOT NULL,
  max_us INTEGER NOT NULL,
  histogram BLOB NOT NULL, -- zlib of (bucket, count) pairs, each a little-endian uint32
  PRIMARY KEY (run_id, kind, t_us)
) STRICT, WITHOUT ROWID;

-- Something that happened.
CREATE TABLE event (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  seq INTEGER NOT NULL, -- from 0; from 1,000,000,000 on: the recorder's own, kind gap; from
    -- 2,000,000,000 on: the sampler's, kinds gap (a suspend) and clock-step; from
    -- 3,000,000,000 on: its own gaps
  t_us INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'finding', 'warning')),
  kind TEXT NOT NULL, -- a word: broken, worker-died, gap, clock-step, released
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- What the analysis found. All rows below are made anew by each analysis of the run.
CREATE TABLE finding (
  finding_id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  rank INTEGER NOT NULL, -- 0: the verdict; then consequences in time order; then ruled out
  kind TEXT NOT NULL CHECK (kind IN ('verdict', 'consequence', 'ruled-out', 'note',
    'recommendation', 'leak', 'recovery')),
  limit_id TEXT, -- of the rule table; NULL: none
  subject TEXT,
  t_us INTEGER,
  confidence TEXT CHECK (confidence IN ('proven', 'likely', 'unexplained')),
  side TEXT CHECK (side IN ('client', 'kernel', 'server', 'brink')),
  weak INTEGER NOT NULL DEFAULT 0, -- 1: rests on ticks that are missing or late
  text TEXT NOT NULL, -- one sentence
  rests_on INTEGER -- of a recommendation: the rank of the finding it follows from
) STRICT;
CREATE INDEX finding_run ON finding (run_id, rank);

-- The proof of a finding, in time order.
CREATE TABLE evidence (
  finding_id INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  t_us INTEGER, -- NULL: holds for the whole run
  what TEXT NOT NULL, -- one clause: "fds of acceptor 2"
  value INTEGER,
  limit_value INTEGER,
  PRIMARY KEY (finding_id, seq)
) STRICT, WITHOUT ROWID;

-- What v_run_health says of a run's ticks: it would have to look at each.
CREATE TABLE run_health (
  run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  ticks INTEGER NOT NULL,
  missed_ticks INTEGER NOT NULL,
  late_p99_us INTEGER, -- NULL: without a tick
  late_max_us INTEGER,
  took_p99_us INTEGER
) STRICT;

CREATE TABLE breaking_point (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  cycle INTEGER NOT NULL,
  t_us INTEGER NOT NULL,
  since_attempt_us INTEGER NOT NULL, -- time to failure, from the first attempt
  attempted INTEGER NOT NULL,
  established INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  served INTEGER NOT NULL,
  held INTEGER NOT NULL, -- accepted where the server is the side, else established
  limit_id TEXT, -- NULL: unexplained
  subject TEXT NOT NULL,
  side TEXT NOT NULL,
  confidence TEXT NOT NULL,
  usage INTEGER,
  limit_value INTEGER,
  call TEXT,
  errno INTEGER,
  PRIMARY KEY (run_id, cycle)
) STRICT, WITHOUT ROWID;

-- Levels of every followed resource, and what a connection and a second cost.
CREATE TABLE leak (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  cycle INTEGER NOT NULL,
  kind TEXT NOT NULL, -- subject kind
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  base REAL NOT NULL,
  peak REAL NOT NULL,
  final REAL NOT NULL,
  leaked REAL NOT NULL, -- final - base: descriptive, not a leak by itself
  per_second REAL NOT NULL, -- leaked over first attempt to last sample before recovery
  per_connection REAL, -- NULL: nothing was held
  per_connection_low REAL,
  per_connection_high REAL,
  over_time REAL, -- per second, with the connections held still
  over_time_low REAL,
  over_time_high REAL,
  class TEXT, -- none, per-connection, per-time, both, warm-up, inconclusive; NULL: of brink
    -- itself. What grows with time on the whole host is inconclusive: it is shared.
  n INTEGER NOT NULL, -- samples it rests on
  pattern TEXT, -- against the connections: linear, bending up, bending down; NULL: no cost,
    -- or too few numbers of connections
  trend_p REAL, -- probability of such a trend by chance: Mann-Kendall after Hamed and Rao
  still_s REAL, -- seconds that over_time rests on; NULL: nothing stood still
  needed_s REAL, -- inconclusive: seconds that it would take to tell
  weak INTEGER NOT NULL DEFAULT 0, -- 1: rests on ticks that are missing or late
  PRIMARY KEY (run_id, cycle, kind, resource, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE forecast (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  made_at_us INTEGER NOT NULL,
  made_at_held INTEGER NOT NULL,
  rank INTEGER NOT NULL, -- 0: the first to be met
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  limit_value INTEGER NOT NULL,
  at_connections REAL NOT NULL,
  low REAL,
  high REAL,
  PRIMARY KEY (run_id, made_at_us, rank)
) STRICT;

CREATE TABLE recovery (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  cycle INTEGER NOT NULL,
  kind TEXT NOT NULL, -- subject kind
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  base REAL NOT NULL,
  peak REAL NOT NULL,
  residual REAL NOT NULL, -- settled level - base
  recovered REAL, -- 1: all of it; NULL: nothing had been taken
  t50_us INTEGER, -- since the release; NULL: not reached
  t90_us INTEGER,
  t99_us INTEGER,
  settled_us INTEGER,
  PRIMARY KEY (run_id, cycle, kind, resource, subject)
) STRICT, WITHOUT ROWID;

-- What --expect asked for, in the order given, and what the run came to. Values are in the
-- figure's base unit: bytes, microseconds, a share of 1.
CREATE TABLE expectation (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  seq INTEGER NOT NULL, -- from 0
  expression TEXT NOT NULL, -- "fds_per_connection <= 1.01"
  figure TEXT, -- NULL: the brink that analysed the run knows no such figure
  unit TEXT, -- count, share, bytes, time, count/s, bytes/s
  bound REAL, -- what it is compared with
  value REAL, -- NULL: not known, which is no pass
  value_low REAL, -- of its 95 % interval; NULL: none is known
  value_high REAL,
  passed INTEGER NOT NULL CHECK (passed IN (0, 1)),
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

-- One time from the first ramp to the end of recovery, as a whole.
CREATE TABLE cycle (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  cycle INTEGER NOT NULL, -- from 0
  from_us INTEGER NOT NULL, -- of its first ramp
  release_us INTEGER, -- NULL: nothing was let go
  to_us INTEGER, -- NULL: it was not seen to end
  recovered TEXT CHECK (recovered IN ('full', 'partial', 'none')), -- NULL: nothing to say
  remains TEXT, -- what did not come back, and how much of it; NULL: nothing
  settled_us INTEGER, -- since the release, until all was back; NULL: not all came back
  service_us INTEGER, -- since the release, until the canary was served; NULL: never
  latency_us INTEGER, -- since the release, until it was as fast as before the load, within
    -- twice that; NULL: never
  ports_us INTEGER, -- since the release, until no port was in TIME_WAIT; NULL: none was, or
    -- it was not seen
  -- Counts as in worker_total, at the ticks from its first ramp to that of the next cycle.
  -- NULL: analysed by a version that did not store them.
  attempted INTEGER,
  established INTEGER,
  accepted INTEGER,
  served INTEGER,
  failed INTEGER,
  missed INTEGER,
  transient INTEGER,
  lost INTEGER,
  released INTEGER,
  PRIMARY KEY (run_id, cycle)
) STRICT, WITHOUT ROWID;

-- What is kept from cycle to cycle, of each followed resource that the run answers for, and
-- whether the run broke earlier or took longer to recover.
CREATE TABLE cycle_trend (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL, -- subject kind
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  cycles INTEGER NOT NULL, -- that it rests on
  per_cycle REAL, -- growth of the level, a cycle: the mean, the least and the most
  per_cycle_low REAL,
  per_cycle_high REAL,
  class TEXT NOT NULL, -- none, high-water: kept after the first only; leak: grows in all of
    -- three or more; inconclusive. Of kind run (broke_held, settled_us): none, rising,
    -- falling, inconclusive
  PRIMARY KEY (run_id, kind, resource, subject)
) STRICT, WITHOUT ROWID;

-- Runs that were made to see how what they come to moves with options ("brink sweep"): every
-- point of a grid of values, some times over.
CREATE TABLE sweep (
  sweep_id INTEGER PRIMARY KEY, -- a person calls it "s3"
  started_unix_us INTEGER NOT NULL,
  ended_unix_us INTEGER, -- NULL: some of its runs are not made yet
  points INTEGER NOT NULL,
  repeats INTEGER NOT NULL, -- runs of each point
  seed INTEGER NOT NULL, -- of the order in which the runs are made
  command TEXT NOT NULL, -- the command line, quoted for a shell
  arguments TEXT NOT NULL, -- JSON: an array of those of "brink run" that all points share
  plan TEXT NOT NULL, -- JSON: what they came to, as in run
  version TEXT NOT NULL -- of brink
) STRICT;

-- What a point of a sweep sets: an option as it is typed, without its dashes.
CREATE TABLE sweep_value (
  sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
  point INTEGER NOT NULL, -- from 0
  seq INTEGER NOT NULL, -- from 0, in the order of the command line
  axis INTEGER NOT NULL, -- from 0; options of one axis change together
  name TEXT NOT NULL, -- "acceptors", "limit.nofile.acceptor"
  value TEXT NOT NULL, -- "4"
  PRIMARY KEY (sweep_id, point, seq)
) STRICT, WITHOUT ROWID;

-- A run of a sweep, made or to be made, in the order in which they are made.
CREATE TABLE sweep_point (
  sweep_id INTEGER NOT NULL REFERENCES sweep ON DELETE CASCADE,
  position INTEGER NOT NULL, -- from 0
  point INTEGER NOT NULL,
  repeat INTEGER NOT NULL, -- from 0, of the point
  run_id INTEGER REFERENCES run ON DELETE SET NULL, -- NULL: not made yet, refused before it
    -- began, or deleted since
  exit_code INTEGER, -- what "brink run" exited with; NULL: it has not ended
  PRIMARY KEY (sweep_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_point_run ON sweep_point (run_id);
