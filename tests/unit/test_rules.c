/* Each rule fires on its own symptom and evidence, and not on the symptom alone. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analyse/limit_proof.h"
#include "model/limit.h"
#include "made_run.h"

#define BROKEN_US  INT64_C(5000000)
#define RAMP_TICKS "tick BETWEEN 30 AND 50"

struct rule_case {
	const char *id, *subject, *side, *confidence;
	/* The failed call that shows it; NULL: it shows otherwise. */
	const char *worker, *call, *error;
	int code;
	/* SQL that adds what proves it. */
	const char *evidence;
	/* What the run looks like beside. */
	int64_t missed;
	bool refused; /* the call alone is evidence, as there is a listener */
};

#define NAMED(i, s, side_, c) .id = i, .subject = s, .side = side_, .confidence = c
#define CALL(w, c, e)         .worker = w, .call = c, .error = #e, .code = e
#define CONNECT(e)            CALL("client 0", "connect", e)

/* The ports of a range: of clients, of strangers, in TIME_WAIT, bound, of other connections,
 * reserved, out of reach. */
#define PORT_USE(ports, own, strangers, waiting, bound, other, reserved, beyond)    \
	"INSERT INTO port_use VALUES (1, 0, 4800000, '127.0.0.1', 50001, 50000 "    \
	"+ " #ports ", " #own ", " #strangers ", " #waiting ", " #bound ", " #other \
	", " #reserved ", " #beyond ", 0, 0)"

/* The canary is served to 4.5 s, and then no more: 5 visits a second, each in vain. */
#define CANARY_FAILS                                                           \
	"INSERT INTO subject (run_id, kind, subject, name, role, slot) VALUES" \
	" (1, 'worker', 9, 'canary', 'canary', 0);"                            \
	"INSERT INTO worker_sample (run_id, tick, subject, attempted_total,"   \
	" served_total, failed_total) SELECT run_id, tick, 9, tick / 2,"       \
	" min(tick, 45) / 2, max(0, tick / 2 - 22) FROM tick;"                 \
	"UPDATE failure SET role = 'canary', last_us = 13900000;"

/* More were reset than failed calls tell of. */
#define RESETS                                                                       \
	"UPDATE netns_sample SET established_resets_total = max(0, tick - 40) * 90," \
	" listen_drops_total = 0"

