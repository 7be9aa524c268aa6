#include "analyse/headroom.h"

#include <stdio.h>
#include <string.h>

#include "analyse/evidence.h"
#include "analyse/series.h"
#include "sample/settings.h"

/* Keeps what is nearer to its limit. */
static void
consider(struct headroom *nearest, const char *display_name, const char *of,
	 const char *name, int64_t peak, int64_t limit)
{
	if (peak < 0 || limit <= 0)
		return;
	if (nearest->what[0] != '\0' &&
	    (double)peak / (double)limit <=
		(double)nearest->peak / (double)nearest->limit)
		return;
	snprintf(nearest->what, sizeof(nearest->what), "%s%s%s", display_name, of, name);
	nearest->peak = peak;
	nearest->limit = limit;
}

/* Of thousands of processes of a role only some were read one by one. */
static bool
is_partly_read(const struct facts *f, const char *role)
{
	struct db_statement *s = db_prepare(
	    f->db, "SELECT max(g.processes) > max(g.sampled) FROM group_sample AS g"
		   " JOIN subject AS s ON s.run_id = g.run_id AND s.kind = 'group'"
		   " AND s.subject = g.subject WHERE g.run_id = ?1 AND s.role = ?2");
	bool partly = true;

	if (s == NULL)
		return true;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, role);
	if (db_step(s) == 1)
		partly = !db_is_null(s, 0) && db_int(s, 0) != 0;
	db_finish(s);
	return partly;
}

bool
headroom_gauge(const struct facts *f, const struct limit_rule *rule,
	       struct headroom *headroom)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT l.subject, s.name, min(l.value) FROM resource_limit l JOIN subject s"
	    " ON s.run_id = l.run_id AND s.kind = l.kind AND s.subject = l.subject"
	    " WHERE l.run_id = ?1 AND l.kind = ?2 AND l.resource = ?3"
	    " AND (?4 IS NULL OR s.role = ?4) AND l.value > 0"
	    " AND (?5 IS NULL OR l.source = ?5)"
	    " GROUP BY l.subject ORDER BY l.subject");
	const char *role = strcmp(rule->kind, "process") == 0 && rule->role != ROLE_NONE
			       ? role_name(rule->role)
			       : NULL;

	if (s == NULL)
		return false;
	if (role != NULL && is_partly_read(f, role)) {
		db_finish(s);
		return false;
	}
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, rule->kind);
	db_bind_text(s, 3, rule->resource);
	db_bind_text(s, 4, role);
	db_bind_text(s, 5, rule->source);
	while (db_step(s) == 1) {
		const char *name = role != NULL ? db_text(s, 1) : "";
		struct series series;

		/* "processes of the cgroup /a/b" */
		if (strcmp(rule->kind, "cgroup") == 0)
			name = db_text(s, 1) + strlen("cgroup");
		if (series_load(&series, f, rule->kind, db_int(s, 0), rule->resource) ==
			0 &&
		    series.count > 0)
			consider(
			    headroom, rule->display_name, role != NULL ? " of " : "",
			    name,
			    (int64_t)series_peak(&series, 0, facts_load_end(f), 0, NULL),
			    db_int(s, 2));
		series_free(&series);
	}
	db_finish(s);
	return headroom->what[0] != '\0';
}

bool
headroom_queue(const struct facts *f, const struct limit_rule *rule,
	       struct headroom *headroom)
{
	int64_t listeners = f->shared ? 1 : (int64_t)f->acceptor_count;
	bool cut = strcmp(rule->id, "somaxconn") == 0;

	for (int64_t i = 0; i < listeners; i++) {
		struct series queue, backlog;
		char name[FACTS_NAME];

		(void)series_load(&queue, f, "listener", i, "queue");
		(void)series_load(&backlog, f, "listener", i, "backlog");
		snprintf(name, sizeof(name), "listener %lld", (long long)i);
		if (evidence_is_cut(f, i) == cut && queue.count > 0 && backlog.count > 0)
			consider(
			    headroom, rule->display_name, " of ", name,
			    (int64_t)series_peak(&queue, 0, facts_load_end(f), 0, NULL),
			    (int64_t)backlog.points[0].value + 1);
		series_free(&queue);
		series_free(&backlog);
	}
	return headroom->what[0] != '\0';
}

bool
headroom_ports(const struct facts *f, const struct limit_rule *rule,
	       struct headroom *headroom)
{
	char source[FACTS_NAME];
	int64_t limit = evidence_port_limit(f, source);

	consider(headroom, rule->display_name, "", "",
		 evidence_peak_held(f, 0, facts_load_end(f)), limit);
	return headroom->what[0] != '\0';
}

bool
headroom_processes(const struct facts *f, const struct limit_rule *rule,
		   struct headroom *headroom)
{
	char seen[FACTS_NAME];

	/* A part of them rules nothing out. */
	return facts_setting(f, SETTING_PROCESSES_SEEN, seen, sizeof(seen)) &&
	       strcmp(seen, SETTING_PROCESSES_ALL) == 0 &&
	       headroom_gauge(f, rule, headroom);
}

bool
headroom_deaths(const struct facts *f, const struct limit_rule *rule,
		struct headroom *headroom)
{
	int64_t died = 0;

	for (size_t i = 0; i < f->acceptor_count; i++)
		died += f->acceptors[i].to_us <= f->phases_end_us &&
			f->acceptors[i].to_us <= f->end_us;
	consider(headroom, rule->display_name, "", " that ended", died,
		 (int64_t)f->acceptor_count);
	return headroom->what[0] != '\0';
}
