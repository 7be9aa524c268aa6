/*
 * The charts of the HTML report, and how one is made.
 */
#ifndef BRINK_REPORT_CHART_H
#define BRINK_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/findings.h"
#include "report/frame.h"
#include "store/db.h"

#define CHART_SERIES 8
#define CHART_LIMITS 4
#define CHART_NAME   160

/* Acceptors whose balance is shown; more are said to be left out. */
#define CHART_WORKERS 32

/* Cycles whose recovery is drawn; the same. */
#define CHART_CYCLES 24

enum chart_unit { CHART_COUNT, CHART_BYTES, CHART_US, CHART_RATE, CHART_PERCENT };

struct chart_series {
	char label[CHART_NAME];
	size_t frame, column; /* of the set */
	double scale;         /* value = stored * scale */
	unsigned slot;        /* colour and dashes */
	bool spans;           /* a line goes over points that are not known */
};

/* A ceiling of what the chart shows. */
struct chart_limit {
	char label[CHART_NAME];
	double value;
};

struct chart {
	char id[48], title[CHART_NAME];
	const char *about;
	enum chart_unit unit;
	bool apart; /* its x axis is its own: time since the release */
	size_t all; /* lines there would be; more than are drawn: chosen says which are */
	const char *chosen;
	struct chart_series series[CHART_SERIES];
	struct chart_limit limits[CHART_LIMITS];
	size_t series_count, limit_count;
};

/* A moment of the run that every chart shows. */
struct chart_mark {
	int64_t x;
	char label[CHART_NAME];
	bool broke;    /* the breaking point; else a first failure */
	unsigned slot; /* of the run, where several are compared */
};

struct chart_band {
	int64_t from, to;
	char name[16];
};

/* An acceptor over the run: columns of frame 0. */
struct chart_worker {
	char name[FINDINGS_NAME];
	size_t held, fds;
	int64_t limit; /* of its open files; 0: not known */
};

struct chart_set {
	struct frame *frames;
	size_t frame_count;
	struct chart *charts;
	struct chart_band *bands;
	struct chart_mark *marks;
	struct chart_worker *workers;
	size_t count, band_count, mark_count, worker_count;
	int64_t x_from, x_to; /* of the charts that are not apart */
	bool has_held;        /* charts can be drawn over held connections: */
	size_t held;          /* column of frame 0, */
	int64_t held_to;      /* up to this moment */
};

void chart_set_free(struct chart_set *set);

/* A series' value at a row of its frame; false where it is not known. */
bool chart_value(const struct chart_set *set, const struct chart_series *series,
		 size_t row, double *value);

/* A value in a chart's unit: "20,000", "4.5 MiB", "35 %". buf holds AMOUNT_SIZE bytes. */
char *chart_amount(enum chart_unit unit, double value, char *buf);

/* A time since the run's start or the release, in microseconds: "12.3 s", or where the
 * whole axis spans ten minutes or more "1:02:03". buf holds AMOUNT_SIZE bytes. */
char *chart_time(double us, double span_us, char *buf);

/* The smallest 1, 2 or 5 times a power of ten, for sizes 1 to 500 times one of 1024, that is
 * not below least: for the lines of an axis. */
double chart_step(enum chart_unit unit, double least);

/* Appends a series, where there is room for it. */
void chart_add_series(struct chart *chart, const char *label, size_t frame, size_t column,
		      double scale, unsigned slot, bool spans);

/* Appends a limit, where there is room and it is not there yet with the same value. */
void chart_add_limit(struct chart *chart, const struct findings_limit *limit);

struct chart_line {
	const char *label; /* NULL: a line for each of the subjects, called by its name */
	struct frame_want want;
};

struct chart_spec {
	const char *id, *title, *about;
	enum chart_unit unit;
	double scale; /* of stored values to the unit */
	const char
	    *compare; /* label of the line that stands for a run; NULL: none does */
	struct chart_line lines[CHART_SERIES];
};

extern const struct chart_spec chart_table[];
extern const size_t chart_table_count;

/* The charts of a run that have something to show. 0, or -1 (see db_error);
 * chart_set_free() in either case. */
int chart_set_load(struct chart_set *set, struct db *db, const struct findings *f);

/* The lines of the charts that stand for a run, 0 the first attempt of each. 0, or -1 (see
 * db_error); chart_set_free() in either case. */
int chart_set_compare(struct chart_set *set, struct db *db, const struct findings *runs,
		      size_t count);

#endif
