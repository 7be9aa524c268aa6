/*
 * The limits that can be named as a cause, as one table.
 */
#ifndef BRINK_ANALYSE_LIMIT_RULE_H
#define BRINK_ANALYSE_LIMIT_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/units.h"
#include "run/ledger.h"

struct facts;
struct candidate;

#define LIMIT_RULE_CALLS 6 /* at most */

/* How near something came to a limit without meeting it. */
struct headroom {
	char what[128];      /* "open files of acceptor 2" */
	int64_t peak, limit; /* limit: INT64_MAX: there is none */
};

struct limit_rule {
	const char *id;
	const char *side; /* client, kernel or server; NULL: of the worker that saw it */
	enum role role;   /* of the workers that it is seen at, or ROLE_NONE: any */
	const char *subject; /* NULL: the worker that saw it */
	/* The failed calls that show it; none where it shows otherwise. */
	struct {
		const char *call;
		int error;
	} calls[LIMIT_RULE_CALLS];
	/* What has the limit: as in resource_limit, in general a column of KIND_sample. NULL:
	 * nothing that is sampled, or what the evidence function says. */
	const char *kind, *resource;
	/* What the kernel counts when the limit is met, of the same kind of subject but where
	 * the evidence function says otherwise. NULL: a silent limit, whose errno and the state
	 * at that moment are all the proof there can be. */
	const char *counter;
	const char *counter_kind; /* NULL: kind */
	const char *source; /* of the limit, where the resource has several; else NULL */
	bool soft;    /* the usage may pass the limit: the kernel lets it, or the limit
			       was lowered under it */
	bool lasting; /* once met it stays so until the release */
	bool follows; /* comes of connections that wait for a server that takes no more */
	const char *display_name; /* "open files" */
	/* Finds the symptom and fills in the suspect's time, subject and counts. */
	bool (*symptom)(const struct facts *f, const struct limit_rule *rule,
			struct candidate *candidate);
	/* Gathers the proofs and says which of at_limit and moved hold. */
	void (*evidence)(const struct facts *f, const struct limit_rule *rule,
			 struct candidate *candidate);
	/* Where nothing happened: how near it came. False where that is not known. */
	bool (*headroom)(const struct facts *f, const struct limit_rule *rule,
			 struct headroom *headroom);
	/* What to do about it, a command or setting; @ stands for a value to try. */
	const char *advice;
	const char *help; /* what it is, one sentence without its full stop */
};

/* limit_table.c */
extern const struct limit_rule limit_rules[];
extern const size_t limit_rule_count;

/* What a person calls a resource that a rule is about: "open files" for "fds"; else the
 * resource itself. */
const char *limit_rule_display_name(const char *resource);

/* Writes the rule's advice with value in the place of every '@', cut at size bytes. */
void limit_rule_advice(const struct limit_rule *rule, const char *value, char *buf,
		       size_t size);

/* The unit that its usage and limit are in. */
enum unit limit_rule_unit(const struct limit_rule *rule);

/* The rule of an id, or NULL. */
const struct limit_rule *limit_rule_find(const char *id);

#endif
