/*
 * Where each limit would be met: N = (limit - base) / cost of a connection. The base is what
 * the line through the plateaus says there is without a connection: some is taken once.
 */
#ifndef BRINK_ANALYSE_FORECAST_H
#define BRINK_ANALYSE_FORECAST_H

#include "analyse/facts.h"
#include "analyse/series.h"
#include "model/limit.h"

/*
 * What the run itself takes of a resource: usage = base + cost * connections. Of what all
 * programs of the host share, only brink's own part moves with connections; the rest, as it
 * was last, is in the base.
 */
struct forecast_line {
	double base;
	double cost, low, high; /* of a connection, and the interval of it */
	double step;            /* taken at once, ahead of its use; 0: nothing is */
	double per_second; /* where time moves it, not connections: by so much; else 0 */
};

/* The line through what was sampled before until_us; usage is the resource's own series.
 * False where connections are not seen to move it, or time moves it as much: then no number
 * of connections meets its limit, but a time does. */
bool forecast_line(struct forecast_line *line, const struct facts *facts,
		   const char *kind, int64_t subject, const char *resource,
		   const struct series *usage, int64_t until_us);

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
