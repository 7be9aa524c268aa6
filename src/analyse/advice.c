#include "analyse/advice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analyse/breaking_point.h"
#include "model/limit.h"
#include "analyse/forecast.h"
#include "analyse/pace.h"
#include "base/clock.h"
#include "base/units.h"

#define TEXT 512

/* The highest that another process of the same role has of the limit: to give all of them
 * less would harm. 0: not known. */
static int64_t
present_value(const struct facts *f, const struct candidate *cause)
{
	struct db_statement *s;
	int64_t value = 0;

	if (cause->rule->role == ROLE_NONE || cause->rule->resource == NULL)
		return 0;
	s = db_prepare(f->db, "SELECT max(l.value) FROM resource_limit AS l JOIN process"
			      " AS p ON p.run_id = l.run_id AND p.process_id = l.subject"
			      " WHERE l.run_id = ?1 AND l.kind = 'process' AND"
			      " l.resource = ?2 AND p.role = ?3");
	if (s == NULL)
		return 0;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, cause->rule->resource);
	db_bind_text(s, 3, role_name(cause->rule->role));
	if (db_step(s) == 1 && !db_is_null(s, 0))
		value = db_int(s, 0);
	db_finish(s);
	return value;
}

/* Enough for the connections that were called for, with a tenth to spare and at least
 * twice what there is, as a power of two; no less than what another has already. */
static int64_t
value_to_try(const struct facts *f, const struct candidate *cause)
{
	int64_t held = breaking_point_held(cause), value = 1;
	int64_t present = present_value(f, cause);
	double wanted = 2.0 * (double)cause->limit;

	if (held > 0 && f->plan.clients > held) {
		double all =
		    1.1 * (double)cause->limit * (double)f->plan.clients / (double)held;

		wanted = all > wanted ? all : wanted;
	}
	while ((double)value < wanted && value < INT64_MAX / 4)
		value *= 2;
	return value > present ? value : present;
}

/* What a process holds beside its connections when it is full. */
static int64_t
own_files(const struct failure *m)
{
	return m->fds >= 0 && m->limit > 0 ? m->limit - m->own : m->own_fds;
}

/* One connection takes one descriptor: of all that were full together the sum; else all
 * grow as the one that was full first does. */
static double
files_at(const struct facts *f, const struct candidate *cause, int64_t value)
{
	const struct failure *first = cause->failure;
	double held = (double)breaking_point_held(cause), sum = 0;

	if (first == NULL || first->own <= 0)
		return 0;
	if (strcmp(cause->subject, "acceptors") != 0)
		return held * (double)(value - own_files(first)) / (double)first->own;
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (m->code == first->code && strcmp(m->call, first->call) == 0)
			sum += (double)((value > m->limit ? value : m->limit) -
					own_files(m));
	}
	return sum;
}

/* What a higher value buys: connections, or where the resource grows with time, time. */
struct gain {
	double at; /* connections at which the limit would be met; 0: not known */
	double
	    seconds; /* by which it would be met later; 0: it does not grow with time */
	double per_second;
};

/* Connections: (value - base) / cost. */
static struct gain
gain_of(const struct facts *f, const struct candidate *cause, int64_t value)
{
	const struct limit_rule *rule = cause->rule;
	struct forecast_line line;
	struct gain gain = { 0 };
	struct series usage;
	int64_t subject;

	if (rule->kind == NULL || rule->resource == NULL)
		return gain;
	if (strcmp(rule->kind, "process") == 0 && strcmp(rule->resource, "fds") == 0) {
		gain.at = files_at(f, cause, value);
		return gain;
	}
	subject = facts_subject(f, rule->kind, cause->subject);
	if (series_load(&usage, f, rule->kind, subject, rule->resource) == 0) {
		if (forecast_line(&line, f, rule->kind, subject, rule->resource, &usage,
				  cause->t_us) &&
		    (double)value > line.base)
			gain.at = ((double)value - line.base) / line.cost;
		gain.per_second = line.per_second;
		if (line.per_second > 0)
			gain.seconds = (double)(value - cause->limit) / line.per_second;
	}
	series_free(&usage);
	return gain;
}

/* "; it grows by 6.0 MiB/s whatever the connections: this lasts 10 s longer" */
static void
add_delay(const struct candidate *cause, const struct gain *gain, char *text, size_t size)
{
	char delay[160], rate[UNITS_TEXT_SIZE], longer[UNITS_TEXT_SIZE];

	snprintf(
	    delay, sizeof(delay),
	    "; it grows by %s/s while the connections stand still, so that this"
	    " lasts about %s longer",
	    units_format(limit_rule_unit(cause->rule), llround(gain->per_second), rate),
	    units_format(UNIT_US, llround(gain->seconds) * US_PER_S, longer));
	strlcat(text, delay, size);
}

/* " (moves this limit from 250 to about 506 connections)", or, where something else is met
 * before, no further than to that: " (moves the break from 250 to about 300 connections)" */
static void
add_gain(const struct candidate *cause, const struct gain *bought, double next_at,
	 char *text, size_t size)
{
	int64_t held = breaking_point_held(cause);
	bool cut = next_at > 0 && next_at < bought->at;
	char gain[160], from[UNITS_TEXT_SIZE], to[UNITS_TEXT_SIZE];

	if (bought->seconds > 0)
		add_delay(cause, bought, text, size);
	if (bought->at <= (double)held)
		return;
	snprintf(gain, sizeof(gain), " (moves %s from %s to about %s connections)",
		 cut ? "the break" : "this limit", units_format(UNIT_COUNT, held, from),
		 units_format(UNIT_COUNT, (int64_t)(cut ? next_at : bought->at), to));
	strlcat(text, gain, size);
}

