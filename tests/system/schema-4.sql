-- A store of schema version 4, as sqlite3 dumps it: clients that ran out of descriptors.
PRAGMA application_id = 1651665262;
PRAGMA user_version = 4;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('views_crc32',2766822687);
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
INSERT INTO host VALUES(1,'bench-1','6.1.0','x86_64','Debian GNU/Linux 12 (bookworm)','Intel(R) Xeon(R) Processor',2,25276510208,'docker');
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
INSERT INTO run VALUES(1,1795828044223580,7655267,'done','inconclusive','four',replace('{\n  "clients": 40,\n  "rate": 100,\n  "messages": 5,\n  "message-size": 64,\n  "inflight": 1000,\n  "connect-timeout": 5000000,\n  "forkers": 1,\n  "per-client": 20,\n  "sources": 1,\n  "port": 10013,\n  "acceptors": 1,\n  "listener": "shared",\n  "handler": "fork",\n  "backlog": 4096,\n  "retain": {},\n  "baseline": 1000000,\n  "steps": 1,\n  "plateau": 500000,\n  "hold": 1000000,\n  "linger": 1000000,\n  "duration": 301900000,\n  "stall": 5000000,\n  "release": "close",\n  "recovery-timeout": 5000000,\n  "cycles": 1,\n  "interval": 500000,\n  "isolate": false,\n  "limit": {\n    "nofile.client": 24\n  },\n  "user": null,\n  "guard-memory": 1263825510,\n  "no-guard": false,\n  "expect": [],\n  "abort-on": [],\n  "label": "four",\n  "baseline-label": null,\n  "db": "brink.db",\n  "force": false,\n  "report": "none",\n  "status": 10000000,\n  "summary": "none",\n  "quiet": true,\n  "dry-run": false,\n  "json": false,\n  "config": null\n}','\n',char(10)),'brink run --db brink.db --quiet --label four --clients 40 --rate 100 --acceptors 1 --handler fork --limit nofile.client=24 --forkers 1 --per-client 20 --steps 1 --plateau 500ms --hold 1s --baseline 1s --linger 1s --recovery-timeout 5s --interval 500ms --report none --summary none','0.1.0',1,'00000000-0000-0000-0000-000000000000',28606,3162887,38,4026531836,1);
CREATE TABLE tag (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;
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
INSERT INTO subject VALUES(1,'cgroup',0,'cgroup',NULL,NULL);
INSERT INTO subject VALUES(1,'group',0,'acceptors','acceptor',NULL);
INSERT INTO subject VALUES(1,'group',1,'handlers','handler',NULL);
INSERT INTO subject VALUES(1,'group',2,'forkers','forker',NULL);
INSERT INTO subject VALUES(1,'group',3,'clients','client',NULL);
INSERT INTO subject VALUES(1,'group',4,'observers',NULL,NULL);
INSERT INTO subject VALUES(1,'host',0,'host',NULL,NULL);
INSERT INTO subject VALUES(1,'listener',0,'listener 0',NULL,NULL);
INSERT INTO subject VALUES(1,'netns',0,'netns',NULL,NULL);
INSERT INTO subject VALUES(1,'process',0,'supervisor','supervisor',0);
INSERT INTO subject VALUES(1,'process',1,'recorder','recorder',0);
INSERT INTO subject VALUES(1,'process',2,'acceptor 0','acceptor',0);
INSERT INTO subject VALUES(1,'process',3,'sampler','sampler',0);
INSERT INTO subject VALUES(1,'process',4,'canary','canary',0);
INSERT INTO subject VALUES(1,'process',5,'forker 0','forker',0);
INSERT INTO subject VALUES(1,'process',6,'client 0','client',0);
INSERT INTO subject VALUES(1,'process',7,'handler 1','handler',1);
INSERT INTO subject VALUES(1,'process',8,'handler 2','handler',2);
INSERT INTO subject VALUES(1,'process',9,'handler 3','handler',3);
INSERT INTO subject VALUES(1,'process',10,'handler 4','handler',4);
INSERT INTO subject VALUES(1,'process',11,'handler 5','handler',5);
INSERT INTO subject VALUES(1,'process',12,'handler 6','handler',6);
INSERT INTO subject VALUES(1,'process',13,'handler 7','handler',7);
INSERT INTO subject VALUES(1,'process',14,'handler 8','handler',8);
INSERT INTO subject VALUES(1,'process',15,'handler 9','handler',9);
INSERT INTO subject VALUES(1,'process',16,'handler 10','handler',10);
INSERT INTO subject VALUES(1,'process',17,'handler 11','handler',11);
INSERT INTO subject VALUES(1,'process',18,'handler 12','handler',12);
INSERT INTO subject VALUES(1,'process',19,'handler 13','handler',13);
INSERT INTO subject VALUES(1,'process',20,'handler 14','handler',14);
INSERT INTO subject VALUES(1,'process',21,'handler 15','handler',15);
INSERT INTO subject VALUES(1,'process',22,'handler 16','handler',16);
INSERT INTO subject VALUES(1,'process',23,'handler 17','handler',17);
INSERT INTO subject VALUES(1,'process',24,'handler 18','handler',18);
INSERT INTO subject VALUES(1,'process',25,'client 1','client',1);
INSERT INTO subject VALUES(1,'process',26,'handler 19','handler',19);
INSERT INTO subject VALUES(1,'process',27,'handler 20','handler',20);
INSERT INTO subject VALUES(1,'process',28,'handler 21','handler',21);
INSERT INTO subject VALUES(1,'process',29,'handler 22','handler',22);
INSERT INTO subject VALUES(1,'process',30,'handler 23','handler',23);
INSERT INTO subject VALUES(1,'process',31,'handler 24','handler',24);
INSERT INTO subject VALUES(1,'process',32,'handler 25','handler',25);
INSERT INTO subject VALUES(1,'process',33,'handler 26','handler',26);
INSERT INTO subject VALUES(1,'process',34,'handler 27','handler',27);
INSERT INTO subject VALUES(1,'process',35,'handler 28','handler',28);
INSERT INTO subject VALUES(1,'process',36,'handler 29','handler',29);
INSERT INTO subject VALUES(1,'process',37,'handler 30','handler',30);
INSERT INTO subject VALUES(1,'process',38,'handler 31','handler',31);
INSERT INTO subject VALUES(1,'process',39,'handler 32','handler',32);
INSERT INTO subject VALUES(1,'worker',0,'acceptor 0','acceptor',0);
INSERT INTO subject VALUES(1,'worker',1,'forker 0','forker',0);
INSERT INTO subject VALUES(1,'worker',2,'canary','canary',0);
CREATE TABLE setting (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  subject TEXT NOT NULL, -- name of the subject
  name TEXT NOT NULL, -- "net.ipv4.tcp_mem", "RLIMIT_NPROC"
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, subject, name)
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES(1,'host','RLIMIT_AS','unlimited');
INSERT INTO setting VALUES(1,'host','RLIMIT_AS hard','unlimited');
INSERT INTO setting VALUES(1,'host','RLIMIT_MEMLOCK','8388608');
INSERT INTO setting VALUES(1,'host','RLIMIT_MEMLOCK hard','8388608');
INSERT INTO setting VALUES(1,'host','RLIMIT_NOFILE','20000');
INSERT INTO setting VALUES(1,'host','RLIMIT_NOFILE hard','20000');
INSERT INTO setting VALUES(1,'host','RLIMIT_NPROC','96365');
INSERT INTO setting VALUES(1,'host','RLIMIT_NPROC hard','96365');
INSERT INTO setting VALUES(1,'host','RLIMIT_NPROC of workers','not enforced');
INSERT INTO setting VALUES(1,'host','clock source','tsc');
INSERT INTO setting VALUES(1,'host','fs.epoll.max_user_watches','5491511');
INSERT INTO setting VALUES(1,'host','fs.file-max','2466177');
INSERT INTO setting VALUES(1,'host','fs.nr_open','1048576');
INSERT INTO setting VALUES(1,'host','kernel.pid_max','32768');
INSERT INTO setting VALUES(1,'host','kernel.threads-max','192730');
INSERT INTO setting VALUES(1,'host','processes seen','all of the host');
INSERT INTO setting VALUES(1,'host','processors allowed','2');
INSERT INTO setting VALUES(1,'host','transparent hugepages','always [madvise] never');
INSERT INTO setting VALUES(1,'host','vm.max_map_count','65530');
INSERT INTO setting VALUES(1,'host','vm.min_free_kbytes','67584');
INSERT INTO setting VALUES(1,'host','vm.overcommit_memory','0');
INSERT INTO setting VALUES(1,'host','vm.swappiness','60');
INSERT INTO setting VALUES(1,'netns','ephemeral ports bound','0');
INSERT INTO setting VALUES(1,'netns','net.core.rmem_max','4194304');
INSERT INTO setting VALUES(1,'netns','net.core.somaxconn','4096');
INSERT INTO setting VALUES(1,'netns','net.core.wmem_max','4194304');
INSERT INTO setting VALUES(1,'netns','net.ipv4.ip_local_port_range','32768 60999');
INSERT INTO setting VALUES(1,'netns','net.ipv4.ip_local_reserved_ports','');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_abort_on_overflow','0');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_fin_timeout','60');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_max_syn_backlog','2048');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_max_tw_buckets','131072');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_rmem','4096 131072 33554432');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_syn_linear_timeouts','4');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_syn_retries','6');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_synack_retries','5');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_syncookies','1');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_tw_reuse','2');
INSERT INTO setting VALUES(1,'netns','net.ipv4.tcp_wmem','4096 16384 4194304');
INSERT INTO setting VALUES(1,'netns','net.netfilter.nf_conntrack_max','262144');
CREATE TABLE resource_limit (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL, -- subject kind
  subject INTEGER NOT NULL, -- within the kind
  resource TEXT NOT NULL, -- a column of KIND_sample
  value INTEGER NOT NULL,
  source TEXT NOT NULL, -- "RLIMIT_NOFILE", "net.core.somaxconn"
  PRIMARY KEY (run_id, kind, subject, resource, source)
) STRICT;
INSERT INTO resource_limit VALUES(1,'host',0,'available_bytes',1263825510,'--guard-memory');
INSERT INTO resource_limit VALUES(1,'host',0,'files',2466177,'fs.file-max');
INSERT INTO resource_limit VALUES(1,'host',0,'threads',192730,'kernel.threads-max');
INSERT INTO resource_limit VALUES(1,'host',0,'process_ids',32768,'kernel.pid_max');
INSERT INTO resource_limit VALUES(1,'netns',0,'tcp_time_wait',131072,'net.ipv4.tcp_max_tw_buckets');
INSERT INTO resource_limit VALUES(1,'netns',0,'conntrack_entries',262144,'net.netfilter.nf_conntrack_max');
INSERT INTO resource_limit VALUES(1,'group',3,'held',28232,'net.ipv4.ip_local_port_range');
INSERT INTO resource_limit VALUES(1,'listener',0,'queue',4097,'listen(2), net.core.somaxconn');
INSERT INTO resource_limit VALUES(1,'process',0,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',1,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',2,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'host',0,'user_threads',96365,'RLIMIT_NPROC');
INSERT INTO resource_limit VALUES(1,'process',3,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',4,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',5,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',6,'fds',24,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',7,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',8,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',9,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',10,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',11,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',12,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',13,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',14,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',15,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',16,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',17,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',18,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',19,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',20,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',21,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',22,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',23,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',24,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',25,'fds',24,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',26,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',27,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',28,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',29,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',30,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',31,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',32,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',33,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',34,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',35,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',36,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',37,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',38,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',39,'fds',20000,'RLIMIT_NOFILE');
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
INSERT INTO phase VALUES(1,0,0,'baseline',11050,1050184,0,NULL);
INSERT INTO phase VALUES(1,1,0,'ramp',1050184,1450129,40,NULL);
INSERT INTO phase VALUES(1,2,0,'plateau',1450129,1550075,40,1442009);
INSERT INTO phase VALUES(1,3,0,'exhausted',1550075,2550138,40,1442009);
INSERT INTO phase VALUES(1,4,0,'recovery',2550138,7550139,0,1442009);
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
INSERT INTO process VALUES(1,0,28606,'supervisor',0,28606,5477,7655204,'exit',0);
INSERT INTO process VALUES(1,1,28625,'recorder',0,28606,5794,NULL,NULL,NULL);
INSERT INTO process VALUES(1,2,28626,'acceptor',0,28606,10027,7654321,'stopped',0);
INSERT INTO process VALUES(1,3,28627,'sampler',0,28606,10290,7655200,'stopped',0);
INSERT INTO process VALUES(1,4,28628,'canary',0,28606,10458,7650693,'stopped',0);
INSERT INTO process VALUES(1,5,28629,'forker',0,28606,11041,7650717,'stopped',0);
INSERT INTO process VALUES(1,6,28713,'client',0,28629,1050466,2555501,'exit',0);
INSERT INTO process VALUES(1,7,28714,'handler',1,28626,1051120,2551230,'exit',0);
INSERT INTO process VALUES(1,8,28715,'handler',2,28626,1060622,2554912,'exit',0);
INSERT INTO process VALUES(1,9,28716,'handler',3,28626,1070624,2551991,'exit',0);
INSERT INTO process VALUES(1,10,28717,'handler',4,28626,1080609,2551997,'exit',0);
INSERT INTO process VALUES(1,11,28718,'handler',5,28626,1090620,2552286,'exit',0);
INSERT INTO process VALUES(1,12,28721,'handler',6,28626,1100572,2552650,'exit',0);
INSERT INTO process VALUES(1,13,28723,'handler',7,28626,1110598,2552002,'exit',0);
INSERT INTO process VALUES(1,14,28724,'handler',8,28626,1120589,2553072,'exit',0);
INSERT INTO process VALUES(1,15,28725,'handler',9,28626,1130632,2553111,'exit',0);
INSERT INTO process VALUES(1,16,28728,'handler',10,28626,1140625,2554471,'exit',0);
INSERT INTO process VALUES(1,17,28729,'handler',11,28626,1150620,2554478,'exit',0);
INSERT INTO process VALUES(1,18,28732,'handler',12,28626,1160936,2554917,'exit',0);
INSERT INTO process VALUES(1,19,28734,'handler',13,28626,1170594,2554923,'exit',0);
INSERT INTO process VALUES(1,20,28735,'handler',14,28626,1180600,2557835,'exit',0);
INSERT INTO process VALUES(1,21,28736,'handler',15,28626,1190601,2555133,'exit',0);
INSERT INTO process VALUES(1,22,28737,'handler',16,28626,1200618,2555482,'exit',0);
INSERT INTO process VALUES(1,23,28738,'handler',17,28626,1210608,2555138,'exit',0);
INSERT INTO process VALUES(1,24,28741,'handler',18,28626,1220776,2555487,'exit',0);
INSERT INTO process VALUES(1,25,28743,'client',1,28629,1230513,2551182,'exit',0);
INSERT INTO process VALUES(1,26,28744,'handler',19,28626,1230953,2555674,'exit',0);
INSERT INTO process VALUES(1,27,28745,'handler',20,28626,1250678,2553076,'exit',0);
INSERT INTO process VALUES(1,28,28746,'handler',21,28626,1260652,2551238,'exit',0);
INSERT INTO process VALUES(1,29,28747,'handler',22,28626,1270628,2552007,'exit',0);
INSERT INTO process VALUES(1,30,28750,'handler',23,28626,1280638,2552013,'exit',0);
INSERT INTO process VALUES(1,31,28752,'handler',24,28626,1290781,2552290,'exit',0);
INSERT INTO process VALUES(1,32,28753,'handler',25,28626,1300627,2552516,'exit',0);
INSERT INTO process VALUES(1,33,28754,'handler',26,28626,1310619,2553080,'exit',0);
INSERT INTO process VALUES(1,34,28755,'handler',27,28626,1320628,2552017,'exit',0);
INSERT INTO process VALUES(1,35,28756,'handler',28,28626,1330770,2552021,'exit',0);
INSERT INTO process VALUES(1,36,28757,'handler',29,28626,1340753,2552024,'exit',0);
INSERT INTO process VALUES(1,37,28761,'handler',30,28626,1350718,2553267,'exit',0);
INSERT INTO process VALUES(1,38,28762,'handler',31,28626,1360661,2552028,'exit',0);
INSERT INTO process VALUES(1,39,28763,'handler',32,28626,1370827,2553394,'exit',0);
INSERT INTO process VALUES(1,40,28764,'handler',33,28626,1382409,2553522,'exit',0);
INSERT INTO process VALUES(1,41,28765,'handler',34,28626,1390659,2553656,'exit',0);
INSERT INTO process VALUES(1,42,28766,'handler',35,28626,1400659,2553892,'exit',0);
INSERT INTO process VALUES(1,43,28769,'handler',36,28626,1411596,2553954,'exit',0);
INSERT INTO process VALUES(1,44,28771,'handler',37,28626,1420635,2554120,'exit',0);
INSERT INTO process VALUES(1,45,28772,'handler',38,28626,1430629,2552293,'exit',0);
CREATE TABLE resource (
  kind TEXT NOT NULL, -- subject kind: the table is KIND_sample
  name TEXT NOT NULL, -- the column
  unit TEXT NOT NULL, -- bytes, us, 1
  type TEXT NOT NULL CHECK (type IN ('gauge', 'counter')),
  resolution INTEGER NOT NULL, -- smallest step that means something; 0: not followed
  help TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO resource VALUES('cgroup','kernel_memory_bytes','bytes','gauge',4096,'of that, the kernel''s own');
INSERT INTO resource VALUES('cgroup','memory_bytes','bytes','gauge',0,'memory charged to the cgroup');
INSERT INTO resource VALUES('cgroup','memory_refused_total','1','counter',0,'times that the cgroup''s own limit left no memory to be had');
INSERT INTO resource VALUES('cgroup','memory_slowed_total','1','counter',0,'times that the cgroup''s processes were slowed for memory.high');
INSERT INTO resource VALUES('cgroup','oom_kills_total','1','counter',0,'processes of the cgroup killed for want of memory');
INSERT INTO resource VALUES('cgroup','pids','1','gauge',1,'threads in the cgroup');
INSERT INTO resource VALUES('cgroup','pids_denied_total','1','counter',0,'forks refused by the cgroup''s limit');
INSERT INTO resource VALUES('cgroup','socket_memory_bytes','bytes','gauge',4096,'of that, socket buffers');
INSERT INTO resource VALUES('cgroup','throttled_periods_total','1','counter',0,'periods in which the CPU quota ran out');
INSERT INTO resource VALUES('group','cpu_system_us_total','us','counter',0,'CPU time in the kernel of those alive');
INSERT INTO resource VALUES('group','cpu_user_us_total','us','counter',0,'CPU time in user space of those alive');
INSERT INTO resource VALUES('group','fds','1','gauge',1,'open file descriptors of all');
INSERT INTO resource VALUES('group','private_bytes','bytes','gauge',4096,'memory of their own, every tenth tick');
INSERT INTO resource VALUES('group','processes','1','gauge',1,'live processes, exact');
INSERT INTO resource VALUES('group','rss_bytes','bytes','gauge',4096,'resident memory of all, shared pages counted in each');
INSERT INTO resource VALUES('group','sampled','1','gauge',0,'of those, read one by one; where fewer, the sums are extrapolated');
INSERT INTO resource VALUES('host','anon_bytes','bytes','gauge',0,'memory of processes, backed by no file');
INSERT INTO resource VALUES('host','available_bytes','bytes','gauge',0,'memory that can be had without swapping');
INSERT INTO resource VALUES('host','committed_bytes','bytes','gauge',0,'memory that the kernel has promised to processes');
INSERT INTO resource VALUES('host','context_switches_total','1','counter',0,'context switches');
INSERT INTO resource VALUES('host','cpu_idle_us_total','us','counter',0,'CPU time idle');
INSERT INTO resource VALUES('host','cpu_softirq_us_total','us','counter',0,'CPU time in network and timer interrupts');
INSERT INTO resource VALUES('host','cpu_steal_us_total','us','counter',0,'CPU time taken by other machines on this hardware');
INSERT INTO resource VALUES('host','cpu_system_us_total','us','counter',0,'CPU time in the kernel');
INSERT INTO resource VALUES('host','cpu_user_us_total','us','counter',0,'CPU time in user space');
INSERT INTO resource VALUES('host','files','1','gauge',0,'open file descriptions of the host');
INSERT INTO resource VALUES('host','forks_total','1','counter',0,'processes and threads ever created');
INSERT INTO resource VALUES('host','free_bytes','bytes','gauge',0,'memory that is not used at all');
INSERT INTO resource VALUES('host','kernel_stack_bytes','bytes','gauge',16384,'kernel stacks, one per thread');
INSERT INTO resource VALUES('host','oom_kills_total','1','counter',0,'processes killed by the kernel for want of memory');
INSERT INTO resource VALUES('host','page_table_bytes','bytes','gauge',65536,'page tables of all processes');
INSERT INTO resource VALUES('host','process_ids','1','gauge',0,'process ids in use, and those under 300 that the kernel keeps back');
INSERT INTO resource VALUES('host','slab_bytes','bytes','gauge',0,'the kernel''s object caches');
INSERT INTO resource VALUES('host','slab_unreclaimable_bytes','bytes','gauge',65536,'object caches in use: sockets, inodes, epoll entries');
INSERT INTO resource VALUES('host','tcp_allocated','1','gauge',0,'TCP sockets allocated, of the whole host');
INSERT INTO resource VALUES('host','tcp_memory_bytes','bytes','gauge',4096,'socket buffers of TCP, of the whole host');
INSERT INTO resource VALUES('host','tcp_orphans','1','gauge',0,'TCP sockets that belong to no process, of the whole host');
INSERT INTO resource VALUES('host','threads','1','gauge',0,'threads of the host');
INSERT INTO resource VALUES('host','user_threads','1','gauge',0,'threads of the workers'' user on the whole host');
INSERT INTO resource VALUES('listener','backlog','1','gauge',0,'the most that may wait, less one');
INSERT INTO resource VALUES('listener','drops_total','1','counter',0,'handshake packets that this listener dropped');
INSERT INTO resource VALUES('listener','queue','1','gauge',0,'connections waiting for accept');
INSERT INTO resource VALUES('netns','aborts_on_close_total','1','counter',0,'connections reset because data was left unread at close');
INSERT INTO resource VALUES('netns','aborts_on_memory_total','1','counter',0,'connections dropped for want of socket memory');
INSERT INTO resource VALUES('netns','active_opens_total','1','counter',0,'connects begun');
INSERT INTO resource VALUES('netns','attempt_fails_total','1','counter',0,'handshakes that failed');
INSERT INTO resource VALUES('netns','conntrack_entries','1','gauge',0,'connections tracked by the firewall');
INSERT INTO resource VALUES('netns','established_resets_total','1','counter',0,'connections that ended by a reset');
INSERT INTO resource VALUES('netns','in_segments_total','1','counter',0,'TCP segments received');
INSERT INTO resource VALUES('netns','listen_drops_total','1','counter',0,'handshake packets dropped at a listener, for whatever reason');
INSERT INTO resource VALUES('netns','listen_overflows_total','1','counter',0,'packets for a listener whose accept queue was full');
INSERT INTO resource VALUES('netns','memory_pressures_total','1','counter',0,'times TCP came under memory pressure');
INSERT INTO resource VALUES('netns','out_resets_total','1','counter',0,'resets sent');
INSERT INTO resource VALUES('netns','out_segments_total','1','counter',0,'TCP segments sent');
INSERT INTO resource VALUES('netns','passive_opens_total','1','counter',0,'handshakes begun by a peer');
INSERT INTO resource VALUES('netns','receive_queue_drops_total','1','counter',0,'segments dropped because a receive queue was full');
INSERT INTO resource VALUES('netns','retransmitted_segments_total','1','counter',0,'TCP segments sent again');
INSERT INTO resource VALUES('netns','sockets','1','gauge',1,'sockets of every kind in the namespace');
INSERT INTO resource VALUES('netns','syn_cookies_sent_total','1','counter',0,'handshakes answered without keeping state');
INSERT INTO resource VALUES('netns','syn_queue_cookies_total','1','counter',0,'handshakes answered with a cookie because the SYN queue was full');
INSERT INTO resource VALUES('netns','syn_queue_drops_total','1','counter',0,'handshakes dropped because the SYN queue was full');
INSERT INTO resource VALUES('netns','syn_retransmits_total','1','counter',0,'SYNs sent again');
INSERT INTO resource VALUES('netns','tcp_established','1','gauge',0,'connections established or in CLOSE_WAIT, each end counted');
INSERT INTO resource VALUES('netns','tcp_in_use','1','gauge',1,'TCP sockets that belong to a descriptor or a queue');
INSERT INTO resource VALUES('netns','tcp_time_wait','1','gauge',1,'connections in TIME_WAIT: each holds a port for 60 s');
INSERT INTO resource VALUES('netns','time_wait_overflows_total','1','counter',0,'connections that skipped TIME_WAIT: its table was full');
INSERT INTO resource VALUES('netns','timeouts_total','1','counter',0,'retransmission timers that ran out');
INSERT INTO resource VALUES('netns','zero_windows_total','1','counter',0,'times a receiver closed its window');
INSERT INTO resource VALUES('process','cpu_system_us_total','us','counter',0,'CPU time in the kernel');
INSERT INTO resource VALUES('process','cpu_user_us_total','us','counter',0,'CPU time in user space');
INSERT INTO resource VALUES('process','fds','1','gauge',1,'open file descriptors');
INSERT INTO resource VALUES('process','major_faults_total','1','counter',0,'page faults that read a disk');
INSERT INTO resource VALUES('process','minor_faults_total','1','counter',0,'page faults without reading a disk');
INSERT INTO resource VALUES('process','private_bytes','bytes','gauge',0,'memory of its own, every tenth tick');
INSERT INTO resource VALUES('process','rss_bytes','bytes','gauge',4096,'resident memory, shared pages included');
INSERT INTO resource VALUES('process','state','1','gauge',0,'scheduler state, as the code of its letter: 82 R, 83 S, 84 T, 68 D');
INSERT INTO resource VALUES('process','threads','1','gauge',0,'threads');
INSERT INTO resource VALUES('process','vm_bytes','bytes','gauge',0,'address space');
INSERT INTO resource VALUES('worker','accepted_total','1','counter',0,'connections taken by accept before the release, not the canary''s');
INSERT INTO resource VALUES('worker','attempted_total','1','counter',0,'connects begun');
INSERT INTO resource VALUES('worker','established_total','1','counter',0,'handshakes done as the client sees it');
INSERT INTO resource VALUES('worker','failed_total','1','counter',0,'attempts that failed');
INSERT INTO resource VALUES('worker','held','1','gauge',0,'connections open');
INSERT INTO resource VALUES('worker','in_flight','1','gauge',0,'connects under way');
INSERT INTO resource VALUES('worker','lost_total','1','counter',0,'held connections that the other side ended, or that died with their process');
INSERT INTO resource VALUES('worker','messages_total','1','counter',0,'messages sent, by an acceptor: echoed');
INSERT INTO resource VALUES('worker','missed_total','1','counter',0,'schedule slots that could not be started');
INSERT INTO resource VALUES('worker','processes','1','gauge',0,'live children');
INSERT INTO resource VALUES('worker','received_bytes_total','bytes','counter',0,'bytes received');
INSERT INTO resource VALUES('worker','released_total','1','counter',0,'connections closed by order');
INSERT INTO resource VALUES('worker','sent_bytes_total','bytes','counter',0,'bytes sent');
INSERT INTO resource VALUES('worker','served_total','1','counter',0,'connections whose first message was echoed');
INSERT INTO resource VALUES('worker','strangers_total','1','counter',0,'connections taken by accept that no client of this run opened');
INSERT INTO resource VALUES('worker','transient_total','1','counter',0,'connects that needed a second SYN');
CREATE TABLE tick (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL, -- due at tick * interval
  t_us INTEGER NOT NULL,
  late_us INTEGER NOT NULL,
  took_us INTEGER NOT NULL,
  PRIMARY KEY (run_id, tick)
) STRICT, WITHOUT ROWID;
INSERT INTO tick VALUES(1,1,500035,35,853);
INSERT INTO tick VALUES(1,2,1000047,47,270);
INSERT INTO tick VALUES(1,3,1500043,43,1171);
INSERT INTO tick VALUES(1,4,2000037,37,566);
INSERT INTO tick VALUES(1,5,2500031,31,543);
INSERT INTO tick VALUES(1,6,3000042,42,307);
INSERT INTO tick VALUES(1,7,3500062,62,775);
INSERT INTO tick VALUES(1,8,4000065,65,305);
INSERT INTO tick VALUES(1,9,4500067,67,314);
INSERT INTO tick VALUES(1,10,5000059,59,4360);
INSERT INTO tick VALUES(1,11,5500070,70,275);
INSERT INTO tick VALUES(1,12,6000063,63,279);
INSERT INTO tick VALUES(1,13,6500072,72,228);
INSERT INTO tick VALUES(1,14,7000064,64,377);
INSERT INTO tick VALUES(1,15,7500032,32,237);
INSERT INTO tick VALUES(1,16,7654363,-345637,251);
CREATE TABLE host_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  available_bytes INTEGER, -- memory that can be had without swapping
  free_bytes INTEGER, -- memory that is not used at all
  anon_bytes INTEGER, -- memory of processes, backed by no file
  slab_bytes INTEGER, -- the kernel's object caches
  slab_unreclaimable_bytes INTEGER, -- object caches in use: sockets, inodes, epoll entries
  kernel_stack_bytes INTEGER, -- kernel stacks, one per thread
  page_table_bytes INTEGER, -- page tables of all processes
  tcp_memory_bytes INTEGER, -- socket buffers of TCP, of the whole host
  tcp_allocated INTEGER, -- TCP sockets allocated, of the whole host
  tcp_orphans INTEGER, -- TCP sockets that belong to no process, of the whole host
  files INTEGER, -- open file descriptions of the host
  threads INTEGER, -- threads of the host
  cpu_user_us_total INTEGER, -- CPU time in user space
  cpu_system_us_total INTEGER, -- CPU time in the kernel
  cpu_idle_us_total INTEGER, -- CPU time idle
  cpu_softirq_us_total INTEGER, -- CPU time in network and timer interrupts
  cpu_steal_us_total INTEGER, -- CPU time taken by other machines on this hardware
  context_switches_total INTEGER, -- context switches
  forks_total INTEGER, -- processes and threads ever created
  oom_kills_total INTEGER, -- processes killed by the kernel for want of memory
  user_threads INTEGER, -- threads of the workers' user on the whole host
  process_ids INTEGER, -- process ids in use, and those under 300 that the kernel keeps back
  committed_bytes INTEGER, -- memory that the kernel has promised to processes
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO host_sample VALUES(1,1,0,24732573696,23329222656,58540032,195674112,34000896,2179072,4128768,978944,4,0,728,132,10669360000,4566050000,39281080000,171550000,122770000,72044046,1508898,105,NULL,NULL,202444800);
INSERT INTO host_sample VALUES(1,2,0,24732602368,23329222656,58687488,195756032,34066432,2179072,4255744,978944,4,0,729,132,10669400000,4566100000,39281500000,171550000,122770000,72044775,1508926,105,NULL,NULL,202444800);
INSERT INTO host_sample VALUES(1,3,0,24727498752,23323639808,61775872,197599232,35659776,2867200,6512640,978944,280,0,1153,174,10669430000,4566220000,39281880000,171560000,122770000,72048218,1508993,105,NULL,NULL,287346688);
INSERT INTO host_sample VALUES(1,4,0,24726614016,23322800128,61595648,198176768,36196352,2883584,6770688,978944,280,0,1155,174,10669460000,4566280000,39282300000,171560000,122770000,72049380,1509051,105,NULL,NULL,286908416);
INSERT INTO host_sample VALUES(1,5,0,24726638592,23322800128,62283776,198258688,36192256,2867200,6713344,978944,334,0,1206,175,10669490000,4566350000,39282720000,171560000,122770000,72050817,1509078,105,NULL,NULL,288583680);
INSERT INTO host_sample VALUES(1,6,0,24726859776,23322800128,59318272,198041600,35889152,2211840,4382720,978944,404,0,1276,134,10669520000,4566410000,39283160000,171560000,122770000,72052883,1509105,105,NULL,NULL,206417920);
INSERT INTO host_sample VALUES(1,7,0,24726810624,23322800128,59936768,197939200,35766272,2211840,4157440,978944,404,0,1140,134,10669560000,4566460000,39283580000,171570000,122770000,72054114,1509133,105,NULL,NULL,207060992);
INSERT INTO host_sample VALUES(1,8,0,24716533760,23290327040,72970240,197799936,35721216,2211840,4366336,978944,404,0,1140,134,10669590000,4566550000,39284000000,171570000,122770000,72054835,1509161,105,NULL,NULL,220041216);
INSERT INTO host_sample VALUES(1,9,0,24726327296,23322234880,59039744,197693440,35614720,2179072,4149248,978944,404,0,1123,133,10669610000,4566610000,39284440000,171580000,122770000,72055779,1509184,105,NULL,NULL,205787136);
INSERT INTO host_sample VALUES(1,10,0,24725389312,23321653248,57241600,198414336,36208640,2162688,4268032,978944,405,0,1120,133,10669610000,4566670000,39284930000,171600000,122770000,72057111,1509222,105,133,372,223277056);
INSERT INTO host_sample VALUES(1,11,0,24725245952,23321530368,57487360,198021120,35897344,2228224,5058560,978944,406,0,1122,136,10669610000,4566980000,39285250000,171610000,122770000,72058397,1509436,105,NULL,375,224763904);
INSERT INTO host_sample VALUES(1,12,0,24717099008,23313371136,57475072,197939200,35790848,2195456,4214784,978944,407,0,1122,133,10669610000,4567300000,39285420000,171610000,122770000,72059470,1509600,105,NULL,372,204189696);
INSERT INTO host_sample VALUES(1,13,0,24717275136,23313256448,59314176,197783552,35639296,2195456,4202496,978944,408,0,1127,133,10669630000,4567330000,39285900000,171610000,122770000,72059953,1509614,105,NULL,372,206045184);
INSERT INTO host_sample VALUES(1,14,0,24714657792,23310675968,59588608,196648960,34701312,2162688,3973120,978944,10,0,719,131,10669630000,4567350000,39286390000,171620000,122770000,72060456,1509615,105,NULL,370,202829824);
INSERT INTO host_sample VALUES(1,15,0,24714670080,23310675968,59719680,196648960,34701312,2162688,3973120,978944,31,0,740,131,10669630000,4567360000,39286860000,171620000,122770000,72061316,1509616,105,NULL,370,203141120);
INSERT INTO host_sample VALUES(1,16,0,24714788864,23310675968,59957248,196648960,34701312,2129920,3973120,978944,37,0,741,128,10669630000,4567360000,39287010000,171620000,122770000,72061667,1509617,105,NULL,367,197754880);
CREATE TABLE netns_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  sockets INTEGER, -- sockets of every kind in the namespace
  tcp_in_use INTEGER, -- TCP sockets that belong to a descriptor or a queue
  tcp_time_wait INTEGER, -- connections in TIME_WAIT: each holds a port for 60 s
  conntrack_entries INTEGER, -- connections tracked by the firewall
  active_opens_total INTEGER, -- connects begun
  passive_opens_total INTEGER, -- handshakes begun by a peer
  attempt_fails_total INTEGER, -- handshakes that failed
  established_resets_total INTEGER, -- connections that ended by a reset
  tcp_established INTEGER, -- connections established or in CLOSE_WAIT, each end counted
  in_segments_total INTEGER, -- TCP segments received
  out_segments_total INTEGER, -- TCP segments sent
  retransmitted_segments_total INTEGER, -- TCP segments sent again
  out_resets_total INTEGER, -- resets sent
  listen_overflows_total INTEGER, -- packets for a listener whose accept queue was full
  listen_drops_total INTEGER, -- handshake packets dropped at a listener, for whatever reason
  syn_cookies_sent_total INTEGER, -- handshakes answered without keeping state
  syn_queue_drops_total INTEGER, -- handshakes dropped because the SYN queue was full
  syn_queue_cookies_total INTEGER, -- handshakes answered with a cookie because the SYN queue was full
  time_wait_overflows_total INTEGER, -- connections that skipped TIME_WAIT: its table was full
  syn_retransmits_total INTEGER, -- SYNs sent again
  timeouts_total INTEGER, -- retransmission timers that ran out
  aborts_on_memory_total INTEGER, -- connections dropped for want of socket memory
  aborts_on_close_total INTEGER, -- connections reset because data was left unread at close
  memory_pressures_total INTEGER, -- times TCP came under memory pressure
  receive_queue_drops_total INTEGER, -- segments dropped because a receive queue was full
  zero_windows_total INTEGER, -- times a receiver closed its window
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO netns_sample VALUES(1,1,0,2,1,0,0,1,1,0,2,0,8,8,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,2,0,2,1,0,0,2,2,0,4,0,16,16,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,3,0,78,77,0,0,41,41,0,6,76,632,632,0,3,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,4,0,78,77,0,0,42,42,0,8,76,640,640,0,4,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,5,0,78,77,0,0,43,43,0,10,76,648,648,0,5,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,6,0,2,1,38,0,45,45,0,14,0,778,778,0,7,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,7,0,2,1,38,0,46,46,0,16,0,786,786,0,8,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,8,0,2,1,38,0,47,47,0,18,0,794,794,0,9,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,9,0,2,1,38,0,48,48,0,20,0,802,802,0,10,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,10,0,2,1,38,0,49,49,0,22,0,810,810,0,11,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,11,0,2,1,38,0,50,50,0,24,0,818,818,0,12,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,12,0,2,1,38,0,51,51,0,26,0,826,826,0,13,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,13,0,2,1,38,0,52,52,0,28,0,834,834,0,14,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,14,0,2,1,38,0,53,53,0,30,0,842,842,0,15,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,15,0,2,1,38,0,54,54,0,32,0,850,850,0,16,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,16,0,1,0,38,0,55,55,0,34,0,858,858,0,17,0,0,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE cgroup_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  memory_bytes INTEGER, -- memory charged to the cgroup
  kernel_memory_bytes INTEGER, -- of that, the kernel's own
  socket_memory_bytes INTEGER, -- of that, socket buffers
  pids INTEGER, -- threads in the cgroup
  oom_kills_total INTEGER, -- processes of the cgroup killed for want of memory
  pids_denied_total INTEGER, -- forks refused by the cgroup's limit
  throttled_periods_total INTEGER, -- periods in which the CPU quota ran out
  memory_refused_total INTEGER, -- times that the cgroup's own limit left no memory to be had
  memory_slowed_total INTEGER, -- times that the cgroup's processes were slowed for memory.high
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO cgroup_sample VALUES(1,1,0,62615552,4628480,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,2,0,62300160,4681728,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,3,0,70361088,9580544,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,4,0,70574080,9859072,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,5,0,70787072,9887744,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,6,0,63545344,5398528,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,7,0,63324160,4870144,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,8,0,63004672,4706304,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,9,0,62955520,4710400,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,10,0,62902272,4706304,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,11,0,63111168,4751360,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,12,0,63062016,4751360,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,13,0,62947328,4751360,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,14,0,62935040,4743168,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,15,0,62840832,4743168,0,NULL,0,NULL,0,0,NULL);
INSERT INTO cgroup_sample VALUES(1,16,0,62431232,4620288,0,NULL,0,NULL,0,0,NULL);
CREATE TABLE listener_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  queue INTEGER, -- connections waiting for accept
  backlog INTEGER, -- the most that may wait, less one
  drops_total INTEGER, -- handshake packets that this listener dropped
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO listener_sample VALUES(1,1,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,2,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,3,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,4,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,5,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,6,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,7,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,8,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,9,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,10,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,11,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,12,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,13,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,14,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,15,0,0,4096,0);
INSERT INTO listener_sample VALUES(1,16,0,NULL,NULL,NULL);
CREATE TABLE process_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  fds INTEGER, -- open file descriptors
  rss_bytes INTEGER, -- resident memory, shared pages included
  vm_bytes INTEGER, -- address space
  private_bytes INTEGER, -- memory of its own, every tenth tick
  threads INTEGER, -- threads
  state INTEGER, -- scheduler state, as the code of its letter: 82 R, 83 S, 84 T, 68 D
  cpu_user_us_total INTEGER, -- CPU time in user space
  cpu_system_us_total INTEGER, -- CPU time in the kernel
  minor_faults_total INTEGER, -- page faults without reading a disk
  major_faults_total INTEGER, -- page faults that read a disk
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO process_sample VALUES(1,1,0,10,25268224,26693632,NULL,1,83,10000,20000,5536,0);
INSERT INTO process_sample VALUES(1,1,1,9,5746688,26906624,NULL,1,83,10000,0,393,0);
INSERT INTO process_sample VALUES(1,1,2,7,3715072,27115520,NULL,1,83,0,0,85,0);
INSERT INTO process_sample VALUES(1,1,3,49,4804608,27537408,NULL,1,82,0,0,319,0);
INSERT INTO process_sample VALUES(1,1,4,5,3428352,26693632,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,1,5,6,3444736,26693632,NULL,1,83,0,0,37,0);
INSERT INTO process_sample VALUES(1,2,0,10,25268224,26693632,NULL,1,83,10000,20000,5541,0);
INSERT INTO process_sample VALUES(1,2,1,9,5746688,26906624,NULL,1,83,10000,0,393,0);
INSERT INTO process_sample VALUES(1,2,2,7,3715072,27115520,NULL,1,83,0,0,91,0);
INSERT INTO process_sample VALUES(1,2,3,49,4804608,27537408,NULL,1,82,0,0,319,0);
INSERT INTO process_sample VALUES(1,2,4,5,3428352,26693632,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,2,5,6,3444736,26693632,NULL,1,83,0,0,37,0);
INSERT INTO process_sample VALUES(1,3,0,10,25268224,26693632,NULL,1,83,10000,20000,5541,0);
INSERT INTO process_sample VALUES(1,3,1,9,6344704,27041792,NULL,1,83,10000,0,446,0);
INSERT INTO process_sample VALUES(1,3,2,7,3715072,27115520,NULL,1,83,0,10000,364,0);
INSERT INTO process_sample VALUES(1,3,3,185,4804608,27537408,NULL,1,82,0,0,319,0);
INSERT INTO process_sample VALUES(1,3,4,5,3428352,26693632,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,3,5,6,3506176,26693632,NULL,1,83,0,0,49,0);
INSERT INTO process_sample VALUES(1,3,6,24,3571712,26697728,NULL,1,83,0,0,48,0);
INSERT INTO process_sample VALUES(1,3,7,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,8,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,9,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,10,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,11,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,12,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,13,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,14,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,15,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,16,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,17,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,18,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,19,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,20,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,21,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,22,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,23,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,24,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,25,24,3579904,26697728,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,3,26,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,27,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,28,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,29,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,30,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,31,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,32,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,33,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,34,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,35,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,36,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,37,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,38,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,3,39,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,4,1,9,6344704,27041792,NULL,1,83,10000,0,446,0);
INSERT INTO process_sample VALUES(1,4,2,7,3715072,27115520,NULL,1,83,0,10000,369,0);
INSERT INTO process_sample VALUES(1,4,3,185,4849664,27537408,NULL,1,82,0,0,320,0);
INSERT INTO process_sample VALUES(1,4,4,5,3428352,26693632,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,4,5,6,3506176,26693632,NULL,1,83,0,0,49,0);
INSERT INTO process_sample VALUES(1,4,6,24,3571712,26697728,NULL,1,83,0,0,48,0);
INSERT INTO process_sample VALUES(1,4,7,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,8,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,9,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,10,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,11,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,12,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,13,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,14,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,15,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,16,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,17,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,18,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,19,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,20,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,21,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,22,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,23,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,24,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,25,24,3579904,26697728,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,4,26,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,27,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,28,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,29,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,30,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,31,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,32,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,33,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,34,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,35,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,36,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,37,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,38,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,4,39,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,5,1,9,6430720,27160576,NULL,1,83,10000,0,467,0);
INSERT INTO process_sample VALUES(1,5,2,7,3715072,27115520,NULL,1,83,0,10000,375,0);
INSERT INTO process_sample VALUES(1,5,3,185,4849664,27537408,NULL,1,82,0,0,320,0);
INSERT INTO process_sample VALUES(1,5,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,5,5,6,3506176,26693632,NULL,1,83,0,0,49,0);
INSERT INTO process_sample VALUES(1,5,6,24,3571712,26697728,NULL,1,83,0,0,48,0);
INSERT INTO process_sample VALUES(1,5,7,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,8,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,9,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,10,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,11,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,12,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,13,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,14,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,15,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,16,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,17,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,18,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,19,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,20,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,21,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,22,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,23,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,24,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,25,24,3579904,26697728,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,5,26,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,27,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,28,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,29,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,30,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,31,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,32,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,33,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,34,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,35,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,36,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,37,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,38,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,5,39,4,3387392,27115520,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,6,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,6,1,9,6430720,27160576,NULL,1,83,10000,0,467,0);
INSERT INTO process_sample VALUES(1,6,2,7,3715072,27115520,NULL,1,83,0,10000,388,0);
INSERT INTO process_sample VALUES(1,6,3,185,4849664,27537408,NULL,1,82,0,0,320,0);
INSERT INTO process_sample VALUES(1,6,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,6,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,6,6,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,8,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,9,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,10,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,11,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,12,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,13,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,14,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,15,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,16,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,17,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,18,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,19,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,20,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,21,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,22,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,23,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,24,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,25,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,26,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,27,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,28,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,29,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,30,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,31,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,32,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,33,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,34,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,35,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,36,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,37,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,38,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,6,39,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,7,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,7,1,9,6479872,27160576,NULL,1,83,10000,0,839,0);
INSERT INTO process_sample VALUES(1,7,2,7,3715072,27115520,NULL,1,83,0,10000,393,0);
INSERT INTO process_sample VALUES(1,7,3,49,4849664,27537408,NULL,1,82,10000,0,320,0);
INSERT INTO process_sample VALUES(1,7,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,7,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,8,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,8,1,9,6479872,27160576,NULL,1,83,10000,0,839,0);
INSERT INTO process_sample VALUES(1,8,2,7,3715072,27115520,NULL,1,83,0,10000,399,0);
INSERT INTO process_sample VALUES(1,8,3,49,4849664,27537408,NULL,1,82,10000,0,320,0);
INSERT INTO process_sample VALUES(1,8,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,8,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,9,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,9,1,9,6479872,27160576,NULL,1,83,10000,0,839,0);
INSERT INTO process_sample VALUES(1,9,2,7,3715072,27115520,NULL,1,83,0,10000,405,0);
INSERT INTO process_sample VALUES(1,9,3,49,4849664,27537408,NULL,1,82,10000,0,320,0);
INSERT INTO process_sample VALUES(1,9,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,9,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,10,0,10,25268224,26693632,77824,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,10,1,9,6479872,27160576,1597440,1,82,10000,0,839,0);
INSERT INTO process_sample VALUES(1,10,2,7,3715072,27115520,217088,1,83,0,10000,411,0);
INSERT INTO process_sample VALUES(1,10,3,49,4849664,27537408,1179648,1,82,10000,0,322,0);
INSERT INTO process_sample VALUES(1,10,4,5,3432448,26693632,65536,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,10,5,6,3506176,26693632,53248,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,11,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,11,1,9,6479872,27160576,NULL,1,83,10000,0,839,0);
INSERT INTO process_sample VALUES(1,11,2,7,3715072,27115520,NULL,1,83,0,10000,417,0);
INSERT INTO process_sample VALUES(1,11,3,49,4870144,27537408,NULL,1,82,10000,0,327,0);
INSERT INTO process_sample VALUES(1,11,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,11,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,12,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,12,1,9,6479872,27160576,NULL,1,83,10000,0,839,0);
INSERT INTO process_sample VALUES(1,12,2,7,3715072,27115520,NULL,1,83,0,10000,423,0);
INSERT INTO process_sample VALUES(1,12,3,49,4870144,27537408,NULL,1,82,10000,0,327,0);
INSERT INTO process_sample VALUES(1,12,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,12,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,13,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,13,1,9,6479872,27160576,NULL,1,83,10000,0,854,0);
INSERT INTO process_sample VALUES(1,13,2,7,3715072,27115520,NULL,1,83,0,10000,429,0);
INSERT INTO process_sample VALUES(1,13,3,49,4870144,27537408,NULL,1,82,10000,0,327,0);
INSERT INTO process_sample VALUES(1,13,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,13,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,14,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,14,1,9,6479872,27160576,NULL,1,83,10000,0,854,0);
INSERT INTO process_sample VALUES(1,14,2,7,3715072,27115520,NULL,1,83,0,10000,435,0);
INSERT INTO process_sample VALUES(1,14,3,49,4870144,27537408,NULL,1,82,10000,0,327,0);
INSERT INTO process_sample VALUES(1,14,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,14,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,15,0,10,25268224,26693632,NULL,1,83,10000,20000,5542,0);
INSERT INTO process_sample VALUES(1,15,1,9,6479872,27160576,NULL,1,83,10000,0,854,0);
INSERT INTO process_sample VALUES(1,15,2,7,3715072,27115520,NULL,1,83,0,10000,441,0);
INSERT INTO process_sample VALUES(1,15,3,49,4870144,27537408,NULL,1,82,10000,0,327,0);
INSERT INTO process_sample VALUES(1,15,4,5,3432448,26693632,NULL,1,83,0,0,43,0);
INSERT INTO process_sample VALUES(1,15,5,6,3506176,26693632,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,16,0,10,25268224,26693632,NULL,1,82,10000,30000,5542,0);
INSERT INTO process_sample VALUES(1,16,1,9,6479872,27160576,NULL,1,83,10000,0,854,0);
INSERT INTO process_sample VALUES(1,16,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,16,3,49,4874240,27537408,NULL,1,82,10000,0,328,0);
INSERT INTO process_sample VALUES(1,16,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,16,5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE worker_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  attempted_total INTEGER, -- connects begun
  established_total INTEGER, -- handshakes done as the client sees it
  accepted_total INTEGER, -- connections taken by accept before the release, not the canary's
  served_total INTEGER, -- connections whose first message was echoed
  held INTEGER, -- connections open
  in_flight INTEGER, -- connects under way
  missed_total INTEGER, -- schedule slots that could not be started
  failed_total INTEGER, -- attempts that failed
  transient_total INTEGER, -- connects that needed a second SYN
  lost_total INTEGER, -- held connections that the other side ended, or that died with their process
  released_total INTEGER, -- connections closed by order
  processes INTEGER, -- live children
  messages_total INTEGER, -- messages sent, by an acceptor: echoed
  sent_bytes_total INTEGER, -- bytes sent
  received_bytes_total INTEGER, -- bytes received
  strangers_total INTEGER, -- connections taken by accept that no client of this run opened
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO worker_sample VALUES(1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,1,2,1,1,0,1,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,2,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,2,2,2,2,0,2,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,3,0,0,0,38,0,38,0,0,0,0,0,0,38,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,3,1,40,38,0,38,38,0,0,2,0,0,0,2,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,3,2,3,3,0,3,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,4,0,0,0,38,0,38,0,0,0,0,0,0,38,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,4,1,40,38,0,38,38,0,0,2,0,0,0,2,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,4,2,4,4,0,4,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,5,0,0,0,38,0,38,0,0,0,0,0,0,38,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,5,1,40,38,0,38,38,0,0,2,0,0,0,2,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,5,2,5,5,0,5,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,6,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,6,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,6,2,7,7,0,7,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,7,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,7,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,7,2,8,8,0,8,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,8,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,8,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,8,2,9,9,0,9,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,9,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,9,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,9,2,10,10,0,10,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,10,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,10,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,10,2,11,11,0,11,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,11,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,11,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,11,2,12,12,0,12,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,12,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,12,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,12,2,13,13,0,13,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,13,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,13,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,13,2,14,14,0,14,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,14,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,14,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,14,2,15,15,0,15,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,15,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,15,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,15,2,16,16,0,16,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,16,0,0,0,38,0,0,0,0,0,0,0,0,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,16,1,40,38,0,38,0,0,0,2,0,0,38,0,190,12160,12160,0);
INSERT INTO worker_sample VALUES(1,16,2,17,17,0,17,0,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE group_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  processes INTEGER, -- live processes, exact
  sampled INTEGER, -- of those, read one by one; where fewer, the sums are extrapolated
  fds INTEGER, -- open file descriptors of all
  rss_bytes INTEGER, -- resident memory of all, shared pages counted in each
  private_bytes INTEGER, -- memory of their own, every tenth tick
  cpu_user_us_total INTEGER, -- CPU time in user space of those alive
  cpu_system_us_total INTEGER, -- CPU time in the kernel of those alive
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO group_sample VALUES(1,1,0,1,1,7,3715072,NULL,0,0);
INSERT INTO group_sample VALUES(1,1,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,1,2,1,1,6,3444736,NULL,0,0);
INSERT INTO group_sample VALUES(1,1,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,1,4,4,4,73,39247872,NULL,20000,20000);
INSERT INTO group_sample VALUES(1,2,0,1,1,7,3715072,NULL,0,0);
INSERT INTO group_sample VALUES(1,2,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,2,2,1,1,6,3444736,NULL,0,0);
INSERT INTO group_sample VALUES(1,2,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,2,4,4,4,73,39247872,NULL,20000,20000);
INSERT INTO group_sample VALUES(1,3,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,3,1,38,32,152,128720896,NULL,0,0);
INSERT INTO group_sample VALUES(1,3,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,3,3,2,2,48,7151616,NULL,0,0);
INSERT INTO group_sample VALUES(1,3,4,4,4,209,39845888,NULL,20000,20000);
INSERT INTO group_sample VALUES(1,4,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,4,1,38,32,152,128720896,NULL,0,0);
INSERT INTO group_sample VALUES(1,4,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,4,3,2,2,48,7151616,NULL,0,0);
INSERT INTO group_sample VALUES(1,4,4,4,4,209,39890944,NULL,20000,20000);
INSERT INTO group_sample VALUES(1,5,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,5,1,38,32,152,128720896,NULL,0,0);
INSERT INTO group_sample VALUES(1,5,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,5,3,2,2,48,7151616,NULL,0,0);
INSERT INTO group_sample VALUES(1,5,4,4,4,209,39981056,NULL,20000,20000);
INSERT INTO group_sample VALUES(1,6,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,6,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,6,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,6,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,6,4,4,4,209,39981056,NULL,20000,20000);
INSERT INTO group_sample VALUES(1,7,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,7,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,7,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,7,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,7,4,4,4,73,40030208,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,8,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,8,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,8,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,8,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,8,4,4,4,73,40030208,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,9,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,9,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,9,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,9,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,9,4,4,4,73,40030208,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,10,0,1,1,7,3715072,217088,0,10000);
INSERT INTO group_sample VALUES(1,10,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,10,2,1,1,6,3506176,53248,0,0);
INSERT INTO group_sample VALUES(1,10,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,10,4,4,4,73,40030208,2920448,30000,20000);
INSERT INTO group_sample VALUES(1,11,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,11,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,11,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,11,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,11,4,4,4,73,40050688,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,12,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,12,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,12,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,12,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,12,4,4,4,73,40050688,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,13,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,13,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,13,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,13,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,13,4,4,4,73,40050688,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,14,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,14,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,14,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,14,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,14,4,4,4,73,40050688,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,15,0,1,1,7,3715072,NULL,0,10000);
INSERT INTO group_sample VALUES(1,15,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,15,2,1,1,6,3506176,NULL,0,0);
INSERT INTO group_sample VALUES(1,15,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,15,4,4,4,73,40050688,NULL,30000,20000);
INSERT INTO group_sample VALUES(1,16,0,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,16,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,16,2,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,16,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,16,4,3,3,68,36622336,NULL,30000,30000);
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
CREATE TABLE gauge (
  gauge_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO gauge VALUES(1,'slab TCPv6');
INSERT INTO gauge VALUES(2,'slab nf_conntrack');
INSERT INTO gauge VALUES(3,'slab tw_sock_TCP');
INSERT INTO gauge VALUES(4,'slab request_sock_TCP');
INSERT INTO gauge VALUES(5,'slab TCP');
INSERT INTO gauge VALUES(6,'slab eventpoll_epi');
INSERT INTO gauge VALUES(7,'slab sock_inode_cache');
INSERT INTO gauge VALUES(8,'slab skbuff_small_head');
INSERT INTO gauge VALUES(9,'slab skbuff_head_cache');
INSERT INTO gauge VALUES(10,'slab filp');
INSERT INTO gauge VALUES(11,'slab dentry');
INSERT INTO gauge VALUES(12,'slab lsm_inode_cache');
INSERT INTO gauge VALUES(13,'slab task_struct');
INSERT INTO gauge VALUES(14,'slab mm_struct');
INSERT INTO gauge VALUES(15,'slab kmalloc-cg-1k');
CREATE TABLE gauge_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  gauge_id INTEGER NOT NULL REFERENCES gauge,
  tick INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (run_id, gauge_id, tick)
) STRICT, WITHOUT ROWID;
INSERT INTO gauge_sample VALUES(1,1,10,26);
INSERT INTO gauge_sample VALUES(1,2,10,0);
INSERT INTO gauge_sample VALUES(1,3,10,192);
INSERT INTO gauge_sample VALUES(1,4,10,132);
INSERT INTO gauge_sample VALUES(1,5,10,416);
INSERT INTO gauge_sample VALUES(1,6,10,1075);
INSERT INTO gauge_sample VALUES(1,7,10,618);
INSERT INTO gauge_sample VALUES(1,8,10,84);
INSERT INTO gauge_sample VALUES(1,9,10,285);
INSERT INTO gauge_sample VALUES(1,10,10,1216);
INSERT INTO gauge_sample VALUES(1,11,10,259350);
INSERT INTO gauge_sample VALUES(1,12,10,69018);
INSERT INTO gauge_sample VALUES(1,13,10,154);
INSERT INTO gauge_sample VALUES(1,14,10,117);
INSERT INTO gauge_sample VALUES(1,15,10,170);
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
INSERT INTO failure VALUES(1,'client 0',6,'socket',24,'EMFILE',1,1240277,1240277,19,20,19,19,19,19,24,24,5,0,'client',0);
INSERT INTO failure VALUES(1,'client 1',25,'socket',24,'EMFILE',1,1442030,1442030,38,40,38,38,38,19,24,24,5,0,'client',1);
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
INSERT INTO worker_total VALUES(1,'acceptor 0',0,0,38,0,0,0,0,0,0,0,190,12160,12160,0,'acceptor',0);
INSERT INTO worker_total VALUES(1,'canary',17,17,0,17,0,0,0,0,0,0,0,0,0,0,'canary',0);
INSERT INTO worker_total VALUES(1,'forker 0',40,38,0,38,0,0,2,0,0,38,190,12160,12160,0,'forker',0);
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
INSERT INTO latency VALUES(1,'canary',1001298,2,780,956,956,956,956,X'789c5364646000220673280d0003fe005d');
INSERT INTO latency VALUES(1,'canary',2001328,2,708,868,868,868,868,X'789c936064600022061d280d0003160049');
INSERT INTO latency VALUES(1,'canary',3001311,3,820,996,996,996,996,X'789ce367646000220635286d03a50106110078');
INSERT INTO latency VALUES(1,'canary',4001314,2,780,868,868,868,868,X'789c536464600022061d280d0003a60052');
INSERT INTO latency VALUES(1,'canary',5001566,2,916,972,972,972,972,X'789c336264600022064b280d00051e0070');
INSERT INTO latency VALUES(1,'canary',6001422,2,692,8640,8640,8640,8640,X'789c136364600022066626080d0001b5001f');
INSERT INTO latency VALUES(1,'canary',7002087,2,660,708,708,708,708,X'789c1362646000220609280d000216002f');
INSERT INTO latency VALUES(1,'canary',7655267,2,652,700,700,700,700,X'789c1364646000220671280d0001fe002d');
INSERT INTO latency VALUES(1,'connect',2001328,38,121,588,1864,1864,1864,X'789c2dca410a40501485e1fbbc9199ec10031988f484010a655156c04eecc229ffe0f4f5df6e66664ecbb1c0528bb48aaee9866eb1c3803d7f038edc277aa6175c71d3bcb6d307ff277de18d0fbee8dd6f8c09a618f003a6f50d94');
INSERT INTO latency VALUES(1,'connect_raw',2001328,38,45,89,548,548,548,X'789c2dca5b0a80201484e163b98f884aa20b5494826fb58b16de7e1ae17f183f668e8d99d54a8b9de2945ea994813db08f38e1ccbf85bee2863bf7837ee2c51e3161e67ed31ffa8b1f96a7e8f107d32d0529');
INSERT INTO latency VALUES(1,'echo',2001328,190,19,1832,3888,4016,4016,X'789c2d8f490ec1701c465ba4a5aab46a9e6a0c0b1b277014891b98b60e606dcb012c6d58b88fb59d84c4277d8bd797ef37e55fdb308c84488b94c8901d618bac88842b3c91a3e7319717a628605f2445c07e91d9905c129628335fc155f66adcad536f909bb885dbbcb7c35e44bdcb5e8fdc676e401ee13173133ca53e271ff0193ff10bbff1077ff1fff3b7851d33beeb927d1ce0100ff10c2ff012aff01a6fb8bb35e3ffdf91f7f48ff8842ff4afe41bbeb3ff20ff002c8b1325');
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
INSERT INTO event VALUES(1,0,1550056,'finding','broken','run','a ramp ended with failed connections, with 38 established and 38 accepted');
INSERT INTO event VALUES(1,1,2550771,'info','released','clients','every connection is let go');
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
INSERT INTO finding VALUES(1,1,0,'verdict','client-nofile','client 0',1240277,'proven','client',0,'open files of client 0: 24 of 24 (RLIMIT_NOFILE)',NULL);
INSERT INTO finding VALUES(2,1,1,'ruled-out','nproc',NULL,NULL,NULL,NULL,0,'processes of this user: at most 0 of 96,365',NULL);
INSERT INTO finding VALUES(3,1,2,'ruled-out','threads-max',NULL,NULL,NULL,NULL,0,'threads of the host: at most 175 of 192,730',NULL);
INSERT INTO finding VALUES(4,1,3,'ruled-out','pid-max',NULL,NULL,NULL,NULL,0,'process ids of the host: at most 0 of 32,768',NULL);
INSERT INTO finding VALUES(5,1,4,'ruled-out','system-files',NULL,NULL,NULL,NULL,0,'open files of the host: at most 1,206 of 2,466,177',NULL);
INSERT INTO finding VALUES(6,1,5,'ruled-out','acceptor-nofile',NULL,NULL,NULL,NULL,0,'open files of acceptor 0: at most 7 of 20,000',NULL);
INSERT INTO finding VALUES(7,1,6,'ruled-out','ephemeral-ports',NULL,NULL,NULL,NULL,0,'ephemeral ports: at most 38 of 28,232',NULL);
INSERT INTO finding VALUES(8,1,7,'ruled-out','conntrack',NULL,NULL,NULL,NULL,0,'tracked connections: at most 0 of 262,144',NULL);
INSERT INTO finding VALUES(9,1,8,'ruled-out','acceptor-died',NULL,NULL,NULL,NULL,0,'acceptors that ended: at most 0 of 1',NULL);
INSERT INTO finding VALUES(10,1,9,'ruled-out','accept-queue',NULL,NULL,NULL,NULL,0,'accept queue of listener 0: at most 0 of 4,097',NULL);
INSERT INTO finding VALUES(11,1,10,'note',NULL,'run',1501214,NULL,NULL,0,'38 of 40 connections were held, 2 failed (socket() → EMFILE)',NULL);
INSERT INTO finding VALUES(12,1,11,'recommendation','client-nofile','client 0',NULL,NULL,'client',0,'give each client process fewer connections (--per-client), or raise RLIMIT_NOFILE where brink is started: ulimit -n 64 (moves this limit from 19 to about 59 connections); next would be ephemeral ports of clients, at 28,232 connections',0);
INSERT INTO finding VALUES(13,1,12,'recovery',NULL,'server',NULL,NULL,'server',0,'recovery full, all back in 0.5 s; newcomers had service after 0.4 s',NULL);
INSERT INTO finding VALUES(14,1,13,'recommendation',NULL,NULL,NULL,NULL,NULL,0,'set an alarm at 80 %: ephemeral ports of clients at 22,585 of 28,232, which is at about 22,585 connections',0);
CREATE TABLE evidence (
  finding_id INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  t_us INTEGER, -- NULL: holds for the whole run
  what TEXT NOT NULL, -- one clause: "fds of acceptor 2"
  value INTEGER,
  limit_value INTEGER,
  PRIMARY KEY (finding_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO evidence VALUES(1,0,1240277,'socket() → EMFILE of client 0, 2 times, first with 19 held',NULL,NULL);
INSERT INTO evidence VALUES(1,1,1240277,'open files of client 0',24,24);
INSERT INTO evidence VALUES(2,0,NULL,'processes of this user',0,96365);
INSERT INTO evidence VALUES(3,0,NULL,'threads of the host',175,192730);
INSERT INTO evidence VALUES(4,0,NULL,'process ids of the host',0,32768);
INSERT INTO evidence VALUES(5,0,NULL,'open files of the host',1206,2466177);
INSERT INTO evidence VALUES(6,0,NULL,'open files of acceptor 0',7,20000);
INSERT INTO evidence VALUES(7,0,NULL,'ephemeral ports',38,28232);
INSERT INTO evidence VALUES(8,0,NULL,'tracked connections',0,262144);
INSERT INTO evidence VALUES(9,0,NULL,'acceptors that ended',0,1);
INSERT INTO evidence VALUES(10,0,NULL,'accept queue of listener 0',0,4097);
CREATE TABLE run_health (
  run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  ticks INTEGER NOT NULL,
  missed_ticks INTEGER NOT NULL,
  late_p99_us INTEGER, -- NULL: without a tick
  late_max_us INTEGER,
  took_p99_us INTEGER
) STRICT;
INSERT INTO run_health VALUES(1,16,0,72,72,4360);
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
INSERT INTO breaking_point VALUES(1,0,1240277,190093,20,19,19,19,19,'client-nofile','client 0','client','proven',24,24,'socket',24);
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
INSERT INTO leak VALUES(1,0,'cgroup','kernel_memory_bytes','cgroup',4681728.0,9887744.0,9887744.0,5206016.0,3589390.4398127398453,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'cgroup','socket_memory_bytes','cgroup',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','acceptors',7.0,7.0,7.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','clients',0.0,48.0,48.0,48.0,33.094546983914668203,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','forkers',6.0,6.0,6.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','handlers',0.0,152.0,152.0,152.0,104.79939878239645168,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','observers',73.0,209.0,209.0,136.0,93.767883121091557541,NULL,NULL,NULL,NULL,NULL,NULL,NULL,15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','acceptors',217088.0,217088.0,217088.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',1,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','clients',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',12,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','forkers',53248.0,53248.0,53248.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',1,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','handlers',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',12,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','observers',2920448.0,2920448.0,2920448.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','acceptors',1.0,1.0,1.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','clients',0.0,2.0,2.0,2.0,1.3789394576631113231,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','forkers',1.0,1.0,1.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','handlers',0.0,38.0,38.0,38.0,26.199849695599112919,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','observers',4.0,4.0,4.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','acceptors',3715072.0,3715072.0,3715072.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','clients',0.0,7151616.0,7151616.0,7151616.0,4930822.7442274140195,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','forkers',3444736.0,3506176.0,3506176.0,61440.0,42361.020139410778938,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','handlers',0.0,128720896.0,128720896.0,128720896.0,88749161.260074868797,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','observers',39247872.0,39981056.0,39981056.0,733184.0,505508.17366363527253,NULL,NULL,NULL,NULL,NULL,NULL,NULL,15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','kernel_stack_bytes','host',2179072.0,2883584.0,2867200.0,688128.0,474443.42556140071246,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','page_table_bytes','host',4255744.0,6770688.0,6713344.0,2457600.0,1694440.8055764310993,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','slab_unreclaimable_bytes','host',34066432.0,36196352.0,36192256.0,2125824.0,1465691.2968236128799,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','tcp_memory_bytes','host',978944.0,978944.0,978944.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'netns','sockets','netns',2.0,78.0,78.0,76.0,52.399699391198225838,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'netns','tcp_in_use','netns',1.0,77.0,77.0,76.0,52.399699391198225838,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'netns','tcp_time_wait','netns',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'process','fds','acceptor 0',7.0,7.0,7.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'process','rss_bytes','acceptor 0',3715072.0,3715072.0,3715072.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',15,NULL,NULL,NULL,3.0,0);
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
INSERT INTO forecast VALUES(1,1240277,0,0,'held','clients',28232,28232.0,28232.0,28232.0);
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
INSERT INTO recovery VALUES(1,0,'cgroup','kernel_memory_bytes','cgroup',4681728.0,9887744.0,61440.0,0.98819826907946495264,450211,950699,1450232,NULL);
INSERT INTO recovery VALUES(1,0,'cgroup','socket_memory_bytes','cgroup',0.0,0.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','fds','acceptors',7.0,7.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','fds','clients',0.0,48.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'group','fds','forkers',6.0,6.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','fds','handlers',0.0,152.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'group','fds','observers',73.0,209.0,0.0,1.0,950699,950699,950699,950699);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','acceptors',217088.0,217088.0,0.0,NULL,NULL,NULL,NULL,2454281);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','clients',0.0,0.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','forkers',53248.0,53248.0,0.0,NULL,NULL,NULL,NULL,2454281);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','observers',2920448.0,2920448.0,0.0,NULL,NULL,NULL,NULL,2454281);
INSERT INTO recovery VALUES(1,0,'group','processes','acceptors',1.0,1.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','processes','clients',0.0,2.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'group','processes','forkers',1.0,1.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','processes','handlers',0.0,38.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'group','processes','observers',4.0,4.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','acceptors',3715072.0,3715072.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','clients',0.0,7151616.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','forkers',3444736.0,3506176.0,61440.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','handlers',0.0,128720896.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','observers',39247872.0,40050688.0,802816.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'host','kernel_stack_bytes','host',2179072.0,2883584.0,0.0,1.0,450211,450211,1950243,3450204);
INSERT INTO recovery VALUES(1,0,'host','page_table_bytes','host',4255744.0,6770688.0,-53248.0,1.0,450211,450211,950699,NULL);
INSERT INTO recovery VALUES(1,0,'host','slab_unreclaimable_bytes','host',34066432.0,36208640.0,1572864.0,0.70363288718929251075,4450303,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'host','tcp_memory_bytes','host',978944.0,978944.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'netns','sockets','netns',2.0,78.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'netns','tcp_in_use','netns',1.0,77.0,0.0,1.0,450211,450211,450211,450211);
INSERT INTO recovery VALUES(1,0,'netns','tcp_time_wait','netns',0.0,38.0,38.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'process','fds','acceptor 0',7.0,7.0,0.0,NULL,NULL,NULL,NULL,450211);
INSERT INTO recovery VALUES(1,0,'process','rss_bytes','acceptor 0',3715072.0,3715072.0,0.0,NULL,NULL,NULL,NULL,450211);
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
INSERT INTO cycle VALUES(1,0,1050184,2550138,7550139,'full',NULL,450211,449904,451173,NULL,40,38,38,38,2,0,0,0,38);
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
CREATE INDEX run_label ON run (label);
CREATE INDEX finding_run ON finding (run_id, rank);
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
  SELECT min(first.cycle) FROM breaking_point AS first WHERE first.run_id = r.run_id)
;
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
  min(sum(w.accepted_total) FILTER (WHERE s.role = 'acceptor'),
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
  sum(w.strangers_total) FILTER (WHERE s.role = 'acceptor') AS strangers
FROM tick AS t
JOIN run AS r ON r.run_id = t.run_id
LEFT JOIN subject AS o ON o.run_id = t.run_id AND o.kind = 'group'
  AND o.name = 'observers'
LEFT JOIN worker_sample AS w ON w.run_id = t.run_id AND w.tick = t.tick
LEFT JOIN subject AS s ON s.run_id = w.run_id AND s.kind = 'worker'
  AND s.subject = w.subject
GROUP BY t.run_id, t.tick
;
CREATE VIEW v_sample AS
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'available_bytes' THEN x.available_bytes
    WHEN 'free_bytes' THEN x.free_bytes
    WHEN 'anon_bytes' THEN x.anon_bytes
    WHEN 'slab_bytes' THEN x.slab_bytes
    WHEN 'slab_unreclaimable_bytes' THEN x.slab_unreclaimable_bytes
    WHEN 'kernel_stack_bytes' THEN x.kernel_stack_bytes
    WHEN 'page_table_bytes' THEN x.page_table_bytes
    WHEN 'tcp_memory_bytes' THEN x.tcp_memory_bytes
    WHEN 'tcp_allocated' THEN x.tcp_allocated
    WHEN 'tcp_orphans' THEN x.tcp_orphans
    WHEN 'files' THEN x.files
    WHEN 'threads' THEN x.threads
    WHEN 'cpu_user_us_total' THEN x.cpu_user_us_total
    WHEN 'cpu_system_us_total' THEN x.cpu_system_us_total
    WHEN 'cpu_idle_us_total' THEN x.cpu_idle_us_total
    WHEN 'cpu_softirq_us_total' THEN x.cpu_softirq_us_total
    WHEN 'cpu_steal_us_total' THEN x.cpu_steal_us_total
    WHEN 'context_switches_total' THEN x.context_switches_total
    WHEN 'forks_total' THEN x.forks_total
    WHEN 'oom_kills_total' THEN x.oom_kills_total
    WHEN 'user_threads' THEN x.user_threads
    WHEN 'process_ids' THEN x.process_ids
    WHEN 'committed_bytes' THEN x.committed_bytes
  END AS value,
  r.unit, r.kind, x.tick
FROM host_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'host' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'host'
UNION ALL
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'sockets' THEN x.sockets
    WHEN 'tcp_in_use' THEN x.tcp_in_use
    WHEN 'tcp_time_wait' THEN x.tcp_time_wait
    WHEN 'conntrack_entries' THEN x.conntrack_entries
    WHEN 'active_opens_total' THEN x.active_opens_total
    WHEN 'passive_opens_total' THEN x.passive_opens_total
    WHEN 'attempt_fails_total' THEN x.attempt_fails_total
    WHEN 'established_resets_total' THEN x.established_resets_total
    WHEN 'tcp_established' THEN x.tcp_established
    WHEN 'in_segments_total' THEN x.in_segments_total
    WHEN 'out_segments_total' THEN x.out_segments_total
    WHEN 'retransmitted_segments_total' THEN x.retransmitted_segments_total
    WHEN 'out_resets_total' THEN x.out_resets_total
    WHEN 'listen_overflows_total' THEN x.listen_overflows_total
    WHEN 'listen_drops_total' THEN x.listen_drops_total
    WHEN 'syn_cookies_sent_total' THEN x.syn_cookies_sent_total
    WHEN 'syn_queue_drops_total' THEN x.syn_queue_drops_total
    WHEN 'syn_queue_cookies_total' THEN x.syn_queue_cookies_total
    WHEN 'time_wait_overflows_total' THEN x.time_wait_overflows_total
    WHEN 'syn_retransmits_total' THEN x.syn_retransmits_total
    WHEN 'timeouts_total' THEN x.timeouts_total
    WHEN 'aborts_on_memory_total' THEN x.aborts_on_memory_total
    WHEN 'aborts_on_close_total' THEN x.aborts_on_close_total
    WHEN 'memory_pressures_total' THEN x.memory_pressures_total
    WHEN 'receive_queue_drops_total' THEN x.receive_queue_drops_total
    WHEN 'zero_windows_total' THEN x.zero_windows_total
  END AS value,
  r.unit, r.kind, x.tick
FROM netns_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'netns' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'netns'
UNION ALL
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'memory_bytes' THEN x.memory_bytes
    WHEN 'kernel_memory_bytes' THEN x.kernel_memory_bytes
    WHEN 'socket_memory_bytes' THEN x.socket_memory_bytes
    WHEN 'pids' THEN x.pids
    WHEN 'oom_kills_total' THEN x.oom_kills_total
    WHEN 'pids_denied_total' THEN x.pids_denied_total
    WHEN 'throttled_periods_total' THEN x.throttled_periods_total
    WHEN 'memory_refused_total' THEN x.memory_refused_total
    WHEN 'memory_slowed_total' THEN x.memory_slowed_total
  END AS value,
  r.unit, r.kind, x.tick
FROM cgroup_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'cgroup' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'cgroup'
UNION ALL
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'queue' THEN x.queue
    WHEN 'backlog' THEN x.backlog
    WHEN 'drops_total' THEN x.drops_total
  END AS value,
  r.unit, r.kind, x.tick
FROM listener_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'listener' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'listener'
UNION ALL
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'fds' THEN x.fds
    WHEN 'rss_bytes' THEN x.rss_bytes
    WHEN 'vm_bytes' THEN x.vm_bytes
    WHEN 'private_bytes' THEN x.private_bytes
    WHEN 'threads' THEN x.threads
    WHEN 'state' THEN x.state
    WHEN 'cpu_user_us_total' THEN x.cpu_user_us_total
    WHEN 'cpu_system_us_total' THEN x.cpu_system_us_total
    WHEN 'minor_faults_total' THEN x.minor_faults_total
    WHEN 'major_faults_total' THEN x.major_faults_total
  END AS value,
  r.unit, r.kind, x.tick
FROM process_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'process' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'process'
UNION ALL
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'attempted_total' THEN x.attempted_total
    WHEN 'established_total' THEN x.established_total
    WHEN 'accepted_total' THEN x.accepted_total
    WHEN 'served_total' THEN x.served_total
    WHEN 'held' THEN x.held
    WHEN 'in_flight' THEN x.in_flight
    WHEN 'missed_total' THEN x.missed_total
    WHEN 'failed_total' THEN x.failed_total
    WHEN 'transient_total' THEN x.transient_total
    WHEN 'lost_total' THEN x.lost_total
    WHEN 'released_total' THEN x.released_total
    WHEN 'processes' THEN x.processes
    WHEN 'messages_total' THEN x.messages_total
    WHEN 'sent_bytes_total' THEN x.sent_bytes_total
    WHEN 'received_bytes_total' THEN x.received_bytes_total
    WHEN 'strangers_total' THEN x.strangers_total
  END AS value,
  r.unit, r.kind, x.tick
FROM worker_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'worker' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'worker'
UNION ALL
SELECT
  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,
  CASE r.name
    WHEN 'processes' THEN x.processes
    WHEN 'sampled' THEN x.sampled
    WHEN 'fds' THEN x.fds
    WHEN 'rss_bytes' THEN x.rss_bytes
    WHEN 'private_bytes' THEN x.private_bytes
    WHEN 'cpu_user_us_total' THEN x.cpu_user_us_total
    WHEN 'cpu_system_us_total' THEN x.cpu_system_us_total
  END AS value,
  r.unit, r.kind, x.tick
FROM group_sample AS x
JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick
JOIN subject AS s ON s.run_id = x.run_id AND s.kind = 'group' AND s.subject = x.subject
JOIN resource AS r ON r.kind = 'group';
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
HAVING count(DISTINCT CASE WHEN part.subject IN ('clients', 'acceptors', 'host', 'cgroup')
    THEN part.side END)
  = CASE side.side WHEN 'total' THEN 3 ELSE 1 END
;
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
  kind = 'group' AND resource GLOB '*_bytes' AND residual <= (
    SELECT sum(CASE o.resource WHEN 'fds' THEN 32 * (o.peak - o.base)
      ELSE 131072 * o.peak END)
    FROM recovery AS o
    WHERE o.run_id = v.run_id AND o.cycle = v.cycle AND o.kind = v.kind
      AND o.subject = v.subject AND o.resource IN ('fds', 'processes')) AS kept
FROM recovery AS v;
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
CREATE VIEW v_port_use AS
SELECT
  run_id, cycle, t_us / 1e6 AS t_s, source, port_low, port_high, own, strangers, time_wait,
  bound, other, reserved, unreachable, free, listener
FROM port_use;
CREATE VIEW v_expectation AS
SELECT
  run_id, seq, expression, figure, unit, bound, value, value_low, value_high, passed
FROM expectation;
CREATE VIEW v_funnel AS
SELECT
  run_id,
  0 AS cycle,
  sum(attempted) FILTER (WHERE role = 'forker') AS attempted,
  sum(established) FILTER (WHERE role = 'forker') AS established,
  sum(accepted) FILTER (WHERE role = 'acceptor') AS accepted,
  sum(served) FILTER (WHERE role = 'forker') AS served,
  sum(failed) FILTER (WHERE role = 'forker') AS failed,
  sum(missed) FILTER (WHERE role = 'forker') AS missed,
  sum(transient) FILTER (WHERE role = 'forker') AS transient,
  sum(lost) FILTER (WHERE role = 'forker') AS lost,
  sum(released) FILTER (WHERE role = 'forker') AS released,
  sum(strangers) FILTER (WHERE role = 'acceptor') AS strangers
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
CREATE VIEW v_latency AS
SELECT run_id, kind, t_us / 1e6 AS t_s, count, p50_us, p90_us, p99_us, p999_us, max_us
FROM latency;
CREATE VIEW v_worker_balance AS
WITH worker AS (
  SELECT
    *,
    CASE WHEN role = 'acceptor' THEN accepted ELSE established END AS connections
  FROM worker_total
  WHERE role = 'acceptor' OR role = 'forker')
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
WINDOW so_far AS (PARTITION BY run_id, cycle ORDER BY from_us)
;
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
LEFT JOIN pace ON pace.run_id = h.run_id
;
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
) AS f ON f.run_id = v.run_id
;
COMMIT;
