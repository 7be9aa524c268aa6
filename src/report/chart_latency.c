#include "report/chart_latency.h"

#include <string.h>

/* Lines of the chart: a kind of latency, and the column of its quantile. */
static const struct {
	const char *label, *kind;
	int column;
} latencies[] = {
	{ "canary, median", "canary", 2 },   { "canary, 99 %", "canary", 3 },
	{ "echo, median", "echo", 2 },       { "echo, 99 %", "echo", 3 },
	{ "connect, median", "connect", 2 }, { "connect, 99 %", "connect", 3 },
};

#define LATENCIES (sizeof(latencies) / sizeof(latencies[0]))

static const char latency_sql[] = "SELECT t_us, kind, p50_us, p99_us FROM latency"
				  " WHERE run_id = ?1 ORDER BY t_us, kind";

static void
take_latency(struct frame *frame, struct db_statement *s)
{
	if (frame->rows == 0 || frame->x[frame->rows - 1] != db_int(s, 0))
		frame->x[frame->rows++] = db_int(s, 0);
	for (size_t i = 0; i < LATENCIES; i++)
		if (strcmp(latencies[i].kind, db_text(s, 1)) == 0)
			frame->columns[i][frame->rows - 1] =
			    db_int(s, latencies[i].column);
}

int
chart_add_latency(struct chart_set *set, struct db *db, const struct findings *f,
		  size_t number)
{
	struct frame *frame = &set->frames[number];
	struct chart *chart = &set->charts[set->count];
	int64_t seconds =
	    db_query_int(db, "SELECT count(DISTINCT t_us) FROM latency WHERE run_id = ?1",
			 f->run.run_id, 0);
	struct db_statement *s = db_prepare(db, latency_sql);
	int64_t low, high;
	int got = -1;

	frame_begin(frame, (size_t)seconds, LATENCIES);
	frame->rows = 0;
	if (s != NULL)
		db_bind_int(s, 1, f->run.run_id);
	while (s != NULL && (got = db_step(s)) == 1)
		take_latency(frame, s);
	db_finish(s);
	frame->read = frame->rows;
	*chart = (struct chart){
		.id = "latency",
		.title = "Latency",
		.about =
		    "How long a newcomer waits: the canary from connect to echo, the "
		    "echo of a message, and connects from the time they were due.",
		.unit = CHART_US,
	};
	for (size_t i = 0; i < LATENCIES; i++)
		if (frame_range(frame, i, 0, frame->rows, &low, &high) == 0)
			chart_add_series(chart, latencies[i].label, number, i, 1,
					 (unsigned)i, false);
	set->count += chart->series_count > 0;
	return got;
}
