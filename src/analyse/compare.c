#include "analyse/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/json.h"
#include "base/log.h"
#include "plan/plan.h"
#include "store/run.h"

static const char *const judgement_names[JUDGEMENTS] = { "worse", "better", "unsure",
							 "same" };

const char *
judgement_name(enum judgement judgement)
{
	return judgement_names[judgement];
}

/* Options of these groups change nothing in a run. */
static bool
is_of_plan(const struct option_spec *spec)
{
	static const char *const beside[] = { "expectations", "results", "file" };

	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (strcmp(spec->group, beside[i]) == 0)
			return false;
	return true;
}

char *
compare_plan_key(struct db *db, int64_t run_id)
{
	struct plan plan;
	struct json j;
	char *text = NULL;
	size_t size;
	FILE *out = NULL;

	if (run_plan(db, run_id, &plan) == 0)
		out = open_memstream(&text, &size);
	if (out != NULL) {
		json_begin(&j, out);
		json_object(&j, NULL);
		for (size_t i = 0; i < plan_options.count; i++) {
			struct option_table one = plan_options;

			one.specs = &plan_options.specs[i];
			one.count = 1;
			if (is_of_plan(one.specs))
				option_json(&one, &plan, &j);
		}
		json_end_object(&j);
		fclose(out);
	}
	plan_free(&plan);
	return text;
}

/* Everything that can be said of a run before its figures, and in which the two differ. */
static const char difference_sql[] =
    "WITH fact (run_id, part, kind, name, value) AS MATERIALIZED ("
    " SELECT ?1, 0, 'plan', key, value FROM json_each(?3)"
    " UNION ALL SELECT ?2, 0, 'plan', key, value FROM json_each(?4)"
    " UNION ALL SELECT run_id, 1, 'host', key, value FROM run JOIN host USING (host_id),"
    "  json_each(json_object('name', name, 'kernel', kernel, 'machine', machine,"
    "   'distribution', distribution, 'processor', cpu_model, 'processors', cpus,"
    "   'memory bytes', memory_bytes, 'container', container, 'brink', version))"
    "  WHERE run_id IN (?1, ?2)"
    " UNION ALL SELECT run_id, 2, 'setting', subject || ' ' || name, value FROM setting"
    "  WHERE run_id IN (?1, ?2)"
    /* Where the cgroup of a run's own lay is another in each. */
    "  AND NOT (subject = 'cgroup' AND value GLOB '*/brink.[A-Za-z0-9]*')"
    " UNION ALL SELECT run_id, 3, 'verdict', key, value FROM v_run,"
    "  json_each(json_object('outcome', outcome, 'limit', limit_id, 'subject', subject))"
    "  WHERE run_id IN (?1, ?2))"
    "SELECT f.kind, f.name, coalesce(a.value, ''), coalesce(b.value, '')"
    " FROM (SELECT DISTINCT part, kind, name FROM fact) AS f"
    " LEFT JOIN fact AS a ON a.run_id = ?1 AND a.kind = f.kind AND a.name = f.name"
    " LEFT JOIN fact AS b ON b.run_id = ?2 AND b.kind = f.kind AND b.name = f.name"
    " WHERE a.value IS NOT b.value ORDER BY f.part, f.name";

static char *
copy(const char *text)
{
	char *result = strdup(text);

	if (result == NULL)
		fatal("cannot hold a difference of two runs");
	return result;
}

/* A value of the stored plan as one would type it. */
static char *
option_copy(const struct option_spec *spec, const char *stored)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (spec->type == OPTION_TEXT || spec->type == OPTION_CHOICE ||
	    spec->type == OPTION_CUSTOM)
		return copy(stored);
	out = open_memstream(&text, &size);
	if (out == NULL)
		fatal("cannot hold a difference of two runs");
	option_value_write(spec, strtoll(stored, NULL, 10), out);
	fclose(out);
	return text;
}

static void
take_difference(struct difference *d, struct db_statement *s)
{
	const struct option_spec *spec = NULL;
	const char *name = db_text(s, 1);

	db_text_copy(s, 0, d->kind, sizeof(d->kind));
	if (strcmp(d->kind, "plan") == 0)
		spec = option_find(&plan_options, name, strlen(name));
	d->name = copy(name);
	d->before = spec ? option_copy(spec, db_text(s, 2)) : copy(db_text(s, 2));
	d->after = spec ? option_copy(spec, db_text(s, 3)) : copy(db_text(s, 3));
}

static int
load_differences(struct comparison *c, struct db *db)
{
	char *before = compare_plan_key(db, c->before),
	     *after = compare_plan_key(db, c->after);
	struct db_statement *s = db_prepare(db, difference_sql);
	struct rows rows = { 0 };
	int got = -1;

	if (before != NULL && after != NULL && s != NULL) {
		db_bind_int(s, 1, c->before);
		db_bind_int(s, 2, c->after);
		db_bind_text(s, 3, before);
		db_bind_text(s, 4, after);
		while ((got = db_step(s)) == 1)
			take_difference(rows_add(&rows, sizeof(struct difference)), s);
	}
	db_finish(s);
	free(before);
	free(after);
	c->differences = rows.data;
	c->difference_count = rows.count;
	return got;
}

/* The half of a value's interval that is below or above it. */
static double
half(const struct figure_value *value, bool above)
{
	if (!value->has_interval)
		return 0;
	return above ? fmax(value->high - value->value, 0)
		     : fmax(value->value - value->low, 0);
}

/* What happens by chance now and then: of two like runs one may well have it. So many more
 * than the other, it is no chance: three times the spread of a Poisson count. */
