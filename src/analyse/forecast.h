/*
 * Where each limit would be met: N = (limit - base) / cost of a connection. The base is what
 * the line through the plateaus says there is without a connection: some is taken once.
 */
#ifndef BRINK_ANALYSE_FORECAST_H
#define BRINK_ANALYSE_FORECAST_H

#include "analyse/facts.h"
#include "model/limit.h"

/*
 * Writes the run's rows of forecast: for every ceiling that connections move towards, as
 * it was known at the end of each plateau and hold and at the break, the nearest first.
 * Samples after broke_us (FACTS_NEVER: nothing broke) are left out. 0, or -1.
 */
int forecast_store(const struct facts *facts, int64_t broke_us);

/* What a row of forecast is about; role: of its subject. */
struct forecast_ceiling {
	char resource[FACTS_NAME], subject[FACTS_NAME];
	enum role role;
	double at; /* connections */
};

/* True where a ceiling is the limit that the rule named on a subject, and is raised with it:
 * open files of all acceptors are one limit, those of a client are another, and so are
 * processes of two cgroups. */
bool forecast_is_of(const struct forecast_ceiling *ceiling, const struct limit_rule *rule,
		    const char *subject);

/* What would be met next were that limit raised: in the last forecast, the nearest beyond so
 * many connections. False where none is known. */
bool forecast_next(struct forecast_ceiling *next, const struct facts *facts,
		   const struct limit_rule *rule, const char *subject, int64_t beyond);

#endif
