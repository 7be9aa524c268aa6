/*
 * The queries that findings are read with, one a struct. ?1 is the run.
 */
#ifndef BRINK_REPORT_FINDINGS_QUERY_H
#define BRINK_REPORT_FINDINGS_QUERY_H

#include <stddef.h>

#include "store/db.h"

struct findings_query {
	const char *sql;
	size_t size; /* of the struct that fill() reads a row into */
	void (*fill)(struct db_statement *s, void *row);
};

/* Reads struct findings: its run and host. */
extern const struct findings_query findings_run_query;

/* Read the struct of report/findings.h with the same name. */
extern const struct findings_query findings_break_query;
extern const struct findings_query findings_item_query;
extern const struct findings_query findings_evidence_query;
extern const struct findings_query findings_level_query;
extern const struct findings_query findings_cost_query;
extern const struct findings_query findings_recovery_query;
extern const struct findings_query findings_forecast_query;
extern const struct findings_query findings_failure_query;
extern const struct findings_query findings_worker_query;
extern const struct findings_query findings_funnel_query;
extern const struct findings_query findings_health_query;
extern const struct findings_query findings_event_query;
extern const struct findings_query findings_setting_query;
extern const struct findings_query findings_cycle_query;
extern const struct findings_query findings_cycle_trend_query;
extern const struct findings_query findings_expected_query;
/* Only the kinds: the quantiles come from all histograms of one. */
extern const struct findings_query findings_latency_query;
extern const struct findings_query findings_phase_query;
extern const struct findings_query findings_limit_query;
extern const struct findings_query findings_subject_query;
extern const struct findings_query findings_option_query;

#endif
