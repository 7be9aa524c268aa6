#include "analyse/agreement.h"

#include <stdio.h>
#include <string.h>

#include "model/limit.h"
#include "analyse/proof.h"

#define AS_TEXT(x) #x
#define TEXT_OF(x) AS_TEXT(x)
#define AT_LIMIT   TEXT_OF(LIMIT_MET)

/* What looks at a limit that did not give way: what rules it out, or says that it was met and
 * nothing came of it. */
#define WEAK                                                                    \
	"SELECT w.finding_id, w.text FROM finding AS w WHERE w.run_id = ?1 AND" \
	" (w.kind = 'ruled-out' OR (w.kind = 'note' AND w.limit_id IS NOT NULL))"

/* The weaker of two that do not go together. */
static const struct {
	const char *by, *sql;
} contradictions[] = {
	{ "a verdict or a consequence of the same limit",
	  WEAK " AND EXISTS (SELECT 1 FROM finding AS v WHERE v.run_id = w.run_id AND"
	       " v.kind IN ('verdict', 'consequence') AND v.limit_id = w.limit_id)" },
	{ "a usage above the limit",
	  WEAK " AND EXISTS (SELECT 1 FROM evidence AS e WHERE"
	       " e.finding_id = w.finding_id AND e.limit_value > 0 AND"
	       " e.value > e.limit_value + 1 AND e.value > e.limit_value * 1.01)" },
	{ "a usage at the limit", WEAK
	  " AND w.kind = 'ruled-out' AND EXISTS (SELECT 1 FROM evidence AS e WHERE"
	  " e.finding_id = w.finding_id AND e.value >= e.limit_value * " AT_LIMIT ")" },
	{ "a process that was killed for want of memory", WEAK
	  " AND w.limit_id IN ('memory-cgroup', 'memory-host') AND w.kind = 'note' AND"
	  " EXISTS (SELECT 1 FROM process AS p WHERE p.run_id = w.run_id AND"
	  " p.\"end\" = 'oom')" },
	{ "an acceptor that ended",
	  WEAK " AND w.limit_id = 'acceptor-died' AND EXISTS (SELECT 1 FROM process AS p"
	       " WHERE p.run_id = w.run_id AND p.role = 'acceptor' AND"
	       " p.\"end\" <> 'stopped' AND p.to_us <= coalesce((SELECT max(to_us)"
	       " FROM phase WHERE run_id = ?1), p.to_us))" },
};

/* A call that fails for one limit alone, before the first release. */
static const char failed_sql[] =
    WEAK " AND w.limit_id = ?2 AND EXISTS (SELECT 1 FROM failure AS x WHERE"
	 " x.run_id = w.run_id AND x.call = ?3 AND x.errno = ?4 AND"
	 " (?5 IS NULL OR x.role = ?5) AND x.first_us < coalesce((SELECT min(from_us)"
	 " FROM phase WHERE run_id = ?1 AND name = 'recovery'), x.first_us + 1))";

static int64_t
found(struct db_statement *s, const char *by, char *why, size_t size)
{
	int step = db_step(s);
	int64_t id = step == 1 ? db_int(s, 0) : step;

	if (step == 1)
		snprintf(why, size, "\"%s\" is contradicted by %s", db_text(s, 1), by);
	db_finish(s);
	return id;
}

static bool
has_call(const struct limit_rule *rule, const char *call, int error)
{
	for (size_t i = 0; i < LIMIT_RULE_CALLS && rule->calls[i].call != CALL_NONE; i++)
		if (rule->calls[i].error == error &&
		    strcmp(call_name(rule->calls[i].call), call) == 0)
			return true;
	return false;
}

static bool
is_of_one_rule(const char *call, int error)
{
	size_t rules = 0;

	for (size_t i = 0; i < limit_rule_count; i++)
		rules += has_call(&limit_rules[i], call, error);
	return rules == 1;
}

static int64_t
find_failed(struct db *db, int64_t run_id, const struct limit_rule *rule, size_t call,
	    char *why, size_t size)
{
	struct db_statement *s;
	char by[96];

	if (rule->calls[call].call == CALL_NONE ||
	    !is_of_one_rule(call_name(rule->calls[call].call), rule->calls[call].error))
		return 0;
	s = db_prepare(db, failed_sql);
	if (s == NULL)
		return -1;
	snprintf(by, sizeof(by), "%s() that failed with %s",
		 call_name(rule->calls[call].call),
		 strerrorname_np(rule->calls[call].error));
	db_bind_int(s, 1, run_id);
	db_bind_text(s, 2, rule->id);
	db_bind_text(s, 3, call_name(rule->calls[call].call));
	db_bind_int(s, 4, rule->calls[call].error);
	if (rule->role != ROLE_NONE)
		db_bind_text(s, 5, role_name(rule->role));
	return found(s, by, why, size);
}

int64_t
agreement_find(struct db *db, int64_t run_id, char *why, size_t size)
{
	int64_t id = 0;

	for (size_t i = 0; i < sizeof(contradictions) / sizeof(contradictions[0]); i++) {
		struct db_statement *s = db_prepare(db, contradictions[i].sql);

		if (s == NULL)
			return -1;
		db_bind_int(s, 1, run_id);
		id = found(s, contradictions[i].by, why, size);
		if (id != 0)
			return id;
	}
	for (size_t i = 0; i < limit_rule_count; i++)
		for (size_t k = 0; k < LIMIT_RULE_CALLS && id == 0; k++)
			id = find_failed(db, run_id, &limit_rules[i], k, why, size);
	return id;
}

static int
take_back(struct db *db, int64_t finding_id)
{
	static const char *const tables[] = {
		"DELETE FROM evidence WHERE finding_id = ?1",
		"DELETE FROM finding WHERE finding_id = ?1",
	};
	int error = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && error == 0; i++) {
		struct db_statement *s = db_prepare(db, tables[i]);

		if (s == NULL)
			return -1;
		db_bind_int(s, 1, finding_id);
		error = db_run(s);
		db_finish(s);
	}
	return error;
}

int
agreement_settle(struct db *db, int64_t run_id)
{
	char why[512];
	int64_t id;

	while ((id = agreement_find(db, run_id, why, sizeof(why))) > 0)
		if (take_back(db, id) == -1)
			return -1;
	return id == -1 ? -1 : 0;
}
