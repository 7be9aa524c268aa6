/*
 * The limits, as one table: which can be named as a cause, what shows them and counts them,
 * how they are injected and raised, and what a person calls them. What proves them is in
 * analyse/limit_proof.h.
 */
#ifndef BRINK_MODEL_LIMIT_H
#define BRINK_MODEL_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/units.h"
#include "model/call.h"
#include "model/role.h"

/* From this part of a limit on it is met. */
#define LIMIT_MET        0.99

#define LIMIT_RULE_CALLS 7 /* at most */
#define LIMIT_INJECTIONS 2 /* likewise: of all, and of one alone */

/* What --limit NAME=VALUE can inject. */
enum limit_name {
	LIMIT_NOFILE_ACCEPTOR,
	LIMIT_NOFILE_ONE, /* of one acceptor: its number is part of the name */
	LIMIT_NOFILE_CLIENT,
	LIMIT_NOFILE_TARGET,
	LIMIT_PORTS,
	LIMIT_BACKLOG,
	LIMIT_SOMAXCONN,
	LIMIT_SYN_BACKLOG,
	LIMIT_TW_BUCKETS,
	LIMIT_PIDS,
	LIMIT_MEMORY,
	LIMIT_NPROC,
	LIMIT_ADDRESS_SPACE,
	LIMIT_CONNTRACK,
	LIMIT_TCP_MEM,
	LIMIT_COUNT
};

/* What a name ends with where an acceptor's number belongs. */
#define LIMIT_NUMBERED ".K"

struct limit_spec {
	enum limit_name index;
	const char
	    *name; /* one that ends with LIMIT_NUMBERED is meant for one acceptor */
	enum unit unit;
	int64_t min, max;
	const char
	    *sysctl; /* written inside the run's own namespace; NULL: not a sysctl */
	const char *scope;   /* why it needs --isolate; NULL: it does not */
	const char *refused; /* why it cannot be injected at all; NULL: it can */
	const char *help;
};

/* What raises a limit. */
struct limit_way {
	const char *key, *value; /* key NULL: there is none */
	int64_t scale; /* the value is given in this many base units; 0: in base units */
};

struct limit_rule {
	const char *id;
	const char *side; /* client, kernel or server; NULL: of the worker that saw it */
	enum role role;   /* of the workers that it is seen at, or ROLE_NONE: any */
	const char *subject; /* NULL: the worker that saw it */
	/* The failed calls that show it; none where it shows otherwise. */
	struct {
		enum call call;
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
	/* What to do about it, a command or setting; @ stands for a value to try. */
	const char *advice;
	const char *help; /* what it is, one sentence without its full stop */
	/* How --limit sets it for one run. */
	struct limit_spec inject[LIMIT_INJECTIONS];
	/* How it is raised. The value of each stands for @. */
	struct limit_way sysctl; /* key: its name */
	struct limit_way ulimit; /* key: the letter; value: the word of limits.conf(5) */
	struct limit_way property; /* of a systemd unit: systemd.resource-control(5) */
	/* Why it has no number that could be read before a run; NULL: it has one. */
	const char *blind;
};

extern const struct limit_rule limit_rules[];
extern const size_t limit_rule_count;

/* Writes the rule's advice with value in the place of every '@', cut at size bytes. */
void limit_rule_advice(const struct limit_rule *rule, const char *value, char *buf,
		       size_t size);

/* The unit that its usage and limit are in. */
enum unit limit_rule_unit(const struct limit_rule *rule);

/* The rule of an id, or NULL. */
const struct limit_rule *limit_rule_find(const char *id);

/* The row of an injection. */
const struct limit_spec *limit_spec(enum limit_name name);

/* The index of a name, or -1. Of a numbered one *number is the acceptor's, else -1. */
int limit_find(const char *name, size_t length, int64_t *number);

/* "memory" for "rss_bytes"; of what a limit rule is about its noun; else the name. */
const char *display_name_of(const char *resource);

/* The unit of a resource; UNIT_COUNT of what is none. */
enum unit display_name_unit(const char *resource);

#endif
