/*
 * Symptoms: when and where a limit may have shown. Each fills in the candidate's t_us,
 * subject, counts and what showed it, and is false where there is no such symptom up to
 * the release, if nothing else is said.
 */
#ifndef BRINK_ANALYSE_SYMPTOM_H
#define BRINK_ANALYSE_SYMPTOM_H

#include "analyse/candidate.h"
#include "analyse/series.h"

/* The first of the rule's failed calls by a worker of the rule's role. */
bool symptom_call(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s);

/* The rule's failed call by acceptors: with one shared listener the last of the living
 * to have its first one (until then the others take over), in a group the first of all. */
bool symptom_acceptors(const struct facts *f, const struct limit_rule *rule,
		       struct candidate *s);

/* The recorder had no room left on the disk. */
bool symptom_disk(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s);

/* The rule's failed call of a connect, timed out or refused, that went on up to the break,
 * or where nothing broke at any time:
 * since the SYN that first came to nothing. until_us is when that was seen. Where no client's
 * call failed so: that of the canary's visits, to the end of the load. */
bool symptom_timeout(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);

/* Slots of the schedule were missed: since when. */
bool symptom_missed(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);

/* At the break at least 1 % of what was accepted had not been served: since when nothing
 * more was. */
bool symptom_silent(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);

/* The same; or connections that are established at the clients alone, at least 1 %; or the rule's
 * failed call of the canary's visits to the end of the load, with none in a queue. */
bool symptom_lost(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s);

/* Others listen on the port, and at least 1 % of what was established was not accepted by this
 * run and is in no queue of its own, or was lost: since when. */
bool symptom_shared(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);

/* Connections are refused and none was ever made. */
bool symptom_refused(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);

/* An acceptor ended that brink did not end, under load or after it. */
bool symptom_death(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s);

/* A process was killed by signal 9 or by the kernel for want of memory; an acceptor after the
 * release too. */
bool symptom_killed(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);

/*
 * A listener's queue is full without interruption up to the break (or the end of the
 * load): since when. While connections are accepted through a full queue the break is
 * not there yet, so where accepting came to a stop it counts from there. Else connects
 * timed out that none of its acceptors explains by a failure or its end: since the SYN.
 */
bool symptom_queue(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s);

/* The same, on those that accept from the listener. */
bool symptom_busy(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s);

/* The same, or else a break with connections that wait, whatever for: at the break itself,
 * so that what shows earlier is before it. */
bool symptom_slow(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s);

/* For at least a second up to the break nothing is accepted of what waits at a listener,
 * newcomers come, of the clients or the canary's visits, and none of its acceptors has failed
 * or ended: since then. */
bool symptom_stuck(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s);

/* True if the failed call is one of the rule's, by a worker of its role. */
bool symptom_is_call(const struct limit_rule *rule, const struct failure *m);

/* True if the listener's connections are the acceptor's to accept. */
bool listens_to(const struct facts *f, const struct acceptor *acceptor, int64_t listener);

/* The last instant that symptoms are looked for at: the break, or the end of the load. */
int64_t symptom_end(const struct facts *f);

#endif