static const struct rule_case cases[] = {
	{ NAMED("disk-results", "recorder", "brink", "proven"),
	  .evidence = "INSERT INTO event VALUES (1, 99, 4700000, 'warning', 'disk-full',"
		      " 'recorder', 'the disk of the database is full')" },
	{ NAMED("memory-host", "host", "server", "proven"),
	  .evidence =
	      "UPDATE process SET \"end\" = 'signal', code = 9, to_us = 4900000;"
	      "INSERT INTO host_sample (run_id, tick, subject, available_bytes, "
	      "oom_kills_total)"
	      " SELECT run_id, tick, 0, 100000000, 7 + (t_us > 4800000) FROM tick" },
	{ NAMED("threads-max", "host", "kernel", "proven"),
	  CALL("acceptor 0", "fork", EAGAIN),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'host', 0, 'threads', 4000,"
		      " 'kernel.threads-max'), (1, 'host', 0, 'threads', 32768, "
		      "'kernel.pid_max');"
		      "INSERT INTO host_sample (run_id, tick, subject, threads)"
		      " SELECT run_id, tick, 0, 4000 FROM tick" },
	{ NAMED("pid-max", "host", "kernel", "proven"),
	  CALL("acceptor 0", "fork", EAGAIN),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'host', 0, 'threads', 40000,"
		      " 'kernel.threads-max'), (1, 'host', 0, 'process_ids', 420, "
		      "'kernel.pid_max');"
		      "INSERT INTO host_sample (run_id, tick, subject, threads, "
		      "process_ids)"
		      " SELECT run_id, tick, 0, 199, 419 FROM tick" },
	/* What a fork() asked for and did not get is nowhere counted. */
	{ NAMED("commit-limit", "host", "kernel", "likely"),
	  CALL("acceptor 0", "fork", ENOMEM),
	  .evidence =
	      "INSERT INTO resource_limit VALUES (1, 'host', 0, 'committed_bytes',"
	      " 920000000, 'CommitLimit, vm.overcommit_memory=2');"
	      "UPDATE process_sample SET vm_bytes = 30000000;"
	      "INSERT INTO host_sample (run_id, tick, subject, committed_bytes)"
	      " SELECT run_id, tick, 0, 900000000 FROM tick" },
	/* The processes of root go on past the limit. */
	{ NAMED("system-files", "host", "kernel", "proven"),
	  CALL("acceptor 0", "accept4", ENFILE),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'host', 0, 'files', 2500,"
		      " 'fs.file-max');"
		      "INSERT INTO host_sample (run_id, tick, subject, files)"
		      " SELECT run_id, tick, 0, 2528 + 500 * (tick % 2) FROM tick" },
	{ NAMED("reserved-ports", "netns", "client", "proven"), CONNECT(EADDRNOTAVAIL),
	  .evidence =
	      "UPDATE resource_limit SET value = 250 WHERE resource = 'held';"
	      "INSERT INTO setting VALUES"
	      " (1, 'netns', 'net.ipv4.ip_local_port_range', '20000 20249'),"
	      " (1, 'netns', 'net.ipv4.ip_local_reserved_ports', '80,20100-20148,20200');"
	      "UPDATE failure SET first_held = 200;"
	      "UPDATE worker_sample SET held = min(held, 200)" },
	{ NAMED("reserved-ports", "netns", "client", "proven"), CONNECT(EADDRNOTAVAIL),
	  .evidence = PORT_USE(250, 199, 0, 0, 1, 0, 50, 0) },
	{ NAMED("time-wait", "netns", "client", "proven"), CONNECT(EADDRNOTAVAIL),
	  .evidence = PORT_USE(1000, 200, 0, 800, 0, 0, 0, 0) },
	{ NAMED("ephemeral-ports", "clients", "client", "proven"), CONNECT(EADDRNOTAVAIL),
	  .evidence = PORT_USE(60, 59, 0, 0, 1, 0, 0, 0) },
	{ NAMED("ephemeral-ports", "clients", "client", "proven"), CONNECT(EADDRNOTAVAIL),
	  .evidence = PORT_USE(101, 60, 30, 10, 0, 0, 0, 1) },
	{ NAMED("ephemeral-ports", "clients", "client", "proven"), CONNECT(EADDRNOTAVAIL),
	  .evidence = PORT_USE(100, 50, 0, 0, 0, 50, 0, 0) },
	{ NAMED("port-search", "clients", "client", "proven"),
	  .evidence =
	      "UPDATE run SET plan = json_set(plan, '$.clients', 2900);"
	      "UPDATE phase SET target = 2900 WHERE name = 'hold';"
	      "UPDATE resource_limit SET value = 3500 WHERE resource = 'held';"
	      "UPDATE worker_sample SET missed_total = 0 WHERE held < 1900;"
	      "INSERT INTO latency VALUES (1, 'connect_raw', 4000000, 9, 11, 11, 11, 11, "
	      "11, "
	      "x''),"
	      " (1, 'connect_raw', 9900000, 9, 1090, 1090, 1090, 1090, 1090, x'')",
	  .missed = 900 },
	{ NAMED("shared-port", "port", "server", "proven"),
	  .evidence = "INSERT INTO event VALUES (1, 99, 3100000, 'warning', "
		      "'port-shared', 'port',"
		      " '1 socket of others listens on port 10013 too');"
		      "UPDATE worker_sample SET accepted_total = accepted_total / 2" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(ETIMEDOUT),
	  .evidence =
	      "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	      " out_segments_total = 1000 + max(0, tick - 35) * 10" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(ECONNREFUSED),
	  .refused = true, .evidence = "UPDATE netns_sample SET listen_drops_total = 0" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(EHOSTUNREACH),
	  .refused = true, .evidence = "UPDATE netns_sample SET listen_drops_total = 0" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(ENETUNREACH),
	  .refused = true, .evidence = "UPDATE netns_sample SET listen_drops_total = 0" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(EACCES),
	  .refused = true, .evidence = "UPDATE netns_sample SET listen_drops_total = 0" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(EINVAL),
	  .refused = true, .evidence = "UPDATE netns_sample SET listen_drops_total = 0" },
	{ NAMED("firewall", "netns", "kernel", "likely"), CONNECT(EPERM), .refused = true,
	  .evidence = "UPDATE netns_sample SET listen_drops_total = 0" },
	{ NAMED("address-space", "acceptor 0", "server", "proven"),
	  CALL("acceptor 0", "malloc", ENOMEM),
	  .evidence =
	      "INSERT INTO resource_limit VALUES (1, 'process', 0, 'vm_bytes', 67108864,"
	      " 'RLIMIT_AS');"
	      "UPDATE process_sample SET vm_bytes = 67108864 - 4096" },
	{ NAMED("commit-limit", "host", "kernel", "proven"),
	  CALL("acceptor 0", "malloc", ENOMEM),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'host', 0,"
		      " 'committed_bytes', 1073741824, 'CommitLimit');"
		      "INSERT INTO host_sample (run_id, tick, subject, committed_bytes)"
		      " SELECT run_id, tick, 0, 1073741824 - 65536 FROM tick" },
	{ NAMED("tcp-memory", "host", "kernel", "proven"), CONNECT(ETIMEDOUT),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'host', 0, "
		      "'tcp_memory_bytes', 4096000,"
		      " 'net.ipv4.tcp_mem');"
		      "INSERT INTO host_sample (run_id, tick, subject, tcp_memory_bytes)"
		      " SELECT run_id, tick, 0, 4096000 FROM tick;"
		      "UPDATE netns_sample SET memory_pressures_total = tick > 42" },
	{ NAMED("conntrack", "netns", "kernel", "proven"), CONNECT(ETIMEDOUT),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'netns', 0, "
		      "'conntrack_entries', 512,"
		      " 'net.netfilter.nf_conntrack_max');"
		      "UPDATE netns_sample SET conntrack_entries = min(512, tick * 13)" },
	{ NAMED("receive-window", "acceptors", "server", "likely"),
	  .evidence = "UPDATE netns_sample SET zero_windows_total = max(0, tick - 45);"
		      "UPDATE worker_sample SET served_total = min(served_total, 600)" },
	{ NAMED("segment-loss", "netns", "kernel", "likely"),
	  .evidence =
	      "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	      " out_segments_total = 1000,"
	      " retransmitted_segments_total = max(0, tick - 40) * 9,"
	      " syn_retransmits_total = max(0, tick - 40) * 2;"
	      "UPDATE worker_sample SET served_total = min(served_total, 600)" },
	/* The clients' side alone knows of them: the last segment of the handshake was lost. */
	{ NAMED("segment-loss", "netns", "kernel", "likely"),
	  .evidence =
	      "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	      " out_segments_total = 1000,"
	      " retransmitted_segments_total = max(0, tick - 40) * 9,"
	      " syn_retransmits_total = max(0, tick - 40) * 2;"
	      "UPDATE listener_sample SET drops_total = max(0, tick - 45);"
	      "UPDATE worker_sample SET accepted_total = min(accepted_total, 600),"
	      " served_total = min(served_total, 600)" },
	/* The canary's visits alone show it, with all connections held. */
	{ NAMED("segment-loss", "netns", "kernel", "likely"),
	  CALL("canary", "recv", ETIMEDOUT),
	  .evidence = CANARY_FAILS
	  "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	  " out_segments_total = 1000,"
	  " retransmitted_segments_total = max(0, tick - 40) * 9" },
	{ NAMED("firewall", "netns", "kernel", "likely"),
	  CALL("canary", "connect", ETIMEDOUT),
	  .evidence = CANARY_FAILS
	  "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	  " out_segments_total = 1000 + max(0, tick - 35) * 10" },
	{ NAMED("connection-resets", "netns", "kernel", "likely"),
	  CALL("canary", "recv", ECONNRESET), .evidence = CANARY_FAILS RESETS },
	{ NAMED("connection-resets", "netns", "kernel", "likely"),
	  CALL("client 0", "recv", ECONNRESET), .evidence = RESETS },
	{ NAMED("connection-resets", "netns", "kernel", "likely"),
	  CALL("client 0", "recv", ECONNABORTED), .evidence = RESETS },
	{ NAMED("connection-resets", "netns", "kernel", "likely"), CONNECT(ECONNRESET),
	  .evidence = RESETS },
	{ NAMED("cpu-quota", "acceptor 0", "server", "proven"), CONNECT(ETIMEDOUT),
	  .evidence =
	      "INSERT INTO cgroup_sample (run_id, tick, subject, throttled_periods_total)"
	      " SELECT run_id, tick, 0, tick FROM tick" },
	{ NAMED("memory-high", "acceptor 0", "server", "likely"), CONNECT(ETIMEDOUT),
	  .evidence =
	      "INSERT INTO cgroup_sample (run_id, tick, subject, memory_slowed_total)"
	      " SELECT run_id, tick, 0, tick FROM tick" },
	/* Half a second is the period: it ran out in each. */
	{ NAMED("cpu-quota", "acceptor 0", "server", "proven"), CONNECT(ETIMEDOUT),
	  .evidence =
	      "INSERT INTO setting VALUES (1, 'cgroup', 'CPU quota period, us', "
	      "'500000');"
	      "INSERT INTO cgroup_sample (run_id, tick, subject, throttled_periods_total)"
	      " SELECT run_id, tick, 0, tick / 5 FROM tick" },
	{ NAMED("acceptor-busy", "acceptor 0", "server", "proven"), CONNECT(ETIMEDOUT),
	  .evidence = "UPDATE process_sample SET cpu_user_us_total = tick * 40000,"
		      " cpu_system_us_total = tick * 59000" },
	{ NAMED("syn-queue", "listener 0", "kernel", "proven"), CONNECT(ETIMEDOUT),
	  .evidence =
	      "UPDATE netns_sample SET listen_drops_total = max(0, tick - 35) * 2,"
	      " syn_queue_drops_total = max(0, tick - 35) * 2" },
	{ NAMED("somaxconn", "listener 0", "server", "proven"), CONNECT(ETIMEDOUT),
	  .evidence =
	      "INSERT INTO setting VALUES (1, 'netns', 'net.core.somaxconn', '16');"
	      "UPDATE listener_sample SET backlog = 16;"
	      "UPDATE listener_sample SET queue = 17 WHERE " RAMP_TICKS ";"
	      "UPDATE netns_sample SET listen_overflows_total = max(0, tick - 35) * 3" },
	{ NAMED("accept-queue", "listener 0", "server", "likely"), CONNECT(ETIMEDOUT),
	  .evidence = "UPDATE listener_sample SET queue = 40 WHERE " RAMP_TICKS ";"
		      "UPDATE listener_sample SET drops_total = max(0, tick - 35) * 3;"
		      "UPDATE netns_sample SET listen_overflows_total = max(0, tick - "
		      "35) * 3" }
};

/* What moves, or stands high, without being this run's. */
static const struct rule_case strangers[] = {
	/* Another listener of the namespace overflows. */
	{ CONNECT(ETIMEDOUT),
	  .evidence =
	      "UPDATE listener_sample SET drops_total = 0;"
	      "UPDATE netns_sample SET listen_drops_total = max(0, tick - 35) * 3,"
	      " listen_overflows_total = max(0, tick - 35) * 3" },
	/* The same, seen by a brink that did not tell them apart. */
	{ CONNECT(ETIMEDOUT),
	  .evidence =
	      "UPDATE netns_sample SET listen_drops_total = max(0, tick - 35) * 3,"
	      " listen_overflows_total = max(0, tick - 35) * 3" },
	/* A listener that was shut down refuses by itself. */
	{ CONNECT(ECONNREFUSED),
	  .evidence = "UPDATE netns_sample SET listen_drops_total = 0;"
		      "UPDATE listener_sample SET queue = NULL WHERE tick > 48" },
	/* A server of others may reset what it likes. */
	{ CONNECT(ECONNRESET), .evidence = RESETS ";UPDATE run SET plan = json_set(plan,"
						  " '$.target', '127.0.0.1:7000')" },
	/* Resets of a server that failed, that left data unread, beside another listener, for
	 * want of room in the queue, or of other connections of the namespace: too few. */
	{ CONNECT(ECONNRESET), .evidence =
				   RESETS ";INSERT INTO failure SELECT run_id,"
					  " 'acceptor 0', 0, 'epoll_ctl', 12, 'ENOMEM', "
					  "count, first_us, last_us, 1, 1, 1, 1, 1,"
					  " 1, 9, 99, 7, 0, 'acceptor', 0 FROM failure" },
	{ CONNECT(ECONNRESET),
	  .evidence = RESETS ", aborts_on_close_total = max(0, tick - 40)" },
	{ CONNECT(ECONNRESET), .evidence = RESETS
			       ";INSERT INTO event VALUES (1, 99, 3100000,"
			       " 'warning', 'port-shared', 'port',"
			       " '1 socket of others listens on port 10013 too')" },
	{ CONNECT(ECONNRESET), .evidence = RESETS ", listen_drops_total = tick" },
	{ CONNECT(ECONNRESET),
	  .evidence = "UPDATE netns_sample SET established_resets_total = tick" },
	/* The canary waits in the queue of an acceptor: nothing of it was lost. */
	{ CALL("canary", "recv", ETIMEDOUT),
	  .evidence = CANARY_FAILS
	  "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	  " out_segments_total = 1000,"
	  " retransmitted_segments_total = max(0, tick - 40) * 9;"
	  "UPDATE listener_sample SET queue = 1 WHERE tick > 45" },
	/* Others of the namespace lost less than the visits that came to nothing. */
	{ CALL("canary", "recv", ETIMEDOUT),
	  .evidence = CANARY_FAILS
	  "UPDATE netns_sample SET in_segments_total = 1000, listen_drops_total = 0,"
	  " out_segments_total = 1000,"
	  " retransmitted_segments_total = max(0, tick - 136)" },
	/* Others listen, and yet all is accepted. */
	{ CONNECT(ETIMEDOUT), .evidence =
				  "INSERT INTO event VALUES (1, 99, 3100000, 'warning', "
				  "'port-shared', 'port',"
				  " '1 socket of others listens on port 10013 too')" },
	/* A quota that ran out in one of ten periods. */
	{ CONNECT(ETIMEDOUT),
	  .evidence =
	      "INSERT INTO setting VALUES (1, 'cgroup', 'CPU quota period, us', '10000');"
	      "INSERT INTO cgroup_sample (run_id, tick, subject, throttled_periods_total)"
	      " SELECT run_id, tick, 0, tick FROM tick" },
	/* The SYN queue of another listener. */
	{ CONNECT(ETIMEDOUT),
	  .evidence =
	      "UPDATE listener_sample SET drops_total = 0;"
	      "UPDATE netns_sample SET listen_drops_total = max(0, tick - 35) * 2,"
	      " syn_queue_drops_total = max(0, tick - 35) * 2" },
	/* More than there can be: threads of more than this limit is about. */
	{ CALL("acceptor 0", "fork", EAGAIN),
	  .evidence = "INSERT INTO resource_limit VALUES (1, 'host', 0, 'threads', 1000,"
		      " 'kernel.threads-max');"
		      "INSERT INTO host_sample (run_id, tick, subject, threads)"
		      " SELECT run_id, tick, 0, 1800 FROM tick" },
	/* TIME_WAIT of other addresses. */
	{ CONNECT(EADDRNOTAVAIL),
	  .evidence = "UPDATE resource_limit SET value = 1000 WHERE resource = 'held';"
		      "UPDATE worker_sample SET held = min(held, 200);"
		      "UPDATE failure SET first_held = 200;"
		      "UPDATE netns_sample SET tcp_time_wait = 800" },
	{ CONNECT(EADDRNOTAVAIL),
	  .evidence = "UPDATE netns_sample SET tcp_time_wait = 1800;" PORT_USE(
	      1000, 200, 0, 0, 0, 0, 0, 0) },
};

static void
make(struct made_run *made, const struct rule_case *c, bool with_evidence)
{
	struct made_model model = made_model_default;
	struct made_failure failure = {
		.worker = c->worker,
		.call = c->call,
		.error = c->error,
		.code = c->code,
		.count = 300,
		.first_us = 4800000,
		.last_us = BROKEN_US,
		.attempted = 900,
		.established = 800,
		.accepted = 800,
		.held = 800,
		.fds = 9,
		.limit = 20000,
		.own_fds = 7,
	};

	model.missed = c->missed;
	made_run_begin(made, &model);
	made_sql(made, "UPDATE run SET plan = json_set(plan, '$.\"connect-timeout\"',"
		       " 800000)");
	if (c->call != NULL)
		made_fail(made, &failure);
	if (with_evidence)
		made_sql(made, "%s", c->evidence);
	if (c->missed == 0)
		made_event(made, BROKEN_US, "broken", "run", "failures go on");
	made_analyse(made);
}

static void
each_rule_fires_on_its_evidence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct rule_case *c = &cases[i];
		struct made_run made;
		char wanted[128];

		make(&made, c, true);
		snprintf(wanted, sizeof(wanted), "%s|%s|%s|%s", c->id, c->subject,
			 c->side, c->confidence);
		assert_string_equal(made_row(&made, "SELECT limit_id, subject, side,"
						    " confidence FROM breaking_point"),
				    wanted);
		/* One failed call has one cause. */
		if (cases[i].code == EADDRNOTAVAIL)
			assert_int_equal(
			    made_int(&made, "SELECT count(*) FROM finding WHERE kind ="
					    " 'consequence' OR text LIKE 'also %%'"),
			    0);
		made_run_end(&made);
	}
}

