#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/resource.h"
#include "analyse/agreement.h"
#include "analyse/analyse.h"
#include "made_run.h"

#define SECOND INT64_C(1000000)

const struct made_model made_model_default = {
	.clients = 2000,
	.rate = 1000,
	.acceptors = 1,
	.established_max = MADE_NEVER,
	.accepted_max = MADE_NEVER,
	.accept_stops_us = MADE_NEVER,
	.acceptor_state = 83,
	.backlog = 4096,
	.own_fds = 7,
	.nofile = 20000,
	.bytes_per_connection = 4096,
	.steps = 2,
	.plateau_us = 3 * SECOND,
	.release_us = 14 * SECOND,
	.end_us = 20 * SECOND,
	.listener = "shared",
	.state = "recorded",
};

static char *format(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));

static char *
format(const char *fmt, va_list args)
{
	char *text = NULL;

	assert_true(vasprintf(&text, fmt, args) >= 0);
	return text;
}

/* Tests name workers and processes as people do: role and slot are taken from that. */
static void
fill_roles(struct made_run *made)
{
#define ROLE_AND_SLOT(name)                                             \
	" role = substr(" name ", 1, instr(" name " || ' ', ' ') - 1)," \
	" slot = CAST(substr(" name ", instr(" name " || ' ', ' ')) AS INTEGER)"
	static const char sql[] = "UPDATE subject SET" ROLE_AND_SLOT(
	    "name") " WHERE role IS NULL AND kind IN"
		    " ('process', 'worker');"
		    "UPDATE failure SET" ROLE_AND_SLOT("worker") " WHERE role IS NULL";

	if (db_exec(made->db, sql) == -1)
		fail_msg("%s: %s", sql, db_error(made->db));
}

void
made_sql(struct made_run *made, const char *fmt, ...)
{
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	if (db_exec(made->db, sql) == -1)
		fail_msg("%s: %s", sql, db_error(made->db));
	free(sql);
	fill_roles(made);
}

static const char *
row(struct made_run *made, const char *sql)
{
	static char text[1024];
	struct db_statement *s = db_prepare(made->db, sql);
	size_t used = 0;

	if (s == NULL)
		fail_msg("%s: %s", sql, db_error(made->db));
	text[0] = '\0';
	if (db_step(s) == 1)
		for (int i = 0; i < db_columns(s); i++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
						 i > 0 ? "|" : "",
						 db_is_null(s, i) ? "-" : db_text(s, i));
	db_finish(s);
	return text;
}

const char *
made_row(struct made_run *made, const char *fmt, ...)
{
	const char *text;
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	text = row(made, sql);
	free(sql);
	return text;
}

double
made_real(struct made_run *made, const char *fmt, ...)
{
	double value;
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	value = strtod(row(made, sql), NULL);
	free(sql);
	return value;
}