static bool
is_rare_event(const struct figure *figure)
{
	return figure->unit == FIGURE_COUNT && figure->better == BETTER_LESS;
}

static double
spread(const struct contrast *c)
{
	return is_rare_event(c->figure)
		   ? 3 * sqrt(fmax(c->before.value, 0) + fmax(c->after.value, 0) + 1)
		   : 0;
}

/* A relative difference below which like runs differ all the time. */
static double
matters_of(const struct figure *figure)
{
	return figure->latency != NULL ? COMPARE_LATENCY : COMPARE_MATTERS;
}

static enum judgement
direction(const struct contrast *c)
{
	bool more = c->difference > 0;

	return more == (c->figure->better == BETTER_MORE) ? JUDGED_BETTER : JUDGED_WORSE;
}

/* Less than the least that there can be of it, whatever its interval. */
static bool
is_none(const struct contrast *c)
{
	bool bytes =
	    c->figure->unit == FIGURE_BYTES || c->figure->unit == FIGURE_BYTES_PER_S;

	return fabs(c->difference) < (bytes ? 1 : 1e-9);
}

void
contrast_judge(struct contrast *c)
{
	double most = fmax(fabs(c->before.value), fabs(c->after.value));
	double matters = matters_of(c->figure) * most;
	bool large;

	c->known = c->before.known && c->after.known;
	c->judgement = JUDGED_UNSURE;
	if (!c->known)
		return;
	c->difference = c->after.value - c->before.value;
	c->has_interval = c->before.has_interval || c->after.has_interval;
	c->low = c->difference - hypot(half(&c->after, false), half(&c->before, true));
	c->high = c->difference + hypot(half(&c->after, true), half(&c->before, false));
	large = fabs(c->difference) > matters;
	if (is_none(c)) {
		c->judgement = JUDGED_SAME;
	} else if (c->has_interval) {
		if (large && !c->disturbed && (c->low > 0 || c->high < 0))
			c->judgement = direction(c);
		else if (c->low >= -matters && c->high <= matters)
			c->judgement = JUDGED_SAME;
	} else if (!large) {
		c->judgement = JUDGED_SAME;
	} else if (c->figure->unit == FIGURE_COUNT && fabs(c->difference) > spread(c)) {
		c->judgement = direction(c);
	}
}

static double
relative(const struct contrast *c)
{
	double scale = fmax(fabs(c->before.value), fabs(c->after.value));

	return c->known && scale > 0 ? fabs(c->difference) / scale : 0;
}

static int
compare_contrasts(const void *a, const void *b)
{
	const struct contrast *x = a, *y = b;
	double by = relative(y) - relative(x);

	if (x->judgement != y->judgement)
		return x->judgement < y->judgement ? -1 : 1;
	if (by > 0 || by < 0)
		return by > 0 ? 1 : -1;
	return x->figure < y->figure ? -1 : x->figure > y->figure;
}

/* The part of the host's processors that other programs used during the run, 0 to 1. */
static const char others_sql[] =
    "WITH host (used, idle) AS ("
    " SELECT max(cpu_user_us_total + cpu_system_us_total)"
    "   - min(cpu_user_us_total + cpu_system_us_total),"
    "  max(cpu_idle_us_total) - min(cpu_idle_us_total)"
    " FROM host_sample WHERE run_id = ?1),"
    " own (used) AS ("
    " SELECT sum(used) FROM ("
    "  SELECT max(cpu_user_us_total + cpu_system_us_total)"
    "    - min(cpu_user_us_total + cpu_system_us_total) AS used"
    "  FROM group_sample WHERE run_id = ?1 GROUP BY subject))"
    "SELECT 100 * (host.used - coalesce(own.used, 0)) / nullif(host.used + idle, 0)"
    " FROM host, own";

/* Beyond, latencies are those of a host that does something else. */
#define OTHERS_PERCENT 10

static bool
is_disturbed(struct db *db, const struct comparison *c)
{
	return db_query_int(db, others_sql, c->before, 0) > OTHERS_PERCENT ||
	       db_query_int(db, others_sql, c->after, 0) > OTHERS_PERCENT;
}

static int
load_contrasts(struct comparison *c, struct db *db)
{
	bool disturbed = is_disturbed(db, c);

	c->contrasts = rows_alloc(figure_count, sizeof(*c->contrasts));
	for (size_t i = 0; i < figure_count; i++) {
		struct contrast *contrast = &c->contrasts[c->contrast_count];

		contrast->figure = &figures[i];
		if (figures[i].better == BETTER_NEITHER)
			continue;
		if (figure_value_read(&contrast->before, db, c->before, &figures[i]) ==
			-1 ||
		    figure_value_read(&contrast->after, db, c->after, &figures[i]) == -1)
			return -1;
		if (!contrast->before.known && !contrast->after.known)
			continue;
		contrast->disturbed = disturbed && figures[i].latency != NULL;
		contrast_judge(contrast);
		c->contrast_count++;
	}
	qsort(c->contrasts, c->contrast_count, sizeof(*c->contrasts), compare_contrasts);
	return 0;
}

int
comparison_load(struct comparison *c, struct db *db, int64_t before, int64_t after)
{
	*c = (struct comparison){ .before = before, .after = after };
	if (load_differences(c, db) == -1)
		return -1;
	return load_contrasts(c, db);
}

void
comparison_free(struct comparison *c)
{
	for (size_t i = 0; i < c->difference_count; i++) {
		free(c->differences[i].name);
		free(c->differences[i].before);
		free(c->differences[i].after);
	}
	free(c->differences);
	free(c->contrasts);
}
