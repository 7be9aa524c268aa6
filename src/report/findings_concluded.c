#include "report/findings_query.h"

#include <string.h>

#include "report/column.h"
#include "report/findings.h"

static const char break_sql[] =
    "SELECT t_us, since_attempt_us, attempted, established, accepted, served, held,"
    " limit_id, subject, side, confidence, usage, limit_value, call"
    " FROM breaking_point WHERE run_id = ?1 ORDER BY cycle LIMIT 1";

static void
fill_break(struct db_statement *s, void *row)
{
	struct findings_break *b = row;

	b->t_us = db_int(s, 0);
	b->since_attempt_us = db_int(s, 1);
	b->attempted = db_int(s, 2);
	b->established = db_int(s, 3);
	b->accepted = db_int(s, 4);
	b->served = db_int(s, 5);
	b->held = db_int(s, 6);
	COLUMN_TEXT(s, 7, b->limit_id);
	COLUMN_TEXT(s, 8, b->subject);
	COLUMN_TEXT(s, 9, b->side);
	COLUMN_TEXT(s, 10, b->confidence);
	b->has_usage = !db_is_null(s, 11);
	b->usage = db_int(s, 11);
	b->limit = db_int(s, 12);
	COLUMN_TEXT(s, 13, b->call);
}

const struct findings_query findings_break_query = { break_sql,
						     sizeof(struct findings_break),
						     fill_break };

static const char item_sql[] =
    "SELECT finding_id, t_us, kind, limit_id, subject, confidence, side, weak, text,"
    " rank, rests_on"
    " FROM finding WHERE run_id = ?1 ORDER BY rank";

static void
fill_item(struct db_statement *s, void *row)
{
	struct findings_item *item = row;

	item->finding_id = db_int(s, 0);
	item->t_us = column_int(s, 1, -1);
	COLUMN_TEXT(s, 2, item->kind);
	COLUMN_TEXT(s, 3, item->limit_id);
	COLUMN_TEXT(s, 4, item->subject);
	COLUMN_TEXT(s, 5, item->confidence);
	COLUMN_TEXT(s, 6, item->side);
	item->weak = db_int(s, 7) != 0;
	item->text = column_copy(s, 8);
	item->rank = db_int(s, 9);
	item->rests_on = column_int(s, 10, -1);
}

const struct findings_query findings_item_query = { item_sql,
						    sizeof(struct findings_item),
						    fill_item };

static const char evidence_sql[] =
    "SELECT finding_id, e.t_us, what, value, limit_value FROM evidence e"
    " JOIN finding USING (finding_id) WHERE run_id = ?1 ORDER BY rank, seq";

static void
fill_evidence(struct db_statement *s, void *row)
{
	struct findings_evidence *e = row;

	e->finding_id = db_int(s, 0);
	e->t_us = column_int(s, 1, -1);
	e->what = column_copy(s, 2);
	e->has_value = !db_is_null(s, 3);
	e->value = db_int(s, 3);
	e->has_limit = !db_is_null(s, 4);
	e->limit = db_int(s, 4);
}

const struct findings_query findings_evidence_query = { evidence_sql,
							sizeof(struct findings_evidence),
							fill_evidence };

/* Three columns: value, low and high; not known where the first is NULL. */
static void
read_estimate(struct db_statement *s, int column, struct findings_estimate *estimate)
{
	estimate->known = !db_is_null(s, column);
	estimate->value = db_real(s, column);
	estimate->low = db_real(s, column + 1);
	estimate->high = db_real(s, column + 2);
}

static const char level_sql[] =
    "SELECT l.kind, l.resource, l.subject, r.unit, base, peak, final, leaked, per_second,"
    " per_connection, per_connection_low, per_connection_high, over_time, over_time_low,"
    " over_time_high, n, class, pattern, trend_p, still_s, needed_s, weak, cycle"
    " FROM leak l"
    " LEFT JOIN resource r ON r.kind = l.kind AND r.name = l.resource"
    " WHERE run_id = ?1 ORDER BY cycle, l.kind, l.subject, l.resource";

static void
fill_level(struct db_statement *s, void *row)
{
	struct findings_level *level = row;

	COLUMN_TEXT(s, 0, level->kind);
	COLUMN_TEXT(s, 1, level->resource);
	COLUMN_TEXT(s, 2, level->subject);
	level->unit = column_unit(db_text(s, 3));
	level->base = db_real(s, 4);
	level->peak = db_real(s, 5);
	level->final = db_real(s, 6);
	level->leaked = db_real(s, 7);
	level->per_second = db_real(s, 8);
	read_estimate(s, 9, &level->per_connection);
	read_estimate(s, 12, &level->over_time);
	level->n = db_int(s, 15);
	COLUMN_TEXT(s, 16, level->class);
	COLUMN_TEXT(s, 17, level->pattern);
	level->trend_p = column_real(s, 18, -1);
	level->still_s = column_real(s, 19, -1);
	level->needed_s = column_real(s, 20, -1);
	level->weak = db_int(s, 21) != 0;
	level->cycle = db_int(s, 22);
}

const struct findings_query findings_level_query = { level_sql,
						     sizeof(struct findings_level),
						     fill_level };

static const char recovery_sql[] =
    "SELECT v.kind, v.resource, v.subject, r.unit, base, peak, residual, recovered, "
    "t50_us,"
    " t90_us, t99_us, settled_us, cycle FROM recovery v"
    " LEFT JOIN resource r ON r.kind = v.kind AND r.name = v.resource"
    " WHERE run_id = ?1 ORDER BY cycle, v.kind, v.subject, v.resource";

