/*
 * Figures as a person reads them.
 */
#ifndef BRINK_REPORT_AMOUNT_H
#define BRINK_REPORT_AMOUNT_H

#include <stddef.h>

#include "report/findings.h"

#define AMOUNT_SIZE 160

/* value in its unit: "20,000", "4.5 KiB"; a small count that is not whole: "1.25". buf
 * holds AMOUNT_SIZE bytes and is returned, as in all of these. */
char *amount(enum unit unit, double value, char *buf);

/* amount(), "-" where it is not known. */
char *amount_known(bool known, enum unit unit, double value, char *buf);

/* The value; where it is 0 as far as its interval tells, "not significantly different from 0". */
char *amount_told(const struct findings_estimate *estimate, enum unit unit, char *buf);

/* "4.0 KiB .. 4.2 KiB", or "-" where it is not known. */
char *amount_interval(const struct findings_estimate *estimate, enum unit unit,
		      char *buf);

/* A time since the run's start or the release: "10.013 s"; "-" below 0. */
char *amount_time(int64_t us, char *buf);

/* The value of an option in a stored plan, NULL: none, as a person would write it; "" of a list
 * without entries. Returns value or buf. */
const char *amount_option(const char *name, const char *value, char *buf);

/* Cells of tables: the member of their column, in the unit of their row. A time, part or
 * estimate that is not known is "". */
column_show show_member, show_amount, show_rate, show_real, show_bytes, show_estimate,
    show_estimate_rate, show_interval, show_time, show_us, show_seconds, show_clock,
    show_part, show_ordinal, show_chance, show_display_name, show_stored;

/* Cells of one kind of row: struct findings_level, … */
column_show show_level_weak, show_needed, show_side, show_resource_of, show_limit,
    show_limit_subject, show_headroom, show_forecast;
column_show show_memory, show_memory_interval, show_forecast_limit,
    show_forecast_interval, show_remains, show_share, show_seen, show_seen_interval,
    show_passed;

#endif