/* "; next would be ephemeral ports of clients, at 28,232 connections" */
static void
add_next(const struct forecast_ceiling *next, char *text, size_t size)
{
	char at[UNITS_TEXT_SIZE], part[256];

	snprintf(part, sizeof(part), "; next would be %s of %s, at %s connections",
		 display_name_of(next->resource), next->subject,
		 units_format(UNIT_COUNT, (int64_t)next->at, at));
	strlcat(text, part, size);
}

static int
advise_on_cause(struct finding_writer *w, const struct facts *f,
		const struct candidate *cause)
{
	struct finding finding = { .kind = "recommendation",
				   .limit_id = cause->rule->id,
				   .subject = cause->subject,
				   .side = cause->side,
				   .t_us = -1 };
	int64_t value = value_to_try(f, cause);
	struct forecast_ceiling next = { 0 };
	/* One that is behind is none of the next. */
	bool has_next = forecast_next(&next, f, cause->rule, cause->subject,
				      breaking_point_held(cause));
	struct gain gain;
	char text[TEXT], number[UNITS_TEXT_SIZE];

	/* Of bytes the unit is said; a number of things is written as commands take it. */
	if (limit_rule_unit(cause->rule) == UNIT_BYTES)
		units_format(UNIT_BYTES, value, number);
	else
		snprintf(number, sizeof(number), "%lld", (long long)value);
	limit_rule_advice(cause->rule, number, text, sizeof(text));
	if (strncmp(cause->subject, "cgroup /", strlen("cgroup /")) == 0) {
		strlcat(text, ", of ", sizeof(text));
		strlcat(text, cause->subject + strlen("cgroup "), sizeof(text));
	}
	if (strchr(cause->rule->advice, '@') != NULL && cause->limit > 0) {
		gain = gain_of(f, cause, value);
		add_gain(cause, &gain, has_next ? next.at : 0, text, sizeof(text));
	}
	if (has_next)
		add_next(&next, text, sizeof(text));
	finding.text = text;
	return finding_add(w, &finding);
}

static int
advise(struct finding_writer *w, const char *side, const char *text)
{
	struct finding finding = {
		.kind = "recommendation", .side = side, .t_us = -1, .text = text
	};

	return finding_add(w, &finding);
}

int
advice_store(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	if (v->cause != NULL && v->cause->rule != NULL &&
	    advise_on_cause(w, f, v->cause) == -1)
		return -1;
	if (pace_schedule(f, facts_load_end(f)).is_missed &&
	    strcmp(v->outcome.word, "inconclusive") == 0 && v->cause == NULL &&
	    advise(w, "client",
		   "ask for less, or give the client side more: a lower --rate, or more"
		   " --forkers") == -1)
		return -1;
	if (f->weak &&
	    advise(w, "brink",
		   "run again on a quieter host, or with a longer --interval: ticks are"
		   " missing or late") == -1)
		return -1;
	return 0;
}

/* The value and the connections at four fifths of each of the nearest limits, once for all
 * workers of a role, of which one alone goes before their sum. Of processes only where the
 * server has one for each connection: clients are elsewhere in earnest. */
#define ALARM_SQL                                                                 \
	"WITH last AS (SELECT f.*, s.role, s.kind FROM forecast AS f JOIN"        \
	" subject AS s ON s.run_id = f.run_id AND s.name = f.subject"             \
	" AND s.kind <> 'worker' WHERE f.run_id = ?1 AND made_at_us ="            \
	" (SELECT max(made_at_us) FROM forecast WHERE run_id = ?1))"              \
	" SELECT resource, CASE WHEN count(*) > 1 THEN 'each ' || replace(role, " \
	"'target', 'process of the target')"                                      \
	" ELSE subject END, limit_value, at_connections, min(rank) FROM last"     \
	" WHERE resource <> 'available_bytes' AND (subject <> 'host' OR"          \
	" resource NOT IN ('threads', 'user_threads', 'process_ids') OR"          \
	" ?2 = 1) AND NOT (kind = 'group' AND EXISTS (SELECT 1"                   \
	" FROM last AS o WHERE o.kind = 'process' AND o.resource = last.resource" \
	" AND o.role = last.role)) GROUP BY resource, coalesce(role, subject)"    \
	" ORDER BY min(rank) LIMIT 5"

int
advice_alarms_store(struct finding_writer *w, const struct facts *f)
{
	struct db_statement *s = db_prepare(f->db, ALARM_SQL);
	int error = s == NULL ? -1 : 0;

	if (s != NULL) {
		db_bind_int(s, 1, f->run_id);
		db_bind_int(s, 2, f->plan.handler == HANDLER_FORK);
	}
	while (error == 0 && db_step(s) == 1) {
		const char *resource = db_text(s, 0);
		/* Some nouns say whose it is. */
		bool whose = strstr(display_name_of(resource), " of ") == NULL;
		int64_t limit = db_int(s, 2);
		char value[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE], at[UNITS_TEXT_SIZE],
		    text[TEXT];

		snprintf(text, sizeof(text),
			 "set an alarm at 80 %%: %s%s%s at %s of %s, which is at about %s"
			 " connections",
			 display_name_of(resource), whose ? " of " : "",
			 whose ? db_text(s, 1) : "",
			 units_format(display_name_unit(resource),
				      limit / 5 * 4 + limit % 5 * 4 / 5, value),
			 units_format(display_name_unit(resource), limit, all),
			 units_format(UNIT_COUNT, (int64_t)(0.8 * db_real(s, 3)), at));
		error = advise(w, NULL, text);
	}
	db_finish(s);
	return error;
}
