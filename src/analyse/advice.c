#include "analyse/advice.h"

#include <stdio.h>
#include <string.h>

#include "analyse/breaking_point.h"
#include "analyse/noun.h"
#include "base/units.h"

#define TEXT 512

/* Enough for the connections that were called for, with a tenth to spare and at least
 * twice what there is, as a power of two. */
static int64_t
value_to_try(const struct facts *f, const struct suspect *cause)
{
	int64_t held = breaking_point_held(cause), value = 1;
	double wanted = 2.0 * (double)cause->limit;

	if (held > 0 && f->clients > held) {
		double all =
		    1.1 * (double)cause->limit * (double)f->clients / (double)held;

		wanted = all > wanted ? all : wanted;
	}
	while ((double)value < wanted && value < INT64_MAX / 4)
		value *= 2;
	return value;
}

/* "; next: ephemeral ports of clients at 28,232 connections", from the last forecast made,
 * leaving out what gave way now. */
static void
add_next(const struct facts *f, const struct suspect *cause, char *text, size_t size)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT resource, subject, at_connections FROM forecast WHERE run_id = ?1"
	    " AND made_at_us = (SELECT max(made_at_us) FROM forecast WHERE run_id = ?1)"
	    " AND resource IS NOT ?2 ORDER BY rank LIMIT 1");
	char at[UNITS_TEXT_SIZE], next[160];

	if (s == NULL)
		return;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, cause->rule->resource);
	if (db_step(s) == 1) {
		snprintf(next, sizeof(next),
			 "; next would be %s of %s, at %s connections",
			 noun_of(db_text(s, 0)), db_text(s, 1),
			 units_format(UNIT_COUNT, (int64_t)db_real(s, 2), at));
		strlcat(text, next, size);
	}
	db_finish(s);
}

static int
advise_on_cause(struct finding_writer *w, const struct facts *f,
		const struct suspect *cause)
{
	struct finding finding = { .kind = "recommendation",
				   .limit_id = cause->rule->id,
				   .subject = cause->subject,
				   .side = cause->side,
				   .t_us = -1 };
	int64_t value = value_to_try(f, cause);
	char text[TEXT], number[32], gain[160], from[UNITS_TEXT_SIZE],
	    to[UNITS_TEXT_SIZE];

	snprintf(number, sizeof(number), "%lld", (long long)value);
	limit_rule_advice(cause->rule, number, text, sizeof(text));
	if (strchr(cause->rule->advice, '@') != NULL && cause->limit > 0) {
		int64_t held = breaking_point_held(cause);
		double factor = (double)value / (double)cause->limit;

		snprintf(gain, sizeof(gain),
			 " (moves this limit from %s to about %s"
			 " connections)",
			 units_format(UNIT_COUNT, held, from),
			 units_format(UNIT_COUNT, (int64_t)((double)held * factor), to));
		strlcat(text, gain, sizeof(text));
	}
	add_next(f, cause, text, sizeof(text));
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
	struct moment end = facts_at(f, facts_load_end(f));

	if (v->cause != NULL && v->cause->rule != NULL &&
	    advise_on_cause(w, f, v->cause) == -1)
		return -1;
	if (end.missed * OUTCOME_MISSED > end.attempted + end.missed &&
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

/* The value and the connections at four fifths of each of the nearest limits. */
#define ALARM_SQL                                                             \
	"SELECT resource, subject, limit_value, at_connections FROM forecast" \
	" WHERE run_id = ?1 AND rank < 5 AND made_at_us ="                    \
	" (SELECT max(made_at_us) FROM forecast WHERE run_id = ?1) ORDER BY rank"

int
advice_alarms_store(struct finding_writer *w, const struct facts *f)
{
	struct db_statement *s = db_prepare(f->db, ALARM_SQL);
	int error = s == NULL ? -1 : 0;

	if (s != NULL)
		db_bind_int(s, 1, f->run_id);
	while (error == 0 && db_step(s) == 1) {
		const char *resource = db_text(s, 0);
		/* Some nouns say whose it is. */
		bool whose = strstr(noun_of(resource), " of ") == NULL;
		int64_t limit = db_int(s, 2);
		char value[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE], at[UNITS_TEXT_SIZE],
		    text[TEXT];

		snprintf(text, sizeof(text),
			 "set an alarm at 80 %%: %s%s%s at %s of %s, which is at about %s"
			 " connections",
			 noun_of(resource), whose ? " of " : "",
			 whose ? db_text(s, 1) : "",
			 units_format(noun_unit(resource),
				      limit / 5 * 4 + limit % 5 * 4 / 5, value),
			 units_format(noun_unit(resource), limit, all),
			 units_format(UNIT_COUNT, (int64_t)(0.8 * db_real(s, 3)), at));
		error = advise(w, NULL, text);
	}
	db_finish(s);
	return error;
}