int64_t
made_int(struct made_run *made, const char *fmt, ...)
{
	int64_t value;
	va_list args;
	char *sql;

	va_start(args, fmt);
	sql = format(fmt, args);
	va_end(args);
	value = strtoll(row(made, sql), NULL, 10);
	free(sql);
	return value;
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The end of ramp and plateau number step; connections due at an instant. */
static int64_t
step_end(const struct made_model *m, int64_t step)
{
	return MADE_START_US +
	       (step + 1) * (m->plateau_us + m->clients / m->steps * SECOND / m->rate);
}

static int64_t
due(const struct made_model *m, int64_t t_us)
{
	int64_t part = m->clients / m->steps;

	for (int64_t step = 0; step < m->steps; step++) {
		int64_t begin = step == 0 ? MADE_START_US : step_end(m, step - 1);

		if (t_us <= begin)
			return part * step;
		if (t_us <= step_end(m, step))
			return part * step +
			       least(part, (t_us - begin) * m->rate / SECOND);
	}
	return m->clients;
}

struct counts_then {
	int64_t attempted, established, accepted, held, queue, fds, rss;
};

static struct counts_then
counts_at(const struct made_model *m, int64_t t_us)
{
	struct counts_then c = { .fds = m->own_fds * m->acceptors, .rss = 39 << 20 };
	int64_t load_us = least(t_us, m->release_us), room;

	c.attempted = due(m, load_us);
	c.accepted = least(c.attempted, m->accepted_max);
	if (m->accept_stops_us < load_us)
		c.accepted = least(c.accepted, due(m, m->accept_stops_us));
	c.accepted = least(c.accepted, m->established_max);
	room = c.accepted + m->backlog + 1;
	c.established = least(least(c.attempted, m->established_max), room);
	if (t_us > MADE_START_US)
		c.rss += (load_us - MADE_START_US) * m->leak_bytes_per_s / SECOND;
	if (t_us > m->release_us)
		return c;
	c.held = c.established;
	c.queue = c.established - c.accepted;
	c.fds += c.accepted;
	c.rss += c.accepted * m->bytes_per_connection;
	return c;
}

static void
add_subjects(struct made_run *made, const struct made_model *m)
{
	long long id = made->run_id;

	made_sql(made,
		 "INSERT INTO subject (run_id, kind, subject, name, role) VALUES"
		 " (%lld, 'host', 0, 'host', NULL), (%lld, 'netns', 0, 'netns', NULL),"
		 " (%lld, 'group', 0, 'acceptors', 'acceptor'),"
		 " (%lld, 'group', 3, 'clients', 'client'),"
		 " (%lld, 'worker', %lld, 'forker 0', NULL),"
		 " (%lld, 'listener', 0, 'listener 0', NULL), (%lld, 'cgroup', 0, "
		 "'cgroup', NULL)",
		 id, id, id, id, id, (long long)m->acceptors, id, id);
	for (int64_t i = 0; i < m->acceptors; i++)
		made_sql(made,
			 "INSERT INTO subject (run_id, kind, subject, name) VALUES"
			 " (%lld, 'worker', %lld, 'acceptor %lld'),"
			 " (%lld, 'process', %lld, 'acceptor %lld');"
			 "INSERT INTO process (run_id, process_id, pid, role, slot, "
			 "parent, from_us,"
			 " to_us, \"end\", code) VALUES (%lld, %lld, %lld, 'acceptor', "
			 "%lld, 1, 0,"
			 " %lld, 'stopped', 15);"
			 "INSERT INTO resource_limit VALUES (%lld, 'process', %lld, "
			 "'fds', %lld,"
			 " 'RLIMIT_NOFILE')",
			 id, (long long)i, (long long)i, id, (long long)i, (long long)i,
			 id, (long long)i, (long long)(1000 + i), (long long)i,
			 (long long)m->end_us, id, (long long)i, (long long)m->nofile);
	made_sql(made,
		 "INSERT INTO resource_limit VALUES"
		 " (%lld, 'group', 3, 'held', 28232, 'net.ipv4.ip_local_port_range')",
		 id);
}

static void
add_resources(struct made_run *made)
{
	for (size_t i = 0; i < resource_count; i++)
		made_sql(made,
			 "INSERT INTO resource VALUES ('%s', '%s', '%s', '%s', %lld, '')",
			 subject_kind_name(resources[i].subject), resources[i].name,
			 units_name(resources[i].unit),
			 resources[i].kind == RESOURCE_GAUGE ? "gauge" : "counter",
			 (long long)resources[i].resolution);
}

static void
add_phase(struct made_run *made, int64_t seq, const char *name, int64_t from_us,
	  int64_t to_us, int64_t target)
{
	made_sql(made,
		 "INSERT INTO phase (run_id, seq, cycle, name, from_us, to_us, target)"
		 " VALUES (%lld, %lld, 0, '%s', %lld, %lld, %lld)",
		 (long long)made->run_id, (long long)seq, name, (long long)from_us,
		 (long long)to_us, (long long)target);
}

static void
add_phases(struct made_run *made, const struct made_model *m)
{
	int64_t seq = 0, from = MADE_START_US, part = m->clients / m->steps;
	int64_t load_end = least(m->release_us, m->end_us);

	add_phase(made, seq++, "baseline", 0, least(from, load_end), 0);
	for (int64_t step = 0; step < m->steps && from < load_end; step++) {
		int64_t end = step_end(m, step), still = end - m->plateau_us;
		bool last = step + 1 == m->steps;

		end = last ? load_end : least(end, load_end);
		add_phase(made, seq++, "ramp", from, least(still, load_end),
			  part * (step + 1));
		if (still < load_end)
			add_phase(made, seq++, last ? "hold" : "plateau", still, end,
				  part * (step + 1));
		from = end;
	}
	if (m->release_us < m->end_us)
		add_phase(made, seq, "recovery", m->release_us, m->end_us, 0);
}

static void
add_acceptor_tick(struct made_run *made, const struct made_model *m, int64_t tick,
		  int64_t slot, const struct counts_then *c)
{
	int64_t t_us = tick * MADE_TICK_US;
	bool stopped = t_us > m->accept_stops_us;
	long long id = made->run_id;

	made_sql(
	    made,
	    "INSERT INTO process_sample (run_id, tick, subject, fds, rss_bytes, state,"
	    " cpu_user_us_total, cpu_system_us_total)"
	    " VALUES (%lld, %lld, %lld, %lld, %lld, %lld, %lld, 0);"
	    "INSERT INTO worker_sample (run_id, tick, subject, accepted_total, held)"
	    " VALUES (%lld, %lld, %lld, %lld, %lld)",
	    id, (long long)tick, (long long)slot, (long long)(c->fds / m->acceptors),
	    (long long)(c->rss / m->acceptors),
	    (long long)(stopped ? m->acceptor_state : 83),
	    (long long)(least(t_us, m->accept_stops_us) / 5), id, (long long)tick,
	    (long long)slot, (long long)(c->accepted / m->acceptors),
	    (long long)(c->accepted / m->acceptors +
			(slot < c->accepted % m->acceptors ? 1 : 0)));
}

static void
add_tick(struct made_run *made, const struct made_model *m, int64_t tick,
	 int64_t *overflows)
{
	int64_t t_us = tick * MADE_TICK_US;
	struct counts_then c = counts_at(m, t_us);
	long long id = made->run_id, n = tick;

	*overflows += c.queue > m->backlog ? 3 : 0;
	made_sql(
	    made,
	    "INSERT INTO tick VALUES (%lld, %lld, %lld, 0, 0);"
	    "INSERT INTO group_sample (run_id, tick, subject, processes, fds, rss_bytes)"
	    " VALUES (%lld, %lld, 0, %lld, %lld, %lld), (%lld, %lld, 3, 1, %lld, "
	    "1048576);"
	    "INSERT INTO netns_sample (run_id, tick, subject, sockets, tcp_time_wait,"
	    " listen_overflows_total, out_resets_total)"
	    " VALUES (%lld, %lld, 0, %lld, %lld, %lld, 0);"
	    "INSERT INTO listener_sample (run_id, tick, subject, queue, backlog)"
	    " VALUES (%lld, %lld, 0, %lld, %lld);"
	    "INSERT INTO worker_sample (run_id, tick, subject, attempted_total,"
	    " established_total, served_total, held, missed_total, failed_total)"
	    " VALUES (%lld, %lld, %lld, %lld, %lld, %lld, %lld, %lld, %lld)",
	    id, n, (long long)t_us, id, n, (long long)m->acceptors, (long long)c.fds,
	    (long long)c.rss, id, n, (long long)(c.held + 6), id, n,
	    (long long)(2 * c.held + 10), 0LL, (long long)*overflows, id, n,
	    (long long)c.queue, (long long)m->backlog, id, n, (long long)m->acceptors,
	    (long long)c.attempted, (long long)c.established, (long long)c.accepted,
	    (long long)c.held, (long long)(c.attempted > 0 ? m->missed : 0),
	    (long long)(c.attempted - c.established));
	for (int64_t slot = 0; slot < m->acceptors; slot++)
		add_acceptor_tick(made, m, tick, slot, &c);
}

static void
open_database(struct made_run *made)
{
	snprintf(made->dir, sizeof(made->dir), "/tmp/brink-test-XXXXXX");
	assert_non_null(mkdtemp(made->dir));
	snprintf(made->path, sizeof(made->path), "%s/brink.db", made->dir);
	made->db = db_open(made->path, DB_CREATE, stderr);
	assert_non_null(made->db);
}

void
made_run_begin(struct made_run *made, const struct made_model *m)
{
	int64_t overflows = 0;

	*made = (struct made_run){ .run_id = 1 };
	open_database(made);
	assert_int_equal(db_begin(made->db), 0);
	made_sql(
	    made,
	    "INSERT INTO host VALUES (1, 'bench-3', '6.18.44', 'x86_64', 'Debian', 'A "
	    "CPU', 4,"
	    " 8589934592, '');"
	    "INSERT INTO run (run_id, started_unix_us, ended_us, state, plan, command,"
	    " version, host_id, boot_id, supervisor_pid) VALUES (1, 1770000000000000, "
	    "%lld,"
	    " '%s', json_object('clients', %lld, 'rate', %lld, 'acceptors', %lld, "
	    "'forkers', 1,"
	    " 'listener', '%s', 'interval', 100000, 'hold', %lld, 'backlog', %lld, "
	    "'messages', 0),"
	    " 'brink run', '0.1.0', 1, 'boot', 1)",
	    (long long)m->end_us, m->state, (long long)m->clients, (long long)m->rate,
	    (long long)m->acceptors, m->listener, (long long)m->plateau_us,
	    (long long)m->backlog);
	add_resources(made);
	add_subjects(made, m);
	add_phases(made, m);
	for (int64_t tick = 0; tick * MADE_TICK_US <= m->end_us; tick++)
		add_tick(made, m, tick, &overflows);
	assert_int_equal(db_commit(made->db), 0);
}

void
made_run_end(struct made_run *made)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char path[128];

	db_close(made->db);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", made->path, suffixes[i]);
		(void)unlink(path);
	}
	assert_int_equal(rmdir(made->dir), 0);
}

