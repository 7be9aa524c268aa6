-- A store of schema version 2, as sqlite3 dumps it: two cycles that broke.
PRAGMA application_id = 1651665262;
PRAGMA user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('views_crc32',1504363824);
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
INSERT INTO host VALUES(1,'bench-1','6.1.0','x86_64','Debian GNU/Linux 12 (bookworm)','Intel(R) Xeon(R) Processor',4,25276067840,'');
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
  held_peak INTEGER -- most connections held at a tick; NULL until the recorder has ended
) STRICT;
INSERT INTO run VALUES(1,1795741352805163,6661898,'done','broke','old',replace('{\n  "clients": 60,\n  "rate": 200,\n  "messages": 5,\n  "message-size": 64,\n  "inflight": 1200,\n  "connect-timeout": 5000000,\n  "forkers": 1,\n  "per-client": 60,\n  "sources": 1,\n  "port": 10013,\n  "acceptors": 1,\n  "listener": "shared",\n  "handler": "event",\n  "backlog": 4096,\n  "retain": {},\n  "baseline": 1000000,\n  "steps": 1,\n  "plateau": 500000,\n  "hold": 500000,\n  "linger": 500000,\n  "duration": 300000000,\n  "stall": 1000000,\n  "release": "reset",\n  "recovery-timeout": 1000000,\n  "cycles": 2,\n  "interval": 500000,\n  "isolate": true,\n  "limit": {\n    "nofile.acceptor": 46\n  },\n  "user": null,\n  "guard-memory": 1263825715,\n  "no-guard": false,\n  "expect": [],\n  "abort-on": [],\n  "label": "old",\n  "baseline-label": null,\n  "db": "old.db",\n  "force": false,\n  "report": "none",\n  "status": 10000000,\n  "quiet": true,\n  "dry-run": false,\n  "json": false,\n  "config": null\n}','\n',char(10)),'brink run --db old.db --isolate --quiet --report none --label old --baseline 1s --steps 1 --plateau 500ms --hold 500ms --linger 500ms --recovery-timeout 1s --release reset --cycles 2 --clients 60 --rate 200 --acceptors 1 --forkers 1 --limit nofile.acceptor=46 --stall 1s --interval 500ms','0.1.0',1,'4b7a9abe-1e41-407e-beaa-3fe3f1c3ae8c',20378,62744,60);
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
  PRIMARY KEY (run_id, kind, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO subject VALUES(1,'cgroup',0,'cgroup');
INSERT INTO subject VALUES(1,'group',0,'acceptors');
INSERT INTO subject VALUES(1,'group',1,'handlers');
INSERT INTO subject VALUES(1,'group',2,'forkers');
INSERT INTO subject VALUES(1,'group',3,'clients');
INSERT INTO subject VALUES(1,'group',4,'observers');
INSERT INTO subject VALUES(1,'host',0,'host');
INSERT INTO subject VALUES(1,'listener',0,'listener 0');
INSERT INTO subject VALUES(1,'netns',0,'netns');
INSERT INTO subject VALUES(1,'process',0,'supervisor');
INSERT INTO subject VALUES(1,'process',1,'recorder');
INSERT INTO subject VALUES(1,'process',2,'acceptor 0');
INSERT INTO subject VALUES(1,'process',3,'sampler');
INSERT INTO subject VALUES(1,'process',4,'canary');
INSERT INTO subject VALUES(1,'process',5,'forker 0');
INSERT INTO subject VALUES(1,'process',6,'client 0');
INSERT INTO subject VALUES(1,'process',7,'client 0');
INSERT INTO subject VALUES(1,'worker',0,'acceptor 0');
INSERT INTO subject VALUES(1,'worker',1,'forker 0');
INSERT INTO subject VALUES(1,'worker',2,'canary');
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
INSERT INTO setting VALUES(1,'host','fs.epoll.max_user_watches','5491533');
INSERT INTO setting VALUES(1,'host','fs.file-max','2466193');
INSERT INTO setting VALUES(1,'host','fs.nr_open','1048576');
INSERT INTO setting VALUES(1,'host','kernel.pid_max','32768');
INSERT INTO setting VALUES(1,'host','kernel.threads-max','192731');
INSERT INTO setting VALUES(1,'host','processors allowed','2');
INSERT INTO setting VALUES(1,'host','transparent hugepages','always [madvise] never');
INSERT INTO setting VALUES(1,'host','vm.max_map_count','65530');
INSERT INTO setting VALUES(1,'host','vm.min_free_kbytes','67584');
INSERT INTO setting VALUES(1,'host','vm.overcommit_memory','0');
INSERT INTO setting VALUES(1,'host','vm.swappiness','60');
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
INSERT INTO resource_limit VALUES(1,'host',0,'files',2466193,'fs.file-max');
INSERT INTO resource_limit VALUES(1,'host',0,'threads',192731,'kernel.threads-max');
INSERT INTO resource_limit VALUES(1,'host',0,'threads',32768,'kernel.pid_max');
INSERT INTO resource_limit VALUES(1,'netns',0,'tcp_time_wait',131072,'net.ipv4.tcp_max_tw_buckets');
INSERT INTO resource_limit VALUES(1,'netns',0,'conntrack_entries',262144,'net.netfilter.nf_conntrack_max');
INSERT INTO resource_limit VALUES(1,'group',3,'held',28232,'net.ipv4.ip_local_port_range');
INSERT INTO resource_limit VALUES(1,'listener',0,'queue',4097,'listen(2), net.core.somaxconn');
INSERT INTO resource_limit VALUES(1,'process',0,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',1,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',2,'fds',46,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',3,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',4,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',5,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',6,'fds',20000,'RLIMIT_NOFILE');
INSERT INTO resource_limit VALUES(1,'process',7,'fds',20000,'RLIMIT_NOFILE');
CREATE TABLE phase (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  seq INTEGER NOT NULL, -- from 0
  cycle INTEGER NOT NULL, -- from 0
  name TEXT NOT NULL, -- baseline, ramp, plateau, hold, exhausted, recovery
  from_us INTEGER NOT NULL,
  to_us INTEGER, -- NULL: it was not seen to end
  target INTEGER NOT NULL, -- connections to be held at its end
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO phase VALUES(1,0,0,'baseline',72824,1050168,0);
INSERT INTO phase VALUES(1,1,0,'ramp',1050168,1362064,60);
INSERT INTO phase VALUES(1,2,0,'plateau',1362064,1950208,60);
INSERT INTO phase VALUES(1,3,0,'hold',1950208,2252493,60);
INSERT INTO phase VALUES(1,4,0,'exhausted',2252493,2754513,60);
INSERT INTO phase VALUES(1,5,0,'recovery',2754513,3858549,0);
INSERT INTO phase VALUES(1,6,1,'ramp',3858549,4257800,60);
INSERT INTO phase VALUES(1,7,1,'plateau',4257800,4850141,60);
INSERT INTO phase VALUES(1,8,1,'hold',4850141,5050146,60);
INSERT INTO phase VALUES(1,9,1,'exhausted',5050146,5553703,60);
INSERT INTO phase VALUES(1,10,1,'recovery',5553703,6554692,0);
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
INSERT INTO process VALUES(1,0,20378,'supervisor',0,20378,57591,6661823,'exit',0);
INSERT INTO process VALUES(1,1,20633,'recorder',0,20378,63486,NULL,NULL,NULL);
INSERT INTO process VALUES(1,2,20638,'acceptor',0,20378,72110,6656725,'stopped',0);
INSERT INTO process VALUES(1,3,20647,'sampler',0,20378,72407,6661817,'stopped',0);
INSERT INTO process VALUES(1,4,20648,'canary',0,20378,72619,6656764,'stopped',0);
INSERT INTO process VALUES(1,5,20649,'forker',0,20378,72815,6656793,'stopped',0);
INSERT INTO process VALUES(1,6,21258,'client',0,20649,1065829,2760965,'exit',0);
INSERT INTO process VALUES(1,7,22652,'client',0,20649,3878144,5568604,'exit',0);
CREATE TABLE resource (
  kind TEXT NOT NULL, -- subject kind: the table is KIND_sample
  name TEXT NOT NULL, -- the column
  unit TEXT NOT NULL, -- bytes, us, 1
  type TEXT NOT NULL CHECK (type IN ('gauge', 'counter')),
  resolution INTEGER NOT NULL, -- smallest step that means something; 0: not followed
  help TEXT NOT NULL,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;
INSERT INTO resource VALUES('cgroup','kernel_memory_bytes','bytes','gauge',0,'of that, the kernel''s own');
INSERT INTO resource VALUES('cgroup','memory_bytes','bytes','gauge',0,'memory charged to the cgroup');
INSERT INTO resource VALUES('cgroup','oom_kills_total','1','counter',0,'processes of the cgroup killed for want of memory');
INSERT INTO resource VALUES('cgroup','pids','1','gauge',1,'threads in the cgroup');
INSERT INTO resource VALUES('cgroup','pids_denied_total','1','counter',0,'forks refused by the cgroup''s limit');
INSERT INTO resource VALUES('cgroup','socket_memory_bytes','bytes','gauge',0,'of that, socket buffers');
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
INSERT INTO resource VALUES('host','context_switches_total','1','counter',0,'context switches');
INSERT INTO resource VALUES('host','cpu_idle_us_total','us','counter',0,'CPU time idle');
INSERT INTO resource VALUES('host','cpu_softirq_us_total','us','counter',0,'CPU time in network and timer interrupts');
INSERT INTO resource VALUES('host','cpu_steal_us_total','us','counter',0,'CPU time taken by other machines on this hardware');
INSERT INTO resource VALUES('host','cpu_system_us_total','us','counter',0,'CPU time in the kernel');
INSERT INTO resource VALUES('host','cpu_user_us_total','us','counter',0,'CPU time in user space');
INSERT INTO resource VALUES('host','files','1','gauge',0,'open file descriptions of the host');
INSERT INTO resource VALUES('host','forks_total','1','counter',0,'processes and threads ever created');
INSERT INTO resource VALUES('host','free_bytes','bytes','gauge',0,'memory that is not used at all');
INSERT INTO resource VALUES('host','kernel_stack_bytes','bytes','gauge',16384,'kernel stacks, one a thread');
INSERT INTO resource VALUES('host','oom_kills_total','1','counter',0,'processes killed by the kernel for want of memory');
INSERT INTO resource VALUES('host','page_table_bytes','bytes','gauge',65536,'page tables of all processes');
INSERT INTO resource VALUES('host','slab_bytes','bytes','gauge',0,'the kernel''s object caches');
INSERT INTO resource VALUES('host','slab_unreclaimable_bytes','bytes','gauge',65536,'object caches in use: sockets, inodes, epoll entries');
INSERT INTO resource VALUES('host','tcp_allocated','1','gauge',0,'TCP sockets allocated, of the whole host');
INSERT INTO resource VALUES('host','tcp_memory_bytes','bytes','gauge',4096,'socket buffers of TCP, of the whole host');
INSERT INTO resource VALUES('host','tcp_orphans','1','gauge',0,'TCP sockets of no process, of the whole host');
INSERT INTO resource VALUES('host','threads','1','gauge',0,'threads of the host');
INSERT INTO resource VALUES('listener','backlog','1','gauge',0,'the most that may wait, less one');
INSERT INTO resource VALUES('listener','queue','1','gauge',0,'connections waiting for accept');
INSERT INTO resource VALUES('netns','aborts_on_close_total','1','counter',0,'connections reset because data was left unread at close');
INSERT INTO resource VALUES('netns','aborts_on_memory_total','1','counter',0,'connections dropped for want of socket memory');
INSERT INTO resource VALUES('netns','active_opens_total','1','counter',0,'connects begun');
INSERT INTO resource VALUES('netns','attempt_fails_total','1','counter',0,'handshakes that came to nothing');
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
INSERT INTO resource VALUES('worker','accepted_total','1','counter',0,'connections taken by accept before the release, the canary''s not counted');
INSERT INTO resource VALUES('worker','attempted_total','1','counter',0,'connects begun');
INSERT INTO resource VALUES('worker','established_total','1','counter',0,'handshakes done as the client sees it');
INSERT INTO resource VALUES('worker','failed_total','1','counter',0,'attempts that came to nothing');
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
INSERT INTO resource VALUES('worker','transient_total','1','counter',0,'connects that needed a second SYN');
CREATE TABLE tick (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL, -- due at tick * interval
  t_us INTEGER NOT NULL,
  late_us INTEGER NOT NULL,
  took_us INTEGER NOT NULL,
  PRIMARY KEY (run_id, tick)
) STRICT, WITHOUT ROWID;
INSERT INTO tick VALUES(1,1,500070,70,1155);
INSERT INTO tick VALUES(1,2,1000074,74,338);
INSERT INTO tick VALUES(1,3,1500084,84,434);
INSERT INTO tick VALUES(1,4,2000085,85,393);
INSERT INTO tick VALUES(1,5,2500101,101,374);
INSERT INTO tick VALUES(1,6,3000089,89,343);
INSERT INTO tick VALUES(1,7,3500088,88,605);
INSERT INTO tick VALUES(1,8,4000073,73,327);
INSERT INTO tick VALUES(1,9,4500097,97,375);
INSERT INTO tick VALUES(1,10,5000066,66,2628);
INSERT INTO tick VALUES(1,11,5500128,128,370);
INSERT INTO tick VALUES(1,12,6000071,71,374);
INSERT INTO tick VALUES(1,13,6500082,82,399);
INSERT INTO tick VALUES(1,14,6656811,-343189,300);
CREATE TABLE host_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  available_bytes INTEGER, -- memory that can be had without swapping
  free_bytes INTEGER, -- memory that is not used at all
  anon_bytes INTEGER, -- memory of processes, backed by no file
  slab_bytes INTEGER, -- the kernel's object caches
  slab_unreclaimable_bytes INTEGER, -- object caches in use: sockets, inodes, epoll entries
  kernel_stack_bytes INTEGER, -- kernel stacks, one a thread
  page_table_bytes INTEGER, -- page tables of all processes
  tcp_memory_bytes INTEGER, -- socket buffers of TCP, of the whole host
  tcp_allocated INTEGER, -- TCP sockets allocated, of the whole host
  tcp_orphans INTEGER, -- TCP sockets of no process, of the whole host
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
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO host_sample VALUES(1,1,0,24719552512,24600625152,155058176,93704192,26566656,2777088,6033408,1069056,2,0,1319,168,97390000,65200000,1061450000,2220000,9290000,632210,20600,2);
INSERT INTO host_sample VALUES(1,2,0,24705404928,24586215424,179838976,93921280,26669056,2719744,6340608,1069056,2,0,1339,166,98090000,65500000,1061450000,2220000,9300000,633856,20862,2);
INSERT INTO host_sample VALUES(1,3,0,24701702144,24581664768,160022528,94101504,26714112,2686976,5742592,1069056,122,0,1401,164,98780000,65810000,1061450000,2230000,9300000,635749,21027,2);
INSERT INTO host_sample VALUES(1,4,0,24709087232,24588890112,148144128,94310400,26816512,2686976,5640192,1069056,124,0,1353,163,99500000,66090000,1061450000,2230000,9300000,637275,21281,2);
INSERT INTO host_sample VALUES(1,5,0,24709300224,24588865536,142893056,94359552,26742784,2650112,5754880,1069056,124,0,1321,163,100230000,66350000,1061450000,2230000,9300000,638525,21474,2);
INSERT INTO host_sample VALUES(1,6,0,24752328704,24631255040,108793856,94253056,26636288,2650112,5652480,1069056,2,0,1131,163,100910000,66670000,1061450000,2230000,9310000,639988,21725,2);
INSERT INTO host_sample VALUES(1,7,0,24767881216,24646418432,98054144,94310400,26624000,2678784,5885952,1069056,2,0,1099,164,101510000,67060000,1061450000,2230000,9310000,641593,22040,2);
INSERT INTO host_sample VALUES(1,8,0,24774094848,24652525568,105017344,94310400,26624000,2793472,5988352,1069056,60,0,1259,170,102120000,67410000,1061450000,2230000,9350000,643393,22336,2);
INSERT INTO host_sample VALUES(1,9,0,24774721536,24652656640,107790336,94547968,26738688,2781184,6262784,1069056,124,0,1307,171,102740000,67770000,1061450000,2230000,9360000,644830,22527,2);
INSERT INTO host_sample VALUES(1,10,0,24775524352,24652742656,112193536,94752768,26738688,2809856,6467584,1069056,124,0,1330,171,103410000,68070000,1061450000,2240000,9390000,645980,22693,2);
INSERT INTO host_sample VALUES(1,11,0,24775745536,24652726272,119808000,94818304,26738688,2805760,6144000,1069056,123,0,1302,170,104110000,68350000,1061450000,2240000,9410000,646966,22818,2);
INSERT INTO host_sample VALUES(1,12,0,24801955840,24678936576,57036800,94687232,26607616,2605056,5632000,1069056,2,0,1087,163,104680000,68670000,1061450000,2240000,9510000,647871,22947,2);
INSERT INTO host_sample VALUES(1,13,0,24814321664,24690507776,63111168,94674944,26595328,2719744,5877760,1069056,2,0,1133,165,105270000,69060000,1061450000,2240000,9540000,648969,23131,2);
INSERT INTO host_sample VALUES(1,14,0,24823525376,24699711488,70381568,94674944,26595328,2605056,6082560,1069056,1,0,1135,159,105440000,69190000,1061450000,2250000,9540000,649276,23175,2);
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
  attempt_fails_total INTEGER, -- handshakes that came to nothing
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
INSERT INTO netns_sample VALUES(1,1,0,2,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,2,0,2,1,0,0,1,1,0,2,0,8,8,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,3,0,122,121,0,0,62,62,0,4,120,756,756,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,4,0,124,123,0,0,63,63,0,4,122,761,761,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,5,0,124,123,0,0,63,63,0,4,122,761,761,0,2,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,6,0,2,1,0,0,64,64,0,128,0,830,830,0,64,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,7,0,2,1,0,0,65,65,0,130,0,838,838,0,65,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,8,0,60,59,0,0,95,95,0,132,58,1289,1289,0,66,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,9,0,124,123,0,0,127,127,0,132,122,1591,1591,0,66,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,10,0,124,123,0,0,127,127,0,132,122,1591,1591,0,66,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,11,0,123,121,0,0,127,127,0,134,120,1592,1592,0,67,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,12,0,2,1,0,0,128,128,0,256,0,1660,1660,0,128,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,13,0,2,1,0,0,129,129,0,258,0,1668,1668,0,129,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO netns_sample VALUES(1,14,0,1,0,0,0,130,130,0,260,0,1676,1676,0,130,0,0,0,0,0,0,0,0,0,0,0,0,0);
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
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO cgroup_sample VALUES(1,1,0,86016,20480,0,2,0,0,0);
INSERT INTO cgroup_sample VALUES(1,2,0,94208,24576,0,2,0,0,0);
INSERT INTO cgroup_sample VALUES(1,3,0,618496,446464,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,4,0,573440,446464,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,5,0,573440,446464,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,6,0,143360,57344,0,2,0,0,0);
INSERT INTO cgroup_sample VALUES(1,7,0,143360,49152,0,2,0,0,0);
INSERT INTO cgroup_sample VALUES(1,8,0,663552,327680,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,9,0,614400,475136,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,10,0,585728,446464,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,11,0,585728,446464,0,3,0,0,0);
INSERT INTO cgroup_sample VALUES(1,12,0,143360,57344,0,2,0,0,0);
INSERT INTO cgroup_sample VALUES(1,13,0,143360,49152,0,2,0,0,0);
INSERT INTO cgroup_sample VALUES(1,14,0,311296,45056,0,0,0,0,0);
CREATE TABLE listener_sample (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  tick INTEGER NOT NULL,
  subject INTEGER NOT NULL,
  queue INTEGER, -- connections waiting for accept
  backlog INTEGER, -- the most that may wait, less one
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO listener_sample VALUES(1,1,0,0,4096);
INSERT INTO listener_sample VALUES(1,2,0,0,4096);
INSERT INTO listener_sample VALUES(1,3,0,20,4096);
INSERT INTO listener_sample VALUES(1,4,0,21,4096);
INSERT INTO listener_sample VALUES(1,5,0,21,4096);
INSERT INTO listener_sample VALUES(1,6,0,0,4096);
INSERT INTO listener_sample VALUES(1,7,0,0,4096);
INSERT INTO listener_sample VALUES(1,8,0,1,4096);
INSERT INTO listener_sample VALUES(1,9,0,21,4096);
INSERT INTO listener_sample VALUES(1,10,0,21,4096);
INSERT INTO listener_sample VALUES(1,11,0,21,4096);
INSERT INTO listener_sample VALUES(1,12,0,0,4096);
INSERT INTO listener_sample VALUES(1,13,0,0,4096);
INSERT INTO listener_sample VALUES(1,14,0,NULL,NULL);
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
INSERT INTO process_sample VALUES(1,1,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,1,1,8,25993216,26017792,NULL,1,83,0,0,763,0);
INSERT INTO process_sample VALUES(1,1,2,6,2613248,25792512,NULL,1,83,0,0,50,0);
INSERT INTO process_sample VALUES(1,1,3,50,25997312,26021888,NULL,1,82,0,0,760,0);
INSERT INTO process_sample VALUES(1,1,4,5,2666496,25788416,NULL,1,83,0,0,36,0);
INSERT INTO process_sample VALUES(1,1,5,6,2748416,25788416,NULL,1,83,0,0,37,0);
INSERT INTO process_sample VALUES(1,2,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,2,1,8,25993216,26017792,NULL,1,83,0,0,763,0);
INSERT INTO process_sample VALUES(1,2,2,6,2752512,25792512,NULL,1,83,0,0,54,0);
INSERT INTO process_sample VALUES(1,2,3,50,25997312,26021888,NULL,1,82,0,0,760,0);
INSERT INTO process_sample VALUES(1,2,4,5,2670592,25788416,NULL,1,83,0,0,37,0);
INSERT INTO process_sample VALUES(1,2,5,6,2748416,25788416,NULL,1,83,0,0,37,0);
INSERT INTO process_sample VALUES(1,3,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,3,1,8,26054656,26202112,NULL,1,83,0,10000,785,0);
INSERT INTO process_sample VALUES(1,3,2,46,2801664,25792512,NULL,1,83,0,0,55,0);
INSERT INTO process_sample VALUES(1,3,3,54,25997312,26021888,NULL,1,82,0,0,760,0);
INSERT INTO process_sample VALUES(1,3,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,3,5,6,2797568,25788416,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,3,6,65,2760704,26431488,NULL,1,83,0,10000,43,0);
INSERT INTO process_sample VALUES(1,4,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,4,1,8,26054656,26202112,NULL,1,83,0,10000,785,0);
INSERT INTO process_sample VALUES(1,4,2,46,2801664,25792512,NULL,1,83,0,0,55,0);
INSERT INTO process_sample VALUES(1,4,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,4,4,6,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,4,5,6,2797568,25788416,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,4,6,65,2760704,26431488,NULL,1,83,0,10000,43,0);
INSERT INTO process_sample VALUES(1,5,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,5,1,8,26136576,26202112,NULL,1,83,0,10000,805,0);
INSERT INTO process_sample VALUES(1,5,2,46,2801664,25792512,NULL,1,83,0,0,55,0);
INSERT INTO process_sample VALUES(1,5,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,5,4,6,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,5,5,6,2797568,25788416,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,5,6,65,2760704,26431488,NULL,1,83,0,10000,43,0);
INSERT INTO process_sample VALUES(1,6,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,6,1,8,26136576,26202112,NULL,1,83,0,10000,805,0);
INSERT INTO process_sample VALUES(1,6,2,6,2801664,25792512,NULL,1,83,0,0,55,0);
INSERT INTO process_sample VALUES(1,6,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,6,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,6,5,6,2797568,25788416,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,6,6,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,7,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,7,1,8,26177536,26210304,NULL,1,83,0,10000,826,0);
INSERT INTO process_sample VALUES(1,7,2,6,2801664,25792512,NULL,1,83,0,0,55,0);
INSERT INTO process_sample VALUES(1,7,3,50,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,7,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,7,5,6,2797568,25788416,NULL,1,83,0,0,42,0);
INSERT INTO process_sample VALUES(1,8,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,8,1,8,26177536,26210304,NULL,1,83,0,10000,826,0);
INSERT INTO process_sample VALUES(1,8,2,34,2801664,25792512,NULL,1,82,0,0,55,0);
INSERT INTO process_sample VALUES(1,8,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,8,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,8,5,6,2797568,25788416,NULL,1,83,0,0,45,0);
INSERT INTO process_sample VALUES(1,8,7,34,2760704,26431488,NULL,1,82,0,0,43,0);
INSERT INTO process_sample VALUES(1,9,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,9,1,8,26177536,26210304,NULL,1,83,0,10000,826,0);
INSERT INTO process_sample VALUES(1,9,2,46,2801664,25792512,NULL,1,83,0,10000,55,0);
INSERT INTO process_sample VALUES(1,9,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,9,4,6,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,9,5,6,2797568,25788416,NULL,1,83,0,0,45,0);
INSERT INTO process_sample VALUES(1,9,7,65,2760704,26431488,NULL,1,83,0,10000,43,0);
INSERT INTO process_sample VALUES(1,10,0,11,24481792,25788416,53248,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,10,1,8,26177536,26210304,1642496,1,83,0,10000,826,0);
INSERT INTO process_sample VALUES(1,10,2,46,2801664,25792512,118784,1,83,0,10000,55,0);
INSERT INTO process_sample VALUES(1,10,3,54,25997312,26021888,1462272,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,10,4,6,2674688,25788416,49152,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,10,5,6,2797568,25788416,36864,1,83,0,0,45,0);
INSERT INTO process_sample VALUES(1,10,7,65,2760704,26431488,53248,1,83,0,10000,43,0);
INSERT INTO process_sample VALUES(1,11,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,11,1,8,26177536,26210304,NULL,1,83,0,10000,841,0);
INSERT INTO process_sample VALUES(1,11,2,46,2801664,25792512,NULL,1,82,0,10000,55,0);
INSERT INTO process_sample VALUES(1,11,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,11,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,11,5,6,2797568,25788416,NULL,1,83,0,0,45,0);
INSERT INTO process_sample VALUES(1,11,7,65,2760704,26431488,NULL,1,83,0,10000,43,0);
INSERT INTO process_sample VALUES(1,12,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,12,1,8,26177536,26210304,NULL,1,83,0,10000,841,0);
INSERT INTO process_sample VALUES(1,12,2,6,2801664,25792512,NULL,1,83,0,10000,55,0);
INSERT INTO process_sample VALUES(1,12,3,54,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,12,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,12,5,6,2797568,25788416,NULL,1,83,0,0,46,0);
INSERT INTO process_sample VALUES(1,12,7,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,13,0,11,24481792,25788416,NULL,1,83,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,13,1,8,26177536,26210304,NULL,1,83,0,10000,852,0);
INSERT INTO process_sample VALUES(1,13,2,6,2801664,25792512,NULL,1,83,0,10000,55,0);
INSERT INTO process_sample VALUES(1,13,3,50,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,13,4,5,2674688,25788416,NULL,1,83,0,0,38,0);
INSERT INTO process_sample VALUES(1,13,5,6,2797568,25788416,NULL,1,83,0,0,46,0);
INSERT INTO process_sample VALUES(1,14,0,11,24481792,25788416,NULL,1,82,10000,60000,5132,0);
INSERT INTO process_sample VALUES(1,14,1,8,26177536,26210304,NULL,1,82,0,10000,852,0);
INSERT INTO process_sample VALUES(1,14,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,14,3,50,25997312,26021888,NULL,1,82,0,10000,760,0);
INSERT INTO process_sample VALUES(1,14,4,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO process_sample VALUES(1,14,5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
  failed_total INTEGER, -- attempts that came to nothing
  transient_total INTEGER, -- connects that needed a second SYN
  lost_total INTEGER, -- held connections that the other side ended, or that died with their process
  released_total INTEGER, -- connections closed by order
  processes INTEGER, -- live children
  messages_total INTEGER, -- messages sent, by an acceptor: echoed
  sent_bytes_total INTEGER, -- bytes sent
  received_bytes_total INTEGER, -- bytes received
  PRIMARY KEY (run_id, tick, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO worker_sample VALUES(1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,1,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,2,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,2,2,1,1,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,3,0,0,0,40,0,40,0,0,0,0,0,0,0,200,12800,12800);
INSERT INTO worker_sample VALUES(1,3,1,60,60,0,40,60,0,0,0,0,0,0,1,220,14080,12800);
INSERT INTO worker_sample VALUES(1,3,2,2,2,0,2,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,4,0,0,0,40,0,40,0,0,0,0,0,0,0,200,12800,12800);
INSERT INTO worker_sample VALUES(1,4,1,60,60,0,40,60,0,0,0,0,0,0,1,220,14080,12800);
INSERT INTO worker_sample VALUES(1,4,2,3,3,0,2,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,5,0,0,0,40,0,40,0,0,0,0,0,0,0,200,12800,12800);
INSERT INTO worker_sample VALUES(1,5,1,60,60,0,40,60,0,0,0,0,0,0,1,220,14080,12800);
INSERT INTO worker_sample VALUES(1,5,2,3,3,0,2,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,6,0,0,0,40,0,0,0,0,0,0,0,0,0,200,12800,12800);
INSERT INTO worker_sample VALUES(1,6,1,60,60,0,40,0,0,0,0,0,0,60,0,220,14080,12800);
INSERT INTO worker_sample VALUES(1,6,2,4,4,0,3,0,0,0,1,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,7,0,0,0,40,0,0,0,0,0,0,0,0,0,200,12800,12800);
INSERT INTO worker_sample VALUES(1,7,1,60,60,0,40,0,0,0,0,0,0,60,0,220,14080,12800);
INSERT INTO worker_sample VALUES(1,7,2,5,5,0,4,0,0,0,1,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,8,0,0,0,68,0,28,0,0,0,0,0,0,0,340,21760,21760);
INSERT INTO worker_sample VALUES(1,8,1,89,88,0,68,28,1,0,0,0,0,60,1,360,23040,21760);
INSERT INTO worker_sample VALUES(1,8,2,6,6,0,5,0,0,0,1,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,9,0,0,0,80,0,40,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_sample VALUES(1,9,1,120,120,0,80,60,0,0,0,0,0,60,1,440,28160,25600);
INSERT INTO worker_sample VALUES(1,9,2,7,7,0,5,0,0,0,1,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,10,0,0,0,80,0,40,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_sample VALUES(1,10,1,120,120,0,80,60,0,0,0,0,0,60,1,440,28160,25600);
INSERT INTO worker_sample VALUES(1,10,2,7,7,0,5,0,0,0,1,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,11,0,0,0,80,0,40,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_sample VALUES(1,11,1,120,120,0,80,60,0,0,0,0,0,60,1,440,28160,25600);
INSERT INTO worker_sample VALUES(1,11,2,7,7,0,5,0,0,0,2,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,12,0,0,0,80,0,0,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_sample VALUES(1,12,1,120,120,0,80,0,0,0,0,0,0,120,0,440,28160,25600);
INSERT INTO worker_sample VALUES(1,12,2,8,8,0,6,0,0,0,2,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,13,0,0,0,80,0,0,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_sample VALUES(1,13,1,120,120,0,80,0,0,0,0,0,0,120,0,440,28160,25600);
INSERT INTO worker_sample VALUES(1,13,2,9,9,0,7,0,0,0,2,0,0,0,0,0,0,0);
INSERT INTO worker_sample VALUES(1,14,0,0,0,80,0,0,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_sample VALUES(1,14,1,120,120,0,80,0,0,0,0,0,0,120,0,440,28160,25600);
INSERT INTO worker_sample VALUES(1,14,2,10,10,0,8,0,0,0,2,0,0,0,0,0,0,0);
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
INSERT INTO group_sample VALUES(1,1,0,1,1,6,2613248,NULL,0,0);
INSERT INTO group_sample VALUES(1,1,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,1,2,1,1,6,2748416,NULL,0,0);
INSERT INTO group_sample VALUES(1,1,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,1,4,4,4,74,79138816,NULL,10000,60000);
INSERT INTO group_sample VALUES(1,2,0,1,1,6,2752512,NULL,0,0);
INSERT INTO group_sample VALUES(1,2,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,2,2,1,1,6,2748416,NULL,0,0);
INSERT INTO group_sample VALUES(1,2,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,2,4,4,4,74,79142912,NULL,10000,60000);
INSERT INTO group_sample VALUES(1,3,0,1,1,46,2801664,NULL,0,0);
INSERT INTO group_sample VALUES(1,3,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,3,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,3,3,1,1,65,2760704,NULL,0,10000);
INSERT INTO group_sample VALUES(1,3,4,4,4,78,79208448,NULL,10000,70000);
INSERT INTO group_sample VALUES(1,4,0,1,1,46,2801664,NULL,0,0);
INSERT INTO group_sample VALUES(1,4,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,4,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,4,3,1,1,65,2760704,NULL,0,10000);
INSERT INTO group_sample VALUES(1,4,4,4,4,79,79208448,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,5,0,1,1,46,2801664,NULL,0,0);
INSERT INTO group_sample VALUES(1,5,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,5,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,5,3,1,1,65,2760704,NULL,0,10000);
INSERT INTO group_sample VALUES(1,5,4,4,4,79,79290368,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,6,0,1,1,6,2801664,NULL,0,0);
INSERT INTO group_sample VALUES(1,6,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,6,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,6,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,6,4,4,4,78,79290368,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,7,0,1,1,6,2801664,NULL,0,0);
INSERT INTO group_sample VALUES(1,7,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,7,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,7,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,7,4,4,4,74,79331328,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,8,0,1,1,34,2801664,NULL,0,0);
INSERT INTO group_sample VALUES(1,8,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,8,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,8,3,1,1,34,2760704,NULL,0,0);
INSERT INTO group_sample VALUES(1,8,4,4,4,78,79331328,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,9,0,1,1,46,2801664,NULL,0,10000);
INSERT INTO group_sample VALUES(1,9,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,9,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,9,3,1,1,65,2760704,NULL,0,10000);
INSERT INTO group_sample VALUES(1,9,4,4,4,79,79331328,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,10,0,1,1,46,2801664,118784,0,10000);
INSERT INTO group_sample VALUES(1,10,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,10,2,1,1,6,2797568,36864,0,0);
INSERT INTO group_sample VALUES(1,10,3,1,1,65,2760704,53248,0,10000);
INSERT INTO group_sample VALUES(1,10,4,4,4,79,79331328,3207168,10000,80000);
INSERT INTO group_sample VALUES(1,11,0,1,1,46,2801664,NULL,0,10000);
INSERT INTO group_sample VALUES(1,11,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,11,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,11,3,1,1,65,2760704,NULL,0,10000);
INSERT INTO group_sample VALUES(1,11,4,4,4,78,79331328,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,12,0,1,1,6,2801664,NULL,0,10000);
INSERT INTO group_sample VALUES(1,12,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,12,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,12,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,12,4,4,4,78,79331328,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,13,0,1,1,6,2801664,NULL,0,10000);
INSERT INTO group_sample VALUES(1,13,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,13,2,1,1,6,2797568,NULL,0,0);
INSERT INTO group_sample VALUES(1,13,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,13,4,4,4,74,79331328,NULL,10000,80000);
INSERT INTO group_sample VALUES(1,14,0,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,14,1,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,14,2,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,14,3,0,0,0,0,0,0,0);
INSERT INTO group_sample VALUES(1,14,4,3,3,69,76656640,NULL,10000,80000);
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
INSERT INTO gauge_sample VALUES(1,1,10,13);
INSERT INTO gauge_sample VALUES(1,2,10,0);
INSERT INTO gauge_sample VALUES(1,3,10,64);
INSERT INTO gauge_sample VALUES(1,4,10,96);
INSERT INTO gauge_sample VALUES(1,5,10,182);
INSERT INTO gauge_sample VALUES(1,6,10,355);
INSERT INTO gauge_sample VALUES(1,7,10,209);
INSERT INTO gauge_sample VALUES(1,8,10,168);
INSERT INTO gauge_sample VALUES(1,9,10,254);
INSERT INTO gauge_sample VALUES(1,10,10,1400);
INSERT INTO gauge_sample VALUES(1,11,10,50232);
INSERT INTO gauge_sample VALUES(1,12,10,39711);
INSERT INTO gauge_sample VALUES(1,13,10,196);
INSERT INTO gauge_sample VALUES(1,14,10,150);
INSERT INTO gauge_sample VALUES(1,15,10,144);
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
  PRIMARY KEY (run_id, worker, call, errno)
) STRICT;
INSERT INTO failure VALUES(1,'acceptor 0',2,'accept4',24,'EMFILE',226,1245413,5566867,40,40,40,40,39,40,46,46,6);
INSERT INTO failure VALUES(1,'canary',4,'recv',110,'ETIMEDOUT',2,2585742,5082896,60,60,60,40,40,0,6,20000,5);
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
  PRIMARY KEY (run_id, worker)
) STRICT, WITHOUT ROWID;
INSERT INTO worker_total VALUES(1,'acceptor 0',0,0,80,0,0,0,0,0,0,0,400,25600,25600);
INSERT INTO worker_total VALUES(1,'canary',10,10,0,8,0,0,2,0,0,0,0,0,0);
INSERT INTO worker_total VALUES(1,'forker 0',120,120,0,80,0,0,0,0,0,120,440,28160,25600);
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
INSERT INTO latency VALUES(1,'canary',1002527,1,804,804,804,804,804,X'789c536164600022060001330027');
INSERT INTO latency VALUES(1,'canary',2001324,1,258,258,258,258,258,X'789c3bc0c0c0c008c400060c00c2');
INSERT INTO latency VALUES(1,'canary',3001125,1,11584,11584,11584,11584,11584,X'789c9362626060646060000000ea001e');
INSERT INTO latency VALUES(1,'canary',4000889,2,306,314,314,314,314,X'789c3bc3c0c0c008c4e7a034001350019d');
INSERT INTO latency VALUES(1,'canary',6007447,1,51968,51968,51968,51968,51968,X'789c5bcac4c0c0c8c0c00000054200a9');
INSERT INTO latency VALUES(1,'canary',6661898,2,211,223,223,223,223,X'789c5bc9c0c0c008c4eba134001028015b');
INSERT INTO latency VALUES(1,'connect',2001324,60,209,2704,16064,16064,16064,X'789c2dccc10983401484e1ddf5600716e2ddab0d58449a1189208226605034d1401011bc78103bb1933c78ff61f89837cba6c6182bc9f08e3996124f52e383fb131bee2f7a4bef244ed2d307f637fdc33ee2c4fe65ff715fe82b7de3dd8e079ee85b35c41813bc59fda7a05738e385815323a7efff5cb6155b');
INSERT INTO latency VALUES(1,'connect',4000889,29,1672,25728,30592,30592,30592,X'789c5bcfc0c0c008c4dba0f40e28bd174a1f85d2c7a0f409287d124a9f05622620be08e5ff80d2768c103a004a6740e92628dd09a59f42e9e750fa1394e66282d0bc505a1e4a1b40696f281d07a553a0743e942e87d20043ca0fdc');
INSERT INTO latency VALUES(1,'connect',5025835,31,249,1752,3536,3536,3536,X'789c2dcbb10984401445d1197bdc2ac43e6c413611dcc44005154d0ccc84c5c8466cc1014f7039f01fbf0a21c454cd863fb6ec5259aae7e03e72e2cc852b37eefe0ffe79da2fdefcc4d79c054b7ed9f30179471177');
INSERT INTO latency VALUES(1,'connect_raw',2001324,60,94,129,1560,1560,1560,X'789c2dcecb0a414100c7e139bc93151624b9e5929050c7516e89906245597b43ef62cab7f8f7f59b99c5144208495c91259659619535d6d96093adb85c5c5b77d8658f7def067ac811c79c7837d5333dd70b9dea655c3e2e73bee2dafd466ff58e7b1e78e489675e78e58d773ef8e48b6f7ef8659afcfff303984b12b5');
INSERT INTO latency VALUES(1,'connect_raw',4000889,29,151,4832,8160,8160,8160,X'789c2dcdb10984400044d15d3bb18b0bccb50c13414d3430f60a3810143cb0261b32d3055ff0794c347908214b7d523155b064c5862d3bf61c3872e2973f3f8bbdda9bbdf3cf8337ebf83af3e4c59b0f7af30d58');
INSERT INTO latency VALUES(1,'connect_raw',5025835,31,112,157,203,203,203,X'789c2dcbcd0a45501886d1cdd5b9022929867e3a4966c624626e60e83ecf1eacc1dbeaf9da3b0b212471398bb834aed495ae75c3961d7b0efcf93772729fb970e5c6ddfb439fbc78f3e1cb8f7f8ad80c16');
INSERT INTO latency VALUES(1,'echo',2001324,200,27,76,187,362,362,X'789c2dcec90ec1500085e16b1e1289986aa6d4460869bb2284108921ac2c0c11e9cac623791b4fe1699cc5bff8f3e5f4b637cd1963b22aaf32aa4045955625955016bbccaea8b8aaaaa8aaa9a4aab31bbcd764b7544ab5d93676545875d15111d5e3bcaf426a80431ca9981ab35df4d0c7094eb97f8673ee5f70bec415ae71835bfe6bc7777bee39f0fcc83ef1fe192f78c51bdef1814f0cb8efc57ee307bff8c33f36a70e5e');
INSERT INTO latency VALUES(1,'echo',4000889,141,93,8768,20864,21120,21120,X'789c2dd1bb0e01511485e19963e292780077336e8dd09050a9141a05129d68f42a6aef20512854de824888a0504824e2f2080a42a5b393f3172b5fd6de3367263901c3305c92a0c42f09497c92b0c42389b08f4adc92183d2e51121b1d4c484c49125398669fa5e7308f05f6457a09cbcc2bf42ad6b0cebe456f6307bbd8c33e0e70c8fb23fa58624926cca7cc6738c7052e796e455fe306b7b8c33de71f78efc8fc8467e617fa156fcceff860fec21f7a4dcec127bef06deafbfbd0bf68297dbf71a5bb8d8ed2dfcbd04b4aff7f99dec026fe01c15c21f7');
INSERT INTO latency VALUES(1,'echo',5025835,59,28,87,996,996,996,X'789c2dca3b0a83501445d1f7fc0e20fea206314114b488958d95bd8595b5e0242d33330f64179bc5bd9c8731c653917255acac4a3055a1ca54a09efc73f60596ca572fee8a5d8d6ffc6083ad7254c7dde3805f1c71c20557dc70c7034fbcf087b3fd7b03688106df');
CREATE TABLE event (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  seq INTEGER NOT NULL, -- from 0; from 1,000,000,000 on: the recorder's own, kind gap; from
    -- 2,000,000,000 on: the sampler's, kinds gap (a suspend) and clock-step
  t_us INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('info', 'finding', 'warning')),
  kind TEXT NOT NULL, -- a word: broken, worker-died, gap, clock-step, released
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO event VALUES(1,0,2252483,'finding','broken','run','failures go on, with 60 established and 40 accepted');
INSERT INTO event VALUES(1,1,2760786,'info','released','clients','every connection is let go');
INSERT INTO event VALUES(1,2,5050138,'finding','broken','run','failures go on, with 60 established and 40 accepted');
INSERT INTO event VALUES(1,3,5553760,'info','released','clients','every connection is let go');
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
INSERT INTO finding VALUES(1,1,0,'verdict','acceptor-nofile','acceptor 0',1245413,'proven','server',0,'open files of acceptor 0: 46 of 46 (RLIMIT_NOFILE)',NULL);
INSERT INTO finding VALUES(2,1,1,'ruled-out','threads-max',NULL,NULL,NULL,NULL,0,'threads of the host: at most 168 of 192,731',NULL);
INSERT INTO finding VALUES(3,1,2,'ruled-out','pid-max',NULL,NULL,NULL,NULL,0,'process ids of the host: at most 168 of 32,768',NULL);
INSERT INTO finding VALUES(4,1,3,'ruled-out','system-files',NULL,NULL,NULL,NULL,0,'open files of the host: at most 1,401 of 2,466,193',NULL);
INSERT INTO finding VALUES(5,1,4,'ruled-out','client-nofile',NULL,NULL,NULL,NULL,0,'open files of client 0: at most 65 of 20,000',NULL);
INSERT INTO finding VALUES(6,1,5,'ruled-out','ephemeral-ports',NULL,NULL,NULL,NULL,0,'ephemeral ports: at most 60 of 28,232',NULL);
INSERT INTO finding VALUES(7,1,6,'ruled-out','acceptor-died',NULL,NULL,NULL,NULL,0,'acceptors that ended: at most 0 of 1',NULL);
INSERT INTO finding VALUES(8,1,7,'ruled-out','conntrack',NULL,NULL,NULL,NULL,0,'tracked connections: at most 0 of 262,144',NULL);
INSERT INTO finding VALUES(9,1,8,'ruled-out','accept-queue',NULL,NULL,NULL,NULL,0,'accept queue of listener 0: at most 21 of 4,097',NULL);
INSERT INTO finding VALUES(10,1,9,'note',NULL,'canary',2585742,NULL,NULL,0,'2 other failures: recv() → ETIMEDOUT, first of canary at 2.6 s',NULL);
INSERT INTO finding VALUES(11,1,10,'recommendation','acceptor-nofile','acceptor 0',NULL,NULL,'server',0,'raise RLIMIT_NOFILE of the server: ulimit -n 128 in its shell, or LimitNOFILE=128 in its systemd unit (moves this limit from 40 to about 111 connections); next would be ephemeral ports of clients, at 28,232 connections',0);
INSERT INTO finding VALUES(12,1,11,'recovery',NULL,'server',NULL,NULL,'server',0,'recovery partial; left over: memory of acceptors: 48.0 KiB; newcomers had service after 0.2 s',NULL);
INSERT INTO finding VALUES(13,1,12,'recommendation',NULL,NULL,NULL,NULL,NULL,0,'set an alarm at 80 %: open files of acceptor 0 at 36 of 46, which is at about 32 connections',0);
INSERT INTO finding VALUES(14,1,13,'recommendation',NULL,NULL,NULL,NULL,NULL,0,'set an alarm at 80 %: ephemeral ports of clients at 22,585 of 28,232, which is at about 22,585 connections',0);
INSERT INTO finding VALUES(15,1,14,'recommendation',NULL,NULL,NULL,NULL,NULL,0,'set an alarm at 80 %: threads of the host at 26,214 of 32,768, which is at about 112,360 connections',0);
INSERT INTO finding VALUES(16,1,15,'recommendation',NULL,NULL,NULL,NULL,NULL,0,'set an alarm at 80 %: open files of the host at 1,972,954 of 2,466,193, which is at about 383,456 connections',0);
CREATE TABLE evidence (
  finding_id INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  t_us INTEGER, -- NULL: holds for the whole run
  what TEXT NOT NULL, -- one clause: "fds of acceptor 2"
  value INTEGER,
  limit_value INTEGER,
  PRIMARY KEY (finding_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO evidence VALUES(1,0,1245413,'accept4() → EMFILE of acceptor 0, 226 times, first with 40 held',NULL,NULL);
INSERT INTO evidence VALUES(1,1,1245413,'open files of acceptor 0',46,46);
INSERT INTO evidence VALUES(2,0,NULL,'threads of the host',168,192731);
INSERT INTO evidence VALUES(3,0,NULL,'process ids of the host',168,32768);
INSERT INTO evidence VALUES(4,0,NULL,'open files of the host',1401,2466193);
INSERT INTO evidence VALUES(5,0,NULL,'open files of client 0',65,20000);
INSERT INTO evidence VALUES(6,0,NULL,'ephemeral ports',60,28232);
INSERT INTO evidence VALUES(7,0,NULL,'acceptors that ended',0,1);
INSERT INTO evidence VALUES(8,0,NULL,'tracked connections',0,262144);
INSERT INTO evidence VALUES(9,0,NULL,'accept queue of listener 0',21,4097);
CREATE TABLE run_health (
  run_id INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
  ticks INTEGER NOT NULL,
  missed_ticks INTEGER NOT NULL,
  late_p99_us INTEGER, -- NULL: without a tick
  late_max_us INTEGER,
  took_p99_us INTEGER
) STRICT;
INSERT INTO run_health VALUES(1,14,0,128,128,2628);
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
INSERT INTO breaking_point VALUES(1,0,1245413,195245,40,40,40,39,40,'acceptor-nofile','acceptor 0','server','proven',46,46,'accept4',24);
INSERT INTO breaking_point VALUES(1,1,4500472,641923,60,60,40,40,40,'acceptor-nofile','acceptor 0','server','likely',NULL,NULL,'accept4',24);
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
INSERT INTO leak VALUES(1,0,'cgroup','pids','cgroup',2.0,3.0,3.0,1.0,0.68950918667564864428,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','acceptors',6.0,46.0,46.0,40.0,27.580367467025947547,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','clients',0.0,65.0,65.0,65.0,44.81809713391716343,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','forkers',6.0,6.0,6.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','handlers',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','fds','observers',74.0,79.0,79.0,5.0,3.4475459333782434434,NULL,NULL,NULL,NULL,NULL,NULL,NULL,7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','clients',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',4,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','private_bytes','handlers',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','acceptors',1.0,1.0,1.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','clients',0.0,1.0,1.0,1.0,0.68950918667564864428,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','forkers',1.0,1.0,1.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','handlers',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','processes','observers',4.0,4.0,4.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','acceptors',2752512.0,2801664.0,2801664.0,49152.0,33890.755543481485801,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','clients',0.0,2760704.0,2760704.0,2760704.0,1903530.7696922100149,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','forkers',2748416.0,2797568.0,2797568.0,49152.0,33890.755543481485801,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','handlers',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'group','rss_bytes','observers',79142912.0,79290368.0,79290368.0,147456.0,101672.26663044444285,NULL,NULL,NULL,NULL,NULL,NULL,NULL,7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','kernel_stack_bytes','host',2719744.0,2777088.0,2650112.0,-69632.0,-48011.903686598765487,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','page_table_bytes','host',6340608.0,6340608.0,5754880.0,-585728.0,-403864.8368931543664,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','slab_unreclaimable_bytes','host',26669056.0,26816512.0,26742784.0,73728.0,50836.133315222221426,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'host','tcp_memory_bytes','host',1069056.0,1069056.0,1069056.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'netns','sockets','netns',2.0,124.0,124.0,122.0,84.120120774429139485,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'netns','tcp_in_use','netns',1.0,123.0,123.0,122.0,84.120120774429139485,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'netns','tcp_time_wait','netns',0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'process','fds','acceptor 0',6.0,46.0,46.0,40.0,27.580367467025947547,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,0,'process','rss_bytes','acceptor 0',2752512.0,2801664.0,2801664.0,49152.0,33890.755543481485801,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',7,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'cgroup','pids','cgroup',2.0,3.0,3.0,1.0,0.60903231464558271746,0.035714285714285712303,0.035714285714285712303,0.035714285714285712303,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','fds','acceptors',6.0,46.0,46.0,40.0,24.361292585823310474,1.0,1.0,1.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','fds','clients',0.0,65.0,65.0,65.0,39.587100451962875524,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','fds','forkers',6.0,6.0,6.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','fds','handlers',0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','fds','observers',76.0,79.0,78.0,2.0,1.2180646292911654349,0.071428571428571424606,0.0,0.14285714285714284921,NULL,NULL,NULL,NULL,8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','private_bytes','acceptors',118784.0,118784.0,118784.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',1,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','private_bytes','clients',0.0,53248.0,53248.0,53248.0,46539.555738127601218,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',5,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','private_bytes','forkers',36864.0,36864.0,36864.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',1,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','private_bytes','handlers',0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','private_bytes','observers',3207168.0,3207168.0,3207168.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','processes','acceptors',1.0,1.0,1.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','processes','clients',0.0,1.0,1.0,1.0,0.60903231464558271746,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','processes','forkers',1.0,1.0,1.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','processes','handlers',0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','processes','observers',4.0,4.0,4.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,NULL,8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','rss_bytes','acceptors',2801664.0,2801664.0,2801664.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','rss_bytes','clients',0.0,2760704.0,2760704.0,2760704.0,1681357.9471713188104,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','rss_bytes','forkers',2797568.0,2797568.0,2797568.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','rss_bytes','handlers',0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'group','rss_bytes','observers',79310848.0,79331328.0,79331328.0,20480.0,12472.981803941534963,731.4285714285714448,0.0,1462.8571428571428896,NULL,NULL,NULL,NULL,8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'host','kernel_stack_bytes','host',2664448.0,2809856.0,2805760.0,141312.0,86063.574447196588149,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'host','page_table_bytes','host',5769216.0,6467584.0,6144000.0,374784.0,228255.56701213007909,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'host','slab_unreclaimable_bytes','host',26630144.0,26738688.0,26738688.0,108544.0,66106.803560890126389,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'host','tcp_memory_bytes','host',1069056.0,1069056.0,1069056.0,0.0,0.0,NULL,NULL,NULL,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'netns','sockets','netns',2.0,124.0,123.0,121.0,73.692910072115509478,2.0714285714285716188,2.0714285714285716188,2.0714285714285716188,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'netns','tcp_in_use','netns',1.0,123.0,121.0,120.0,73.083877757469934977,2.0714285714285716188,2.0714285714285716188,2.0714285714285716188,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'netns','tcp_time_wait','netns',0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'process','fds','acceptor 0',6.0,46.0,46.0,40.0,24.361292585823310474,1.0,1.0,1.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
INSERT INTO leak VALUES(1,1,'process','rss_bytes','acceptor 0',2801664.0,2801664.0,2801664.0,0.0,0.0,0.0,0.0,0.0,NULL,NULL,NULL,'inconclusive',8,NULL,NULL,NULL,3.0,0);
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
INSERT INTO forecast VALUES(1,4850141,60,0,'fds','acceptor 0',46,40.0,40.0,40.0);
INSERT INTO forecast VALUES(1,4850141,60,1,'held','clients',28232,28232.0,28232.0,28232.0);
INSERT INTO forecast VALUES(1,4850141,60,2,'threads','host',32768,140450.15384615384392,130418.0,152154.33333333334303);
INSERT INTO forecast VALUES(1,4850141,60,3,'files','host',2466193,479320.72222222224808,431388.64999999996505,539235.81249999999998);
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
INSERT INTO recovery VALUES(1,0,'cgroup','pids','cgroup',2.0,3.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','fds','acceptors',6.0,46.0,0.0,1.0,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'group','fds','clients',0.0,65.0,0.0,1.0,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'group','fds','forkers',6.0,6.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','fds','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','fds','observers',74.0,79.0,2.0,1.0,746180,746180,746180,746180);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','clients',0.0,0.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','private_bytes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','processes','acceptors',1.0,1.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','processes','clients',0.0,1.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','processes','forkers',1.0,1.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','processes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','processes','observers',4.0,4.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','acceptors',2752512.0,2801664.0,49152.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','clients',0.0,2760704.0,0.0,1.0,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','forkers',2748416.0,2797568.0,49152.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'group','rss_bytes','observers',79142912.0,79331328.0,167936.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'host','kernel_stack_bytes','host',2719744.0,2777088.0,-55296.0,1.7142857142857141905,245919,245919,245919,NULL);
INSERT INTO recovery VALUES(1,0,'host','page_table_bytes','host',6340608.0,6340608.0,-571392.0,NULL,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,0,'host','slab_unreclaimable_bytes','host',26669056.0,26816512.0,-38912.0,1.3055555555555555802,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'host','tcp_memory_bytes','host',1069056.0,1069056.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'netns','sockets','netns',2.0,124.0,0.0,1.0,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'netns','tcp_in_use','netns',1.0,123.0,0.0,1.0,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'netns','tcp_time_wait','netns',0.0,0.0,0.0,NULL,NULL,NULL,NULL,245919);
INSERT INTO recovery VALUES(1,0,'process','fds','acceptor 0',6.0,46.0,0.0,1.0,245919,245919,245919,245919);
INSERT INTO recovery VALUES(1,0,'process','rss_bytes','acceptor 0',2752512.0,2801664.0,49152.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,1,'cgroup','pids','cgroup',2.0,3.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','fds','acceptors',6.0,46.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'group','fds','clients',0.0,65.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'group','fds','forkers',6.0,6.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','fds','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','fds','observers',76.0,79.0,0.0,1.6666666666666667406,946778,946778,946778,NULL);
INSERT INTO recovery VALUES(1,1,'group','private_bytes','clients',0.0,53248.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'group','private_bytes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','processes','acceptors',1.0,1.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','processes','clients',0.0,1.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','processes','forkers',1.0,1.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','processes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','processes','observers',4.0,4.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','rss_bytes','acceptors',2801664.0,2801664.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','rss_bytes','clients',0.0,2760704.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'group','rss_bytes','forkers',2797568.0,2797568.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','rss_bytes','handlers',0.0,0.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'group','rss_bytes','observers',79310848.0,79331328.0,20480.0,0.0,NULL,NULL,NULL,NULL);
INSERT INTO recovery VALUES(1,1,'host','kernel_stack_bytes','host',2664448.0,2809856.0,-2048.0,0.6197183098591548811,446742,446742,446742,NULL);
INSERT INTO recovery VALUES(1,1,'host','page_table_bytes','host',5769216.0,6467584.0,-14336.0,0.84457478005865105341,446742,446742,446742,NULL);
INSERT INTO recovery VALUES(1,1,'host','slab_unreclaimable_bytes','host',26630144.0,26738688.0,-28672.0,1.3207547169811320042,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'host','tcp_memory_bytes','host',1069056.0,1069056.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'netns','sockets','netns',2.0,124.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'netns','tcp_in_use','netns',1.0,123.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'netns','tcp_time_wait','netns',0.0,0.0,0.0,NULL,NULL,NULL,NULL,446742);
INSERT INTO recovery VALUES(1,1,'process','fds','acceptor 0',6.0,46.0,0.0,1.0,446742,446742,446742,446742);
INSERT INTO recovery VALUES(1,1,'process','rss_bytes','acceptor 0',2801664.0,2801664.0,0.0,NULL,NULL,NULL,NULL,446742);
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
INSERT INTO cycle VALUES(1,0,1050168,2754513,3858549,'partial','memory of acceptors: 48.0 KiB',NULL,245576,NULL,NULL,60,60,40,40,0,0,0,0,60);
INSERT INTO cycle VALUES(1,1,3858549,5553703,6554692,'full',NULL,446742,446368,NULL,NULL,60,60,40,40,0,0,0,0,60);
CREATE TABLE cycle_trend (
  run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
  kind TEXT NOT NULL, -- subject kind
  resource TEXT NOT NULL,
  subject TEXT NOT NULL,
  cycles INTEGER NOT NULL, -- that it rests on
  per_cycle REAL, -- growth of the level between cycles, a cycle
  per_cycle_low REAL,
  per_cycle_high REAL,
  class TEXT NOT NULL, -- none, high-water: kept after the first only; leak: grows in all of
    -- three or more; inconclusive. Of kind run (broke_held, settled_us): none, rising,
    -- falling, inconclusive
  PRIMARY KEY (run_id, kind, resource, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO cycle_trend VALUES(1,'cgroup','pids','cgroup',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','fds','acceptors',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','fds','clients',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','fds','handlers',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','private_bytes','clients',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','private_bytes','handlers',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','processes','acceptors',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','processes','clients',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','processes','handlers',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','rss_bytes','acceptors',2,0.0,0.0,0.0,'high-water');
INSERT INTO cycle_trend VALUES(1,'group','rss_bytes','clients',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'group','rss_bytes','handlers',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'netns','sockets','netns',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'netns','tcp_in_use','netns',2,0.0,0.0,0.0,'none');
INSERT INTO cycle_trend VALUES(1,'run','broke_held','run',2,0.0,0.0,0.0,'inconclusive');
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
  coalesce(r.held_peak, (
    SELECT max(at_tick.held) FROM (
      SELECT sum(w.held) AS held
      FROM worker_sample AS w
      JOIN subject AS s ON s.run_id = w.run_id AND s.kind = 'worker'
        AND s.subject = w.subject
      WHERE w.run_id = r.run_id AND s.name GLOB 'forker *'
      GROUP BY w.tick) AS at_tick)) AS held_peak,
  b.t_us / 1e6 AS broke_at_s,
  b.held AS broke_held,
  b.limit_id,
  b.subject,
  b.confidence
FROM run AS r
LEFT JOIN breaking_point AS b ON b.run_id = r.run_id AND b.cycle = (
  SELECT min(first.cycle) FROM breaking_point AS first WHERE first.run_id = r.run_id);
CREATE VIEW v_progress AS
SELECT
  t.run_id,
  t.t_us / 1e6 AS t_s,
  -- 'end': after the last phase, when the workers have gone
  (SELECT CASE WHEN p.to_us < t.t_us THEN 'end' ELSE p.name END FROM phase AS p
    WHERE p.run_id = t.run_id AND p.from_us <= t.t_us
    ORDER BY p.seq DESC LIMIT 1) AS phase,
  sum(w.attempted_total) FILTER (WHERE s.name GLOB 'forker *') AS attempted,
  sum(w.established_total) FILTER (WHERE s.name GLOB 'forker *') AS established,
  sum(w.accepted_total) FILTER (WHERE s.name GLOB 'acceptor *') AS accepted,
  sum(w.held) FILTER (WHERE s.name GLOB 'forker *') AS held,
  (SELECT sum(g.fds) FROM group_sample AS g
    WHERE g.run_id = t.run_id AND g.tick = t.tick AND g.subject IS NOT o.subject) AS fds,
  (SELECT sum(g.rss_bytes) FROM group_sample AS g
    WHERE g.run_id = t.run_id AND g.tick = t.tick AND g.subject IS NOT o.subject) AS rss_bytes,
  (SELECT h.slab_unreclaimable_bytes + h.kernel_stack_bytes + h.page_table_bytes
      + h.tcp_memory_bytes
    FROM host_sample AS h WHERE h.run_id = t.run_id AND h.tick = t.tick) AS kernel_bytes,
  (SELECT sum(g.processes) FROM group_sample AS g
    WHERE g.run_id = t.run_id AND g.tick = t.tick AND g.subject IS NOT o.subject) AS processes,
  (SELECT n.sockets FROM netns_sample AS n
    WHERE n.run_id = t.run_id AND n.tick = t.tick) AS sockets,
  t.tick,
  sum(w.served_total) FILTER (WHERE s.name GLOB 'forker *') AS served,
  r.started_unix_us / 1e6 + t.t_us / 1e6 AS epoch_s
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
    ('host', 'host', 'tcp_memory_bytes', 'kernel')),
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
GROUP BY l.run_id, l.cycle, side.side
-- Without its main part a sum says nothing.
HAVING count(DISTINCT CASE WHEN part.subject IN ('clients', 'acceptors', 'host')
    THEN part.subject END)
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
  kind
FROM recovery;
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
  p.pid
FROM failure AS f
LEFT JOIN process AS p ON p.run_id = f.run_id AND p.process_id = f.process_id;
CREATE VIEW v_expectation AS
SELECT
  run_id, seq, expression, figure, unit, bound, value, value_low, value_high, passed
FROM expectation;
CREATE VIEW v_funnel AS
SELECT
  run_id,
  0 AS cycle,
  sum(attempted) FILTER (WHERE worker GLOB 'forker *') AS attempted,
  sum(established) FILTER (WHERE worker GLOB 'forker *') AS established,
  sum(accepted) FILTER (WHERE worker GLOB 'acceptor *') AS accepted,
  sum(served) FILTER (WHERE worker GLOB 'forker *') AS served,
  sum(failed) FILTER (WHERE worker GLOB 'forker *') AS failed,
  sum(missed) FILTER (WHERE worker GLOB 'forker *') AS missed,
  sum(transient) FILTER (WHERE worker GLOB 'forker *') AS transient,
  sum(lost) FILTER (WHERE worker GLOB 'forker *') AS lost,
  sum(released) FILTER (WHERE worker GLOB 'forker *') AS released
FROM worker_total AS t
WHERE NOT EXISTS (SELECT 1 FROM cycle AS c
  WHERE c.run_id = t.run_id AND c.cycle = 1 AND c.attempted IS NOT NULL)
GROUP BY run_id
UNION ALL
SELECT run_id, cycle, attempted, established, accepted, served, failed, missed, transient, lost,
  released
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
    substr(worker, 1, instr(worker, ' ') - 1) AS role,
    CASE WHEN worker GLOB 'acceptor *' THEN accepted ELSE established END AS connections
  FROM worker_total
  WHERE worker GLOB 'acceptor *' OR worker GLOB 'forker *')
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
      AND NOT EXISTS (SELECT 1 FROM tick AS t WHERE t.run_id = r.run_id))
SELECT
  h.run_id,
  h.ticks,
  h.missed_ticks,
  h.late_p99_us,
  h.late_max_us,
  h.took_p99_us,
  (SELECT sum(w.attempted + w.missed) FROM worker_total AS w
    WHERE w.run_id = h.run_id AND w.worker GLOB 'forker *') AS slots,
  (SELECT sum(w.missed) FROM worker_total AS w
    WHERE w.run_id = h.run_id AND w.worker GLOB 'forker *') AS missed_slots,
  (SELECT count(*) FROM event AS e
    WHERE e.run_id = h.run_id AND e.kind = 'gap') AS gaps
FROM health AS h;
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
  (SELECT max(y.t99_us) / 1e6 FROM recovery AS y
    WHERE y.run_id = v.run_id AND y.cycle = 0) AS t99_s
FROM v_run AS v
JOIN run AS r ON r.run_id = v.run_id
JOIN host AS h ON h.host_id = r.host_id
LEFT JOIN v_funnel AS f ON f.run_id = v.run_id;
COMMIT;
