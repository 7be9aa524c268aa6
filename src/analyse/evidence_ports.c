/* Evidence about the ports that the clients connect from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/evidence.h"
#include "analyse/proof.h"
#include "base/units.h"

int64_t
evidence_port_limit(const struct facts *f, char *source)
{
	int64_t limit;

	if (!facts_limit(f, "group", facts_subject(f, "group", "clients"), "held", NULL,
			 &limit, source))
		return -1;
	return limit;
}

/* The most that the clients held in the time. */
int64_t
evidence_peak_held(const struct facts *f, int64_t from_us, int64_t to_us)
{
	int64_t peak = 0;

	for (size_t i = 0; i < f->counts_count; i++) {
		const struct counts_at *m = &f->counts[i];

		if (m->t_us >= from_us && m->t_us <= to_us && m->held > peak)
			peak = m->held;
	}
	return peak;
}

/* Who held the ports from one source when connect(2) first found none: v_port_use. */
struct holders {
	int64_t taken, limit; /* of those that may be used at all */
	int64_t own, strangers, time_wait, bound, other, reserved, unreachable;
	bool listener; /* one of those bound is the server's own port */
	char source[FACTS_NAME];
};

/* False where it was not noted: older runs, and kernels that do not tell. */
static bool
load_holders(const struct facts *f, struct holders *h)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT own, strangers, time_wait, bound, other, reserved, unreachable,"
	    " listener, port_high - port_low + 1, source FROM port_use"
	    " WHERE run_id = ?1 AND cycle = ?2");
	bool found;

	if (s == NULL)
		return false;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, f->cycle);
	found = db_step(s) == 1;
	if (found) {
		*h = (struct holders){ .own = db_int(s, 0),
				       .strangers = db_int(s, 1),
				       .time_wait = db_int(s, 2),
				       .bound = db_int(s, 3),
				       .other = db_int(s, 4),
				       .reserved = db_int(s, 5),
				       .unreachable = db_int(s, 6),
				       .listener = db_int(s, 7) != 0 };
		h->limit = db_int(s, 8) - h->reserved;
		h->taken = h->own + h->strangers + h->time_wait + h->bound + h->other +
			   h->unreachable;
		strlcpy(h->source, db_text(s, 9), sizeof(h->source));
	}
	db_finish(s);
	return found;
}

static void
prove_held(struct candidate *s, int64_t ports, const char *by)
{
	size_t length = strlen(s->text);
	char count[UNITS_TEXT_SIZE];

	if (ports == 0)
		return;
	candidate_prove(s, s->t_us, ports, -1, "ports of those %s", by);
	snprintf(s->text + length, sizeof(s->text) - length, ", %s %s",
		 units_format(UNIT_COUNT, ports, count), by);
}

/* "ephemeral ports: 60 of 60 from 127.0.0.1 to the server: 59 held by this run, 1 …" */
static void
prove_holders(const struct limit_rule *rule, struct candidate *s, const struct holders *h,
	      const char *source)
{
	char taken[UNITS_TEXT_SIZE], limit[UNITS_TEXT_SIZE], own[UNITS_TEXT_SIZE];

	s->at_limit = proof_is_at(h->taken, h->limit);
	proof_use(s, h->taken, h->limit, source);
	candidate_prove(s, s->t_us, h->taken, h->limit, "%s in use from %s to the server",
			rule->display_name, h->source);
	if (h->taken == h->own)
		return;
	snprintf(s->text, sizeof(s->text),
		 "%s: %s of %s taken from %s to the server: %s held by this run",
		 rule->display_name, units_format(UNIT_COUNT, h->taken, taken),
		 units_format(UNIT_COUNT, h->limit, limit), h->source,
		 units_format(UNIT_COUNT, h->own, own));
	prove_held(s, h->strangers, "by connections of others to the server");
	prove_held(s, h->time_wait, "in TIME_WAIT");
	prove_held(s, h->listener, "by the listener itself");
	prove_held(s, h->bound - h->listener, "by other sockets that are bound to them");
	prove_held(s, h->other, "by connections elsewhere");
	prove_held(s, h->unreachable,
		   "that connect(2) does not search in a range of an odd number");
}

/* Where the holders were not noted, what the clients held of all ports that there are. What is
 * in TIME_WAIT in the namespace may be of other addresses: it is not counted. */
static void
prove_held_alone(const struct facts *f, const struct limit_rule *rule,
		 struct candidate *s, int64_t limit, const char *source)
{
	/* One of several source addresses can run out a moment before the others do. */
	int64_t usage = s->at.held;

