/*
 * Writes rows of finding and evidence, ranked in the order they are given.
 */
#ifndef BRINK_ANALYSE_FINDING_H
#define BRINK_ANALYSE_FINDING_H

#include "analyse/candidate.h"

struct finding {
	/* verdict, consequence, ruled-out, leak, recovery, note, recommendation */
	const char *kind;
	const char *limit_id, *subject, *confidence, *side; /* NULL: none */
	int64_t t_us;                                       /* -1: none */
	int64_t
	    rests_on; /* of a recommendation: the rank of the finding it follows from */
	const char *text;
};

struct finding_writer {
	struct db *db;
	struct db_statement *finding, *evidence;
	int64_t run_id, rank, finding_id, seq;
	bool weak; /* the verdict rests on ticks that are missing or late */
};

/* 0, or -1; finding_end() in either case. */
int finding_begin(struct finding_writer *w, struct db *db, int64_t run_id, bool weak);
void finding_end(struct finding_writer *w);

/* The next finding. 0, or -1. */
int finding_add(struct finding_writer *w, const struct finding *finding);

/* The rank of the finding added last. */
int64_t finding_last(const struct finding_writer *w);

/* One more proof of the finding added last. 0, or -1. */
int finding_prove(struct finding_writer *w, const struct proof *proof);

#endif