static void
fill_recovery(struct db_statement *s, void *row)
{
	struct findings_recovery *r = row;

	COLUMN_TEXT(s, 0, r->kind);
	COLUMN_TEXT(s, 1, r->resource);
	COLUMN_TEXT(s, 2, r->subject);
	r->unit = column_unit(db_text(s, 3));
	r->base = db_real(s, 4);
	r->peak = db_real(s, 5);
	r->residual = db_real(s, 6);
	r->taken = !db_is_null(s, 7);
	r->recovered = db_real(s, 7);
	r->t50_us = column_int(s, 8, -1);
	r->t90_us = column_int(s, 9, -1);
	r->t99_us = column_int(s, 10, -1);
	r->settled_us = column_int(s, 11, -1);
	r->cycle = db_int(s, 12);
}

const struct findings_query findings_recovery_query = { recovery_sql,
							sizeof(struct findings_recovery),
							fill_recovery };

static const char forecast_sql[] =
    "SELECT made_at_us, made_at_held, rank, limit_value, resource, subject, "
    "at_connections,"
    " low, high, (SELECT s.role FROM subject AS s WHERE s.run_id = f.run_id AND"
    " s.name = f.subject) FROM forecast AS f WHERE run_id = ?1"
    " ORDER BY made_at_us, rank";

static void
fill_forecast(struct db_statement *s, void *row)
{
	struct findings_forecast *forecast = row;

	forecast->made_at_us = db_int(s, 0);
	forecast->made_at_held = db_int(s, 1);
	forecast->rank = db_int(s, 2);
	forecast->limit = db_int(s, 3);
	COLUMN_TEXT(s, 4, forecast->resource);
	COLUMN_TEXT(s, 5, forecast->subject);
	forecast->at = db_real(s, 6);
	forecast->low = db_real(s, 7);
	forecast->high = db_real(s, 8);
	forecast->role = db_is_null(s, 9) ? ROLE_NONE : role_find(db_text(s, 9));
}

const struct findings_query findings_forecast_query = { forecast_sql,
							sizeof(struct findings_forecast),
							fill_forecast };

static const char cycle_sql[] =
    "SELECT cycle, from_s, settled_s, service_s, latency_s, ports_s, broke_held, "
    "limit_id,"
    " recovered, remains FROM v_cycle WHERE run_id = ?1 ORDER BY cycle";

static void
fill_cycle(struct db_statement *s, void *row)
{
	struct findings_cycle *c = row;

	c->cycle = db_int(s, 0);
	c->from_s = db_real(s, 1);
	c->settled_s = column_real(s, 2, -1);
	c->service_s = column_real(s, 3, -1);
	c->latency_s = column_real(s, 4, -1);
	c->ports_s = column_real(s, 5, -1);
	c->broke_held = column_int(s, 6, -1);
	COLUMN_TEXT(s, 7, c->limit_id);
	COLUMN_TEXT(s, 8, c->recovered);
	c->remains = column_copy(s, 9);
}

const struct findings_query findings_cycle_query = { cycle_sql,
						     sizeof(struct findings_cycle),
						     fill_cycle };

static const char cost_sql[] =
    "SELECT side, bytes, bytes_low, bytes_high FROM v_cost_per_connection"
    " WHERE run_id = ?1 AND cycle = 0"
    " ORDER BY instr('client server kernel total', side)";

static void
fill_cost(struct db_statement *s, void *row)
{
	struct findings_cost *cost = row;

	COLUMN_TEXT(s, 0, cost->side);
	read_estimate(s, 1, &cost->bytes);
}

const struct findings_query findings_cost_query = { cost_sql,
						    sizeof(struct findings_cost),
						    fill_cost };

static const char cycle_trend_sql[] =
    "SELECT kind, resource, subject, class, unit, cycles, per_cycle, per_cycle_low,"
    " per_cycle_high FROM v_cycle_trend WHERE run_id = ?1"
    " ORDER BY kind, subject, resource";

static void
fill_cycle_trend(struct db_statement *s, void *row)
{
	struct findings_cycle_trend *t = row;

	COLUMN_TEXT(s, 0, t->kind);
	COLUMN_TEXT(s, 1, t->resource);
	COLUMN_TEXT(s, 2, t->subject);
	COLUMN_TEXT(s, 3, t->class);
	t->unit = column_unit(db_text(s, 4));
	t->cycles = db_int(s, 5);
	read_estimate(s, 6, &t->per_cycle);
}

const struct findings_query findings_cycle_trend_query = {
	cycle_trend_sql, sizeof(struct findings_cycle_trend), fill_cycle_trend
};

static const char expected_sql[] =
    "SELECT expression, figure, bound, value, value_low, value_high, passed"
    " FROM expectation WHERE run_id = ?1 ORDER BY seq";

static void
fill_expected(struct db_statement *s, void *row)
{
	struct findings_expected *expected = row;
	const char *name = db_text(s, 1);
	const struct figure *figure = figure_find(name, strlen(name));

	COLUMN_TEXT(s, 0, expected->expression);
	expected->unit = figure != NULL ? figure->unit : FIGURE_COUNT;
	expected->bound = db_real(s, 2);
	expected->value.known = !db_is_null(s, 3);
	expected->value.value = db_real(s, 3);
	expected->value.has_interval = !db_is_null(s, 4);
	expected->value.low = db_real(s, 4);
	expected->value.high = db_real(s, 5);
	expected->passed = db_int(s, 6) != 0;
}

const struct findings_query findings_expected_query = { expected_sql,
							sizeof(struct findings_expected),
							fill_expected };
