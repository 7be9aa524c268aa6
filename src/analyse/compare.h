/*
 * Two runs held against each other: what they were asked to do and where, and then what
 * they came to.
 */
#ifndef BRINK_ANALYSE_COMPARE_H
#define BRINK_ANALYSE_COMPARE_H

#include "analyse/figure_value.h"

/* A relative difference that is never more than noise. */
#define COMPARE_MATTERS 0.02
/* The same of a latency: half of it. */
#define COMPARE_LATENCY 0.5

/* Something in which the runs are not alike. */
struct difference {
	char kind[16];               /* plan, host, setting, verdict */
	char *name, *before, *after; /* as one would type or read them; "" for none */
};

/* In this order they are told. */
enum judgement { JUDGED_WORSE, JUDGED_BETTER, JUDGED_UNSURE, JUDGED_SAME, JUDGEMENTS };

const char *judgement_name(enum judgement judgement);

/* A figure of both runs. */
struct contrast {
	const struct figure *figure;
	struct figure_value before, after;
	bool known; /* in both: the difference is */
	/* A latency of a run beside which other programs used much of the host's processors:
	 * no difference is laid to the server. */
	bool disturbed;
	bool has_interval; /* of the difference, 95 % */
	double difference, low, high;
	enum judgement judgement;
};

struct comparison {
	int64_t before, after; /* run ids */
	struct difference *differences;
	struct contrast *contrasts; /* what matters first, the largest change first */
	size_t difference_count, contrast_count;
};

/*
 * Compares a run with one before. Only figures of which it is known which way is better
 * are compared, and only those that at least one run has. 0, or -1 (see db_error);
 * comparison_free() in either case.
 */
int comparison_load(struct comparison *comparison, struct db *db, int64_t before,
		    int64_t after);
void comparison_free(struct comparison *comparison);

/*
 * The judgement of one figure, whose values are given. With an interval: better or worse
 * where it leaves out 0 and the difference exceeds COMPARE_MATTERS of the larger value;
 * same where all of it is within that; else unsure. Of a latency COMPARE_LATENCY counts
 * instead, and none is judged beside other programs. The interval is that of a difference
 * of independent values, asymmetric as theirs are; a value without one counts as exact
 * beside one that has it. Without any: counts are exact, but for those of which less is
 * better: failures come by chance, and differ where it is three times the spread of Poisson
 * counts. Anything else that differs by more than COMPARE_MATTERS is unsure, since nothing says what the next run would give.
 */
void contrast_judge(struct contrast *contrast);

/*
 * The options that make a plan, as JSON text without those that only say where results go
 * and what is expected: equal for runs of the same plan. An option that was not there yet when
 * the run was stored has its default. NULL where it cannot be read; the caller frees it.
 */
char *compare_plan_key(struct db *db, int64_t run_id);

#endif