	if (!proof_is_at(usage, limit))
		usage = evidence_peak_held(f, s->t_us, facts_load_end(f));
	s->at_limit = proof_is_at(usage, limit);
	proof_use(s, usage, limit, source);
	candidate_prove(s, s->t_us, usage, limit, "%s in use", rule->display_name);
}

/* One shortage of ports has one cause: those in TIME_WAIT where they are half of all, else
 * those that are reserved, else all that hold some. */
static bool
is_time_wait(const struct holders *h)
{
	return h->time_wait * 2 >= h->limit;
}

void
evidence_ports(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	char source[FACTS_NAME];
	int64_t limit = evidence_port_limit(f, source);
	struct holders h;

	if (load_holders(f, &h)) {
		if (!is_time_wait(&h) && h.reserved == 0)
			prove_holders(rule, s, &h, "net.ipv4.ip_local_port_range");
	} else if (limit >= 0)
		prove_held_alone(f, rule, s, limit, source);
}

void
evidence_time_wait(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s)
{
	struct holders h;

	if (!load_holders(f, &h) || !is_time_wait(&h))
		return;
	prove_holders(rule, s, &h, "net.ipv4.ip_local_port_range");
}

/* Ports of net.ipv4.ip_local_reserved_ports, such as "8080,9000-9099", within a range. */
static int64_t
reserved_within(const char *list, int64_t low, int64_t high)
{
	int64_t reserved = 0;

	while (*list != '\0') {
		char *end;
		int64_t first = strtoll(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoll(end + 1, &end, 10);
		first = first > low ? first : low;
		last = last < high ? last : high;
		if (last >= first)
			reserved += last - first + 1;
		list = *end == ',' ? end + 1 : "";
	}
	return reserved;
}

void
evidence_reserved(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s)
{
	char range[FACTS_NAME], list[FACTS_SETTING], *end;
	int64_t limit = evidence_port_limit(f, NULL), low, high, reserved;
	struct holders h;

	if (load_holders(f, &h)) {
		if (h.reserved == 0 || is_time_wait(&h))
			return;
		candidate_prove(s, s->t_us, h.reserved, -1,
				"ports of the range that are reserved");
		prove_holders(rule, s, &h, "net.ipv4.ip_local_reserved_ports");
		return;
	}
	if (limit < 0 ||
	    !facts_setting(f, "net.ipv4.ip_local_port_range", range, sizeof(range)) ||
	    !facts_setting(f, "net.ipv4.ip_local_reserved_ports", list, sizeof(list)))
		return;
	low = strtoll(range, &end, 10);
	high = strtoll(end, NULL, 10);
	reserved = reserved_within(list, low, high);
	if (reserved == 0)
		return;
	candidate_prove(s, s->t_us, reserved, -1, "ports of the range that are reserved");
	/* Of as many ranges as there are source addresses. */
	prove_held_alone(f, rule, s, limit - limit / (high - low + 1) * reserved,
			 "net.ipv4.ip_local_reserved_ports");
}

/* The median latency of a kind in the first second that it was measured in from from_us
 * on, or 0. */
static int64_t
median_latency(const struct facts *f, const char *kind, int64_t from_us)
{
	struct db_statement *s =
	    db_prepare(f->db, "SELECT p50_us FROM latency WHERE run_id = ?1 AND kind = ?2"
			      " AND t_us >= ?3 AND count > 0 ORDER BY t_us LIMIT 1");
	int64_t median = 0;

	if (s == NULL)
		return 0;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, kind);
	db_bind_int(s, 3, from_us);
	if (db_step(s) == 1)
		median = db_int(s, 0);
	db_finish(s);
	return median;
}

void
evidence_port_search(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	char source[FACTS_NAME];
	int64_t limit = evidence_port_limit(f, source), held = s->at.held;
	int64_t first = median_latency(f, "connect_raw", 0);
	int64_t then = median_latency(f, "connect_raw", s->t_us);

	if (limit <= 0 || held * 2 < limit)
		return;
	proof_use(s, held, limit, source);
	s->moved = first > 0 && then >= 10 * first;
	s->at_limit = s->moved;
	candidate_prove(s, s->t_us, held, limit, "%s in use", rule->display_name);
	if (s->moved)
		candidate_prove(s, s->t_us, then, -1,
				"median time of a connect(2), us; at first %lld",
				(long long)first);
	snprintf(s->text, sizeof(s->text),
		 "over half of the ports are taken: connect(2) searches for a free one");
}