static void
no_rule_fires_on_its_symptom_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;

		/* A refusal with a listener there has no other explanation. */
		if (cases[i].refused)
			continue;
		make(&made, &cases[i], false);
		assert_int_equal(made_int(&made, "SELECT count(limit_id)"
						 " FROM breaking_point"),
				 0);
		made_run_end(&made);
	}
}

static void
nothing_is_blamed_on_what_is_somebody_elses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
		struct made_run made;

		make(&made, &strangers[i], true);
		assert_string_equal(made_row(&made, "SELECT limit_id, confidence"
						    " FROM breaking_point"),
				    "-|unexplained");
		made_run_end(&made);
	}
}

/* A firewall drops handshakes, while somebody else's listener overflows. */
static void
another_listener_hides_no_firewall(void **state)
{
	struct rule_case c = strangers[0];
	struct made_run made;
	char sql[512];

	(void)state;
	snprintf(sql, sizeof(sql),
		 "%s;UPDATE netns_sample SET in_segments_total = 1000,"
		 " out_segments_total = 1000 + max(0, tick - 35) * 10",
		 c.evidence);
	c.evidence = sql;
	make(&made, &c, true);
	assert_string_equal(made_row(&made, "SELECT limit_id, confidence"
					    " FROM breaking_point"),
			    "firewall|likely");
	made_run_end(&made);
}

