/*
 * What is held against a limit: when and where it showed, and the proofs that it was met.
 */
#ifndef BRINK_ANALYSE_CANDIDATE_H
#define BRINK_ANALYSE_CANDIDATE_H

#include "analyse/facts.h"
#include "model/limit.h"

enum confidence { CONFIDENCE_UNEXPLAINED, CONFIDENCE_LIKELY, CONFIDENCE_PROVEN };

const char *confidence_name(enum confidence confidence);

/* One clause of proof. -1: no time, value or limit. */
struct proof {
	int64_t t_us;
	char what[160];
	int64_t value, limit;
};

#define CANDIDATE_PROOFS 12

struct candidate {
	const struct limit_rule *rule; /* NULL: unexplained */
	enum confidence confidence;
	int64_t t_us;     /* of the first evidence */
	int64_t until_us; /* the symptom was looked at up to here */
	char subject[FACTS_NAME];
	const char *side;
	int64_t listener;              /* the listener it was seen at, -1: none */
	struct counts_at at;           /* the run's counts then */
	const struct failure *failure; /* the failed call that showed it, or NULL */
	const struct death *death;     /* the process whose end showed it, or NULL */
	int64_t count;                 /* failed calls of that kind */
	int64_t usage, limit;          /* -1: none */
	char source[FACTS_NAME];       /* where the limit was read, or "" */
	bool at_limit;                 /* evidence: the usage is at the limit */
	bool moved;                    /* evidence: what counts such events moved */
	char text[256];                /* one sentence without its full stop */
	struct proof proofs[CANDIDATE_PROOFS];
	size_t proof_count;
};

/* Adds a proof; where there is no room, in place of the last. what is printf's. */
void candidate_prove(struct candidate *candidate, int64_t t_us, int64_t value,
		     int64_t limit, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

#endif
