/*
 * Trends over the history, as a person or another program reads them.
 */
#ifndef BRINK_REPORT_TRENDED_H
#define BRINK_REPORT_TRENDED_H

#include "analyse/plan_history.h"
#include "base/json.h"

/* A paragraph a plan, and its changes. */
void trended_text(const struct plan_histories *list, FILE *out);

/* An array, a plan each. */
void trended_json(const struct plan_histories *list, struct json *j);

#endif
