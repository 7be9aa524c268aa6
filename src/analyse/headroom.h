/*
 * How near a limit came that was not met: the number that rules it out. Each is false
 * where the limit or the usage is not known.
 */
#ifndef BRINK_ANALYSE_HEADROOM_H
#define BRINK_ANALYSE_HEADROOM_H

#include "analyse/facts.h"
#include "model/limit.h"

/* How near something came to a limit without meeting it. */
struct headroom {
	char what[128];      /* "open files of acceptor 2" */
	int64_t peak, limit; /* limit: INT64_MAX: there is none */
};

/* The rule's resource, highest against its limit, on any subject. */
bool headroom_gauge(const struct facts *f, const struct limit_rule *rule,
		    struct headroom *headroom);
bool headroom_queue(const struct facts *f, const struct limit_rule *rule,
		    struct headroom *headroom);
bool headroom_ports(const struct facts *f, const struct limit_rule *rule,
		    struct headroom *headroom);
bool headroom_processes(const struct facts *f, const struct limit_rule *rule,
			struct headroom *headroom);
/* Acceptors that ended, of how many there are. */
bool headroom_deaths(const struct facts *f, const struct limit_rule *rule,
		     struct headroom *headroom);

#endif
