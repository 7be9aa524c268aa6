#include "analyse/analyse.h"

#include <stdlib.h>

#include "analyse/breaking_point.h"
#include "analyse/expected.h"
#include "analyse/forecast.h"
#include "analyse/levels.h"
#include "analyse/recovery.h"
#include "analyse/verdict.h"

/* What an analysis makes; evidence goes with its finding. */
static const char *const made_here[] = {
	("DELETE FROM evidence WHERE finding_id IN"
	 " (SELECT finding_id FROM finding WHERE run_id = ?1)"),
	"DELETE FROM finding WHERE run_id = ?1",
	"DELETE FROM breaking_point WHERE run_id = ?1",
	"DELETE FROM leak WHERE run_id = ?1",
	"DELETE FROM forecast WHERE run_id = ?1",
	"DELETE FROM recovery WHERE run_id = ?1",
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

static int
set_outcome(struct db *db, int64_t run_id, const char *outcome)
{
	return run_on(db,
		      "UPDATE run SET outcome = ?2,"
		      " state = CASE state WHEN 'interrupted' THEN state ELSE 'done' END"
		      " WHERE run_id = ?1",
		      run_id, outcome);
}

/* The order matters: slopes end at the break, the verdict's advice reads the forecast,
 * and what is expected is held against all of it. */
static int
analyse(const struct facts *f)
{
	struct suspect *suspects, cause;
	size_t count = blame_suspects(f, &suspects);
	bool broke = breaking_point_find(f, suspects, count, &cause);
	int64_t broke_us = broke ? cause.t_us : FACTS_NEVER;
	struct verdict verdict = {
		.cause = broke ? &cause : NULL,
		.suspects = suspects,
		.suspect_count = count,
	};
	int error;

	outcome_decide(&verdict.outcome, f, verdict.cause);
	error = (broke && breaking_point_store(f, &cause) == -1) ||
		levels_store(f, broke_us) == -1 || forecast_store(f, broke_us) == -1 ||
		recovery_store(f) == -1 || verdict_store(f, &verdict) == -1 ||
		set_outcome(f->db, f->run_id, verdict.outcome.word) == -1 ||
		expected_store(f->db, f->run_id) == -1;
	free(suspects);
	return error ? -1 : 0;
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
