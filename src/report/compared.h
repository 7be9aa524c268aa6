/*
 * Comparisons of runs and trends over the history, as a person or another program reads them.
 */
#ifndef BRINK_REPORT_COMPARED_H
#define BRINK_REPORT_COMPARED_H

#include <stdio.h>

#include "analyse/compare.h"
#include "analyse/plan_history.h"
#include "base/json.h"
#include "report/report.h"

/* What is not alike, what changed for the worse or the better, what is unsure, and what is
 * the same; as text, or as Markdown. */
void compared_text(const struct comparison *comparison,
		   const struct report_options *options, FILE *out);
void compared_markdown(const struct comparison *comparison, FILE *out);

/* An object; key NULL: the next of an array. */
void compared_json(const struct comparison *comparison, const char *key, struct json *j);

/* A paragraph a plan, and its changes. */
void trended_text(const struct plan_histories *list, FILE *out);

/* Items of a list, a plan each: base/json.h. */
void trended_json(const struct plan_histories *list, struct json *j);

#endif