void
made_event(struct made_run *made, int64_t t_us, const char *kind, const char *subject,
	   const char *text)
{
	made_sql(
	    made,
	    "INSERT INTO event VALUES (%lld, %lld, %lld, 'finding', '%s', '%s', '%s')",
	    (long long)made->run_id, (long long)made->events++, (long long)t_us, kind,
	    subject, text);
}

void
made_fail(struct made_run *made, const struct made_failure *f)
{
	made_sql(
	    made,
	    "INSERT INTO failure (run_id, worker, process_id, call, errno, error, count,"
	    " first_us, last_us, first_held, first_attempted, first_established,"
	    " first_accepted, first_served, first_own, first_fds, first_limit, own_fds)"
	    " VALUES (%lld, '%s', 0, '%s', %d, '%s', %lld, %lld, %lld, %lld, %lld, %lld, "
	    "%lld,"
	    " %lld, %lld, nullif(%lld, -1), nullif(%lld, -1), %lld)",
	    (long long)made->run_id, f->worker, f->call, f->code, f->error,
	    (long long)f->count, (long long)f->first_us, (long long)f->last_us,
	    (long long)f->held, (long long)f->attempted, (long long)f->established,
	    (long long)f->accepted, (long long)f->accepted, (long long)f->own,
	    (long long)f->fds, (long long)f->limit, (long long)f->own_fds);
}

