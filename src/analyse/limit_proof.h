/*
 * How each limit is found and proven: the functions that belong to its row in model/limit.h.
 */
#ifndef BRINK_ANALYSE_LIMIT_PROOF_H
#define BRINK_ANALYSE_LIMIT_PROOF_H

#include "analyse/headroom.h"
#include "model/limit.h"

struct candidate;

struct limit_proof {
	const char *id;
	/* Finds the symptom and fills in the candidate's time, subject and counts. */
	bool (*symptom)(const struct facts *f, const struct limit_rule *rule,
			struct candidate *candidate);
	/* Gathers the proofs and says which of at_limit and moved hold. */
	void (*evidence)(const struct facts *f, const struct limit_rule *rule,
			 struct candidate *candidate);
	/* Where nothing happened: how near it came. False where that is not known. NULL: it
	 * has no number. */
	bool (*headroom)(const struct facts *f, const struct limit_rule *rule,
			 struct headroom *headroom);
};

/* Those of a limit; every limit has them. */
const struct limit_proof *limit_proof(const struct limit_rule *rule);

#endif