/* As many come through in every second, however many are tried; or a part of them. */
static void
a_limit_of_rate_is_told_from_loss(void **state)
{
	static const struct {
		const char *established; /* at a tick */
		bool rate;
		int load_end_s;
	} ways[] = {
		{ "min(40 + max(0, tick - 40) * 5, 2000)", true, 14 },
		{ "attempted_total * 2 / 5", false, 14 },
		/* As many in two seconds may be chance. */
		{ "min(40 + max(0, tick - 40) * 5, 2000)", false, 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct rule_case c = { CONNECT(ETIMEDOUT) };
		struct made_run made;
		char sql[768];

		snprintf(sql, sizeof(sql),
			 "UPDATE netns_sample SET in_segments_total = 1000,"
			 " out_segments_total = 1000 + max(0, tick - 35) * 10,"
			 " syn_retransmits_total = max(0, tick - 60) * 20;"
			 "UPDATE worker_sample SET established_total = %s"
			 " WHERE attempted_total IS NOT NULL;"
			 "UPDATE phase SET from_us = %d000000 WHERE name = 'recovery'",
			 ways[i].established, ways[i].load_end_s);
		c.evidence = sql;
		make(&made, &c, true);
		assert_string_equal(
		    made_row(&made,
			     "SELECT limit_id, (SELECT text LIKE 'a limit of rate by the"
			     " firewall: %%' FROM finding WHERE kind = 'verdict')"
			     " FROM breaking_point"),
		    ways[i].rate ? "firewall|1" : "firewall|0");
		made_run_end(&made);
	}
}

static void
what_the_kernel_counted_on_the_way_is_said(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made,
		 "UPDATE netns_sample SET in_segments_total = tick * 100,"
		 " out_segments_total = tick * 95,"
		 " retransmitted_segments_total = tick * 10,"
		 " syn_retransmits_total = tick, time_wait_overflows_total = tick");
	made_analyse(&made);
	assert_int_equal(made_int(&made,
				  "SELECT count(*) FROM finding WHERE kind = 'note'"
				  " AND (text LIKE 'segments were lost: %%' OR text"
				  " LIKE '%% connections skipped TIME_WAIT: %%')"),
			 2);
	made_run_end(&made);
}