/* Whatever a test has made up, no two findings of it contradict each other: by the same
 * eye that the analysis has, and by another. */
static void
agree(struct made_run *made)
{
	char why[512] = "";

	assert_int_equal(agreement_find(made->db, made->run_id, why, sizeof(why)), 0);
	assert_string_equal(
	    row(made, "SELECT w.text FROM finding AS w JOIN finding AS v USING (run_id,"
		      " limit_id) WHERE w.kind = 'ruled-out' AND v.kind IN ('verdict',"
		      " 'consequence')"),
	    "");
	assert_string_equal(
	    row(made, "SELECT f.text FROM finding AS f JOIN failure AS x USING (run_id)"
		      " WHERE f.limit_id = 'acceptor-nofile' AND x.call = 'accept4' AND"
		      " x.error = 'EMFILE' AND (f.kind = 'ruled-out' OR f.text LIKE"
		      " '%nothing failed%') AND x.first_us < (SELECT max(from_us) FROM"
		      " phase WHERE name = 'recovery')"),
	    "");
}

void
made_analyse(struct made_run *made)
{
	if (analyse_run(made->db, made->run_id) == -1)
		fail_msg("analyse_run: %s", db_error(made->db));
	agree(made);
}

void
made_run_broken(struct made_run *made, int64_t room)
{
	struct made_model model = made_model_default;
	struct made_failure full = {
		.worker = "acceptor 0",
		.call = "accept4",
		.error = "EMFILE",
		.code = EMFILE,
		.count = 480,
		.first_us = MADE_START_US + room * 1000000 / model.rate,
		.last_us = 8000000,
		.attempted = room + 1,
		.established = room + 1,
		.accepted = room,
		.held = room + 1,
		.own = room,
		.fds = room + model.own_fds,
		.limit = room + model.own_fds,
		.own_fds = model.own_fds,
	};

	model.nofile = full.limit;
	model.accepted_max = room;
	made_run_begin(made, &model);
	made_fail(made, &full);
	made_event(made, 4600000, "broken", "acceptors", "failures go on");
}
