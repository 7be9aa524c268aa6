/*
 * Evidence: is what a rule suspects at its limit, and did the kernel count it? Each adds
 * its proofs to the suspect and sets at_limit and moved.
 */
#ifndef BRINK_ANALYSE_EVIDENCE_H
#define BRINK_ANALYSE_EVIDENCE_H

#include "analyse/blame.h"

/* Descriptors of the process that failed against its RLIMIT_NOFILE, as it noted them. */
void evidence_descriptors(const struct facts *f, const struct limit_rule *rule,
			  struct suspect *s);
/* The rule's resource against its limit, and its counter, around the symptom. */
void evidence_gauge(const struct facts *f, const struct limit_rule *rule,
		    struct suspect *s);
/* As above, but nothing counts without the counter: a process can be killed by anyone. */
void evidence_killed(const struct facts *f, const struct limit_rule *rule,
		     struct suspect *s);
/* Connections held, and ports in TIME_WAIT, against the ports that there are. */
void evidence_ports(const struct facts *f, const struct limit_rule *rule,
		    struct suspect *s);
/* Processes of this run against RLIMIT_NPROC. */
void evidence_processes(const struct facts *f, const struct limit_rule *rule,
			struct suspect *s);
/* The queue at backlog + 1, and ListenOverflows. */
void evidence_queue(const struct facts *f, const struct limit_rule *rule,
		    struct suspect *s);
/* The acceptors stopped, or without any CPU time. */
void evidence_stuck(const struct facts *f, const struct limit_rule *rule,
		    struct suspect *s);
/* How the acceptor ended. */
void evidence_death(const struct facts *f, const struct limit_rule *rule,
		    struct suspect *s);
/* Nothing listened, and resets came back. */
void evidence_refused(const struct facts *f, const struct limit_rule *rule,
		      struct suspect *s);

/* The ports that the clients have together, and where that was read (FACTS_NAME bytes);
 * -1: not known. */
int64_t evidence_port_limit(const struct facts *f, char *source);
/* The most that the clients held in [from_us, to_us]. */
int64_t evidence_peak_held(const struct facts *f, int64_t from_us, int64_t to_us);
/* RLIMIT_NPROC; -1: none, or not known. */
int64_t evidence_process_limit(const struct facts *f);

#endif