/* A connect that timed out long before the break did not cause it. */
static void
transient_timeout_is_not_the_cause(void **state)
{
	struct rule_case c = cases[sizeof(cases) / sizeof(cases[0]) - 1];
	struct made_run made;

	(void)state;
	make(&made, &c, true);
	assert_string_equal(made_row(&made, "SELECT limit_id FROM breaking_point"),
			    "accept-queue");
	made_sql(&made, "UPDATE failure SET first_us = 3200000, last_us = 3200000");
	made_sql(&made, "UPDATE event SET t_us = 9000000 WHERE kind = 'broken'");
	made_analyse(&made);
	assert_int_equal(made_int(&made, "SELECT count(limit_id) FROM breaking_point"),
			 0);
	made_run_end(&made);
}

static void
one_queue_has_one_limit(void **state)
{
	const struct rule_case *c = cases;
	struct made_run made;

	(void)state;
	while (strcmp(c->id, "somaxconn") != 0)
		c++;
	make(&made, c, true);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM finding WHERE limit_id IN"
					 " ('somaxconn', 'accept-queue')"
					 " AND kind <> 'recommendation'"),
			 1);
	made_run_end(&made);
}

/* What the acceptor's own limit caused shows at its listener later. */
static void
full_queue_behind_a_full_acceptor_is_its_consequence(void **state)
{
	struct made_model model = made_model_default;
	const struct made_failure full = { .worker = "acceptor 0",
					   .call = "accept4",
					   .error = "EMFILE",
					   .code = EMFILE,
					   .count = 9,
					   .first_us = 3505000,
					   .last_us = 8000000,
					   .accepted = 505,
					   .held = 506,
					   .own = 505,
					   .fds = 512,
					   .limit = 512,
					   .own_fds = 7 };
	const struct made_failure timeout = { .worker = "client 0",
					      .call = "connect",
					      .error = "ETIMEDOUT",
					      .code = ETIMEDOUT,
					      .count = 9,
					      .first_us = 8400000,
					      .last_us = 8500000,
					      .fds = -1,
					      .limit = -1 };
	struct made_run made;

	(void)state;
	model.nofile = 512;
	model.accepted_max = 505;
	model.backlog = 16;
	made_run_begin(&made, &model);
	made_fail(&made, &full);
	made_fail(&made, &timeout);
	made_event(&made, 8600000, "broken", "run", "failures go on");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT limit_id FROM breaking_point"),
			    "acceptor-nofile");
	assert_int_equal(made_int(&made,
				  "SELECT count(*) FROM finding WHERE limit_id IN"
				  " ('acceptor-busy', 'acceptor-stuck') AND kind <>"
				  " 'ruled-out'"),
			 0);
	made_run_end(&made);
}

