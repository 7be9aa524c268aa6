/*
 * The one table of the figures that a run comes to: what --expect and --abort-on may ask
 * about, what "brink compare" compares and what "brink figures" lists.
 */
#ifndef BRINK_PLAN_FIGURE_H
#define BRINK_PLAN_FIGURE_H

#include <stddef.h>
#include <stdint.h>

/* Values are double, in the base unit named here. */
enum figure_unit {
	FIGURE_COUNT,       /* 15000, 15k, 1.01 */
	FIGURE_SHARE,       /* of 1; typed as 99% */
	FIGURE_BYTES,       /* 64, 4.5Ki */
	FIGURE_TIME,        /* microseconds; typed with its unit */
	FIGURE_COUNT_PER_S, /* 0.1/s */
	FIGURE_BYTES_PER_S, /* 64Ki/s */
	FIGURE_UNIT_COUNT
};

/* Where the value is seen while the run goes on. */
enum figure_live {
	LIVE_NOT, /* only known at the end */
	LIVE_ATTEMPTED,
	LIVE_ESTABLISHED,
	LIVE_ACCEPTED,
	LIVE_SERVED,
	LIVE_HELD,
	LIVE_FAILED,
	LIVE_MISSED,
	LIVE_LOST,
	LIVE_CANARY_FAILED,
	LIVE_AVAILABLE_MEMORY,
	LIVE_FDS,
	LIVE_MEMORY,
	LIVE_QUEUE,
	LIVE_TIME_WAIT,
	LIVE_DURATION,
	LIVE_COUNT
};

/* Which way a change is for the better. */
enum figure_better { BETTER_NEITHER, BETTER_MORE, BETTER_LESS };

struct figure {
	const char *name, *help;
	enum figure_unit unit;
	enum figure_better better;
	enum figure_live live;
	/* In the store: SQL for run ?1 that gives the value, or the value and the limits of
	 * its 95 % interval; no row or NULL where it is not known. */
	const char *sql;
	/* Where sql is NULL: a quantile of the latencies of a kind, over the whole run. */
	const char *latency;
	double quantile;
};

extern const struct figure figures[];
extern const size_t figure_count;

/* The figure of a name of length bytes, or NULL. */
const struct figure *figure_find(const char *name, size_t length);

/* The word for a unit in a table: "count", "share", "bytes", "time", … */
const char *figure_unit_name(enum figure_unit unit);

/* Reads all of text as a value: NULL and *value, or a text that says what is allowed with
 * an example. Nothing is guessed: a share needs its %, a time its unit, a rate its /s. */
const char *figure_parse(enum figure_unit unit, const char *text, double *value);

#define FIGURE_TEXT_SIZE 64

/* Writes a value for a person: "15,000", "1.01", "99.2 %", "4.5 KiB", "12.5 ms",
 * "64.0 KiB/s". buf holds FIGURE_TEXT_SIZE bytes and is returned. */
char *figure_format(enum figure_unit unit, double value, char *buf);

#endif
