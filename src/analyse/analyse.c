#include "analyse/analyse.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/advice.h"
#include "analyse/agreement.h"
#include "analyse/blame.h"
#include "analyse/breaking_point.h"
#include "analyse/cycle.h"
#include "analyse/figure_value.h"
#include "analyse/facts.h"
#include "analyse/forecast.h"
#include "analyse/growth.h"
#include "analyse/levels.h"
#include "analyse/recovery.h"
#include "analyse/rows.h"
#include "analyse/verdict.h"

/* What an analysis makes; evidence goes with its finding. */
static const char *const made_here[] = {
	("DELETE FROM evidence WHERE finding_id IN"
	 " (SELECT finding_id FROM finding WHERE run_id = ?1)"),
	"DELETE FROM finding WHERE run_id = ?1",
	"DELETE FROM run_health WHERE run_id = ?1",
	"DELETE FROM breaking_point WHERE run_id = ?1",
	"DELETE FROM leak WHERE run_id = ?1",
	"DELETE FROM forecast WHERE run_id = ?1",
	"DELETE FROM recovery WHERE run_id = ?1",
	"DELETE FROM cycle WHERE run_id = ?1",
	"DELETE FROM cycle_trend WHERE run_id = ?1",
	"DELETE FROM expectation WHERE run_id = ?1",
};

static int
run_on(struct db *db, const char *sql, int64_t run_id, const char *text)
{
	struct db_statement *s = db_prepare(db, sql);
	int error;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	if (text != NULL)
		db_bind_text(s, 2, text);
	error = db_run(s);
	db_finish(s);
	return error;
}

static int
forget(struct db *db, int64_t run_id)
{
	for (size_t i = 0; i < sizeof(made_here) / sizeof(made_here[0]); i++)
		if (run_on(db, made_here[i], run_id, NULL) == -1)
			return -1;
	return 0;
}

/* The ticks of a run that has ended change no more. Those that were due after the last are
 * known from its phases. */
static int
store_health(const struct facts *run)
{
	struct db_statement *s =
	    db_prepare(run->db, "INSERT INTO run_health SELECT run_id, ticks, ?2,"
				" late_p99_us, late_max_us, took_p99_us FROM v_run_health"
				" WHERE run_id = ?1");
	int error;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run->run_id);
	db_bind_int(s, 2, run->ticks_missed);
	error = db_run(s);
	db_finish(s);
	return error;
}

static int
set_outcome(struct db *db, int64_t run_id, const char *outcome)
{
	return run_on(db,
		      "UPDATE run SET outcome = ?2,"
		      " state = CASE state WHEN 'interrupted' THEN state ELSE 'done' END"
		      " WHERE run_id = ?1",
		      run_id, outcome);
}

/* One cycle: what belongs to it, and how it broke. */
struct part {
	struct facts facts;
	struct candidate *candidates, cause;
	size_t candidate_count;
	bool broke;
	struct outcome outcome;
};

/* before: the first cycle that broke, or NULL. */
static void
find_break(struct part *part, const struct facts *run, int64_t number,
	   const struct part *before)
{
	facts_cycle(&part->facts, run, number);
	part->candidate_count = blame_candidates(&part->facts, &part->candidates);
	part->broke = breaking_point_find(&part->facts, part->candidates,
					  part->candidate_count, &part->cause);
	if (part->broke && before != NULL)
		breaking_point_recall(&part->facts, &before->cause, &part->cause);
	outcome_decide(&part->outcome, &part->facts, part->broke ? &part->cause : NULL);
}

/* The first cycle that broke; else the first that did not survive, else the first. */
static const struct part *
choose_part(const struct part *parts, int64_t count)
{
	for (int64_t i = 0; i < count; i++)
		if (parts[i].broke)
			return &parts[i];
	for (int64_t i = 0; i < count; i++)
		if (strcmp(parts[i].outcome.word, "survived") != 0)
			return &parts[i];
	return parts;
}

static int
store_part(const struct part *part)
{
	const struct facts *f = &part->facts;
	int64_t broke_us = part->broke ? part->cause.t_us : FACTS_NEVER;

	if ((part->broke && breaking_point_store(f, &part->cause) == -1) ||
	    levels_store(f, broke_us) == -1 || forecast_store(f, broke_us) == -1 ||
	    recovery_store(f) == -1)
		return -1;
	return cycle_store(f);
}

/* Rows of finding and evidence. The advice reads the forecast and what else was found. */
static int
store_findings(const struct facts *f, const struct verdict *verdict)
{
	struct finding_writer w;
	int error;

	if (finding_begin(&w, f->db, f->run_id, f->weak) == -1)
		return -1;
	error = verdict_store(&w, f, verdict) == -1 ||
		advice_store(&w, f, verdict) == -1 || growth_store(&w, f) == -1 ||
		advice_alarms_store(&w, f) == -1;
	finding_end(&w);
	return error ? -1 : agreement_settle(f->db, f->run_id);
}

/* The verdict is on the cycle that tells most; what is expected is held against all that
 * was found. */
static int
store_verdict(const struct facts *run, const struct part *part)
{
	struct verdict verdict = {
		.cause = part->broke ? &part->cause : NULL,
		.candidates = part->candidates,
		.candidate_count = part->candidate_count,
	};

	verdict.outcome = part->outcome;
	if (cycle_trends_store(run) == -1 ||
	    store_findings(&part->facts, &verdict) == -1 || store_health(run) == -1 ||
	    set_outcome(run->db, run->run_id, verdict.outcome.word) == -1)
		return -1;
	return expected_store(run->db, run->run_id);
}

static int
analyse(const struct facts *run)
{
	int64_t count = run->cycles > 1 ? run->cycles : 1;
	struct part *parts = rows_alloc((size_t)count, sizeof(*parts));
	const struct part *broke = NULL;
	int error = 0;

	for (int64_t i = 0; i < count; i++) {
		find_break(&parts[i], run, i, broke);
		if (broke == NULL && parts[i].broke)
			broke = &parts[i];
	}
	for (int64_t i = 0; i < count && error == 0; i++)
		error = store_part(&parts[i]);
	if (error == 0)
		error = store_verdict(run, choose_part(parts, count));
	for (int64_t i = 0; i < count; i++) {
		facts_cycle_free(&parts[i].facts);
		free(parts[i].candidates);
	}
	free(parts);
	return error;
}

int
analyse_run(struct db *db, int64_t run_id)
{
	struct facts facts;
	int error;

	if (db_begin(db) == -1)
		return -1;
	error = forget(db, run_id);
	if (error == 0) {
		error = facts_load(&facts, db, run_id);
		if (error == 0)
			error = analyse(&facts);
		facts_free(&facts);
	}
	if (error == 0)
		return db_commit(db);
	db_rollback(db);
	return -1;
}