/* A schedule that was not kept: whose processors were busy says why. */
static void
slow_side_is_said(void **state)
{
	static const struct {
		const char *cpu, *said;
		int allowed;   /* processors, of four */
		int throttled; /* at each tick: periods of the CPU quota */
	} sides[] = {
		{ "cpu_user_us_total = tick * CASE subject WHEN 0 THEN 97000 ELSE 100 "
		  "END",
		  "%acceptors used 97 %% of a core each%the acceptors had no CPU time "
		  "left%",
		  4, 0 },
		{ "cpu_user_us_total = tick * CASE subject WHEN 3 THEN 99000 ELSE 100 "
		  "END",
		  "%clients 99 %%%the clients had no CPU time left%", 4, 0 },
		{ "cpu_user_us_total = tick * 100",
		  "%50 %% idle: neither side was short%", 4, 0 },
		{ "cpu_user_us_total = tick * 100", "%the CPU quota of the cgroup%", 4,
		  1 },
		/* All that a run is kept to is its own, however idle the others are. */
		{ "cpu_user_us_total = tick * 47000", "%they had no time left%", 1, 0 },
		{ "cpu_user_us_total = tick * 40000", "%nor who set the pace%", 1, 0 },
		{ "cpu_user_us_total = tick * 10000",
		  "%of the 1 of 4 processors it may use: neither side was short%", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		struct made_model model = made_model_default;
		struct made_run made;

		model.missed = 500;
		made_run_begin(&made, &model);
		made_sql(&made, "UPDATE group_sample SET cpu_system_us_total = 0, %s",
			 sides[i].cpu);
		made_sql(&made,
			 "INSERT INTO host_sample (run_id, tick, subject,"
			 " cpu_idle_us_total) SELECT run_id, tick, 0, tick * 200000"
			 " FROM tick");
		made_sql(&made,
			 "INSERT INTO setting VALUES (1, 'host', 'processors allowed',"
			 " '%d')",
			 sides[i].allowed);
		made_sql(&made,
			 "INSERT INTO cgroup_sample (run_id, tick, subject,"
			 " throttled_periods_total) SELECT run_id, tick, 0, tick * %d"
			 " FROM tick",
			 sides[i].throttled);
		made_analyse(&made);
		assert_int_equal(
		    made_int(&made,
			     "SELECT count(*) FROM finding WHERE kind = 'note'"
			     " AND text LIKE '%s'",
			     sides[i].said),
		    1);
		made_run_end(&made);
	}
}

/* It lasted until somebody looked: how fast it was is not known. */
static void
short_ramp_has_no_pace(void **state)
{
	const int64_t lengths_us[] = { 400000, 600000 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct made_model model = made_model_default;
		struct made_run made;

		model.missed = 500;
		made_run_begin(&made, &model);
		made_sql(&made,
			 "UPDATE phase SET to_us = from_us + %lld WHERE name = 'ramp'",
			 (long long)lengths_us[i]);
		made_analyse(&made);
		assert_int_equal(
		    made_int(&made, "SELECT count(*) FROM finding WHERE kind = 'note'"
				    " AND text LIKE '%%connections a second%%'"),
		    i);
		made_run_end(&made);
	}
}

static void
every_rule_is_complete(void **state)
{
	(void)state;
	for (size_t i = 0; i < limit_rule_count; i++) {
		const struct limit_rule *rule = &limit_rules[i];

		assert_ptr_equal(limit_rule_find(rule->id), rule);
		assert_non_null(limit_proof(rule)->symptom);
		assert_non_null(limit_proof(rule)->evidence);
		assert_non_null(rule->advice);
		assert_non_null(rule->help);
		assert_non_null(rule->display_name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_fires_on_its_evidence),
		cmocka_unit_test(no_rule_fires_on_its_symptom_alone),
		cmocka_unit_test(nothing_is_blamed_on_what_is_somebody_elses),
		cmocka_unit_test(another_listener_hides_no_firewall),
		cmocka_unit_test(a_limit_of_rate_is_told_from_loss),
		cmocka_unit_test(what_the_kernel_counted_on_the_way_is_said),
		cmocka_unit_test(one_queue_has_one_limit),
		cmocka_unit_test(transient_timeout_is_not_the_cause),
		cmocka_unit_test(full_queue_behind_a_full_acceptor_is_its_consequence),
		cmocka_unit_test(slow_side_is_said),
		cmocka_unit_test(short_ramp_has_no_pace),
		cmocka_unit_test(every_rule_is_complete),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
