/*
 * Which limit gave way: the rules are tried on a run, and those whose symptom and evidence
 * both hold become suspects.
 */
#ifndef BRINK_ANALYSE_BLAME_H
#define BRINK_ANALYSE_BLAME_H

#include "analyse/facts.h"
#include "analyse/limit_rule.h"

enum confidence { CONFIDENCE_UNEXPLAINED, CONFIDENCE_LIKELY, CONFIDENCE_PROVEN };

const char *confidence_name(enum confidence confidence);

/* One clause of proof. -1: no time, value or limit. */
struct proof {
	int64_t t_us;
	char what[160];
	int64_t value, limit;
};

#define SUSPECT_PROOFS 12

struct suspect {
	const struct limit_rule *rule; /* NULL: unexplained */
	enum confidence confidence;
	int64_t t_us;     /* of the first evidence */
	int64_t until_us; /* the symptom was looked at up to here */
	char subject[FACTS_NAME];
	const char *side;
	int64_t listener;            /* the listener it was seen at, -1: none */
	struct moment at;            /* the run's counts then */
	const struct mishap *mishap; /* the failed call that showed it, or NULL */
	const struct death *death;   /* the process whose end showed it, or NULL */
	int64_t count;               /* failed calls of that kind */
	int64_t usage, limit;        /* -1: none */
	char source[FACTS_NAME];     /* where the limit was read, or "" */
	bool at_limit;               /* evidence: the usage is at the limit */
	bool moved;                  /* evidence: what counts such events moved */
	char text[256];              /* one sentence without its full stop */
	struct proof proofs[SUSPECT_PROOFS];
	size_t proof_count;
};

/* Adds a proof; where there is no room, in place of the last. what is printf's. */
void suspect_prove(struct suspect *suspect, int64_t t_us, int64_t value, int64_t limit,
		   const char *what, ...) __attribute__((format(printf, 5, 6)));

/*
 * All suspects of a run by their first evidence; where that is the same, in the order of
 * the rule table, causes before what follows from them. The caller frees *suspects.
 * Returns how many.
 */
size_t blame_suspects(const struct facts *facts, struct suspect **suspects);

/*
 * The suspect to blame for the break, or NULL: the earliest up to the break that the
 * supervisor confirmed. Where it confirmed none, the earliest death of an acceptor, or a
 * proven limit which stays in the way, if connections are missing at the end of the load.
 */
const struct suspect *blame_choose(const struct facts *facts,
				   const struct suspect *suspects, size_t count);

#endif
