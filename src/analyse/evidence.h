/*
 * Evidence: is what a rule is about at its limit, and did the kernel count it? Each adds
 * its proofs to the candidate and sets at_limit and moved.
 */
#ifndef BRINK_ANALYSE_EVIDENCE_H
#define BRINK_ANALYSE_EVIDENCE_H

#include "analyse/candidate.h"

/* Descriptors of the process that failed against its RLIMIT_NOFILE, as it noted them. */
void evidence_descriptors(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);
/* The rule's resource against its limit, and its counter, around the symptom. */
void evidence_gauge(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);
/* As above; where fork() was refused, what it asked for counts beside the usage. */
void evidence_commit(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* As evidence_gauge(), but the usage alone is no evidence: the whole host has it. */
void evidence_counted(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s);
/* The cgroup of the workers or one around it at its limit of processes, and its counter,
 * which disproves it where it was read and did not move. */
void evidence_cgroup(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* The same of memory: a process can be killed by anyone, for the host too, and is then
 * counted in a cgroup that has no limit. */
void evidence_killed(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* The host's memory near its end, and its counter, where no cgroup was at its limit. */
void evidence_killed_by_host(const struct facts *f, const struct limit_rule *rule,
			     struct candidate *s);
/* The ports from one source to the server, and who held them when there was none left: else
 * connections held against the ports that there are. */
void evidence_ports(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);
/* The same where at least half are in TIME_WAIT. */
void evidence_time_wait(const struct facts *f, const struct limit_rule *rule,
			struct candidate *s);
/* The same where some of the range are reserved. */
void evidence_reserved(const struct facts *f, const struct limit_rule *rule,
		       struct candidate *s);
/* The tuple over half full, and connect(2) ten times as slow as at first. */
void evidence_port_search(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);
/* Receivers closed their windows, or dropped what came. */
void evidence_window(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* Threads of the user, on the whole host, against RLIMIT_NPROC. */
void evidence_processes(const struct facts *f, const struct limit_rule *rule,
			struct candidate *s);
/* The queue at backlog + 1, and ListenOverflows. */
void evidence_queue(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);
/* As above, where net.core.somaxconn cut the backlog; evidence_queue() where it did not. */
void evidence_somaxconn(const struct facts *f, const struct limit_rule *rule,
			struct candidate *s);
/* The counters of a full SYN queue, without an overflow of the accept queue. */
void evidence_syn_queue(const struct facts *f, const struct limit_rule *rule,
			struct candidate *s);
/* Segments that left and did not arrive, or refusals, with a listener there. */
void evidence_firewall(const struct facts *f, const struct limit_rule *rule,
		       struct candidate *s);
/* Data that was sent again because segments did not arrive. */
void evidence_loss(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s);
/* Connections that were reset, while no process that could have done it ended or failed, nobody
 * else listened, and no listener dropped any. */
void evidence_resets(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* The acceptors at 95 % of a core. */
void evidence_busy(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s);
/* A cgroup of the workers, or one around it, whose processes were slowed for memory.high. */
void evidence_slowed(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* The cgroup throttled in at least a quarter of the periods, the acceptors not busy. */
void evidence_quota(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);
/* The acceptors stopped, or without any CPU time. */
void evidence_stuck(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);
/* That brink said so: nobody else writes there for it. */
void evidence_disk(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s);
/* That others listened, and what of the connections went to them. */
void evidence_shared(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);
/* How the acceptor ended. */
void evidence_death(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s);
/* Nothing listened, and resets came back. */
void evidence_refused(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s);

/* True where the backlog of a listener is net.core.somaxconn and less than was asked for. */
bool evidence_is_cut(const struct facts *f, int64_t listener);

/* True where more than a quarter of the host's memory was left about then: whoever was killed
 * for want of memory was killed for a limit of less than the host. */
bool evidence_host_has_memory(const struct facts *f, int64_t t_us);
/* True where a cgroup with a limit of memory met it about then. */
bool evidence_cgroup_killed(const struct facts *f, int64_t t_us);
/* How often the kernel held back the cgroup that it held back most, by a counter of its,
 * memory_slowed_total; and that cgroup's name (FACTS_NAME bytes, or
 * NULL). */
int64_t evidence_held_back(const struct facts *f, const char *counter, int64_t from_us,
			   int64_t to_us, char *name);
/* Of a cgroup with a CPU quota: the quota's periods in a time, and those in which it ran out. */
struct throttling {
	int64_t throttled, periods;
	char name[FACTS_NAME];
};

/* That of the cgroup that was throttled in the greatest part of its periods; throttled is 0
 * where none was. */
struct throttling evidence_throttling(const struct facts *f, int64_t from_us,
				      int64_t to_us);

/* The ports that the clients have together, and where that was read (FACTS_NAME bytes, or NULL);
 * -1: not known. */
int64_t evidence_port_limit(const struct facts *f, char *source);
/* The most that the clients held in [from_us, to_us]. */
int64_t evidence_peak_held(const struct facts *f, int64_t from_us, int64_t to_us);
/* RLIMIT_NPROC of the workers; -1: none, not enforced, or not known. */
int64_t evidence_process_limit(const struct facts *f);

/* The most processes at a tick in [from_us, to_us] that count for that limit: with --user
 * those of brink itself belong to another user. -1: not known. */
int64_t evidence_process_count(const struct facts *f, int64_t from_us, int64_t to_us);

#endif
