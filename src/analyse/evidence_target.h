/*
 * Symptoms and evidence of a server that is not brink's own: what can be known of it from
 * outside. Each holds of a run with --target alone.
 */
#ifndef BRINK_ANALYSE_EVIDENCE_TARGET_H
#define BRINK_ANALYSE_EVIDENCE_TARGET_H

#include "analyse/candidate.h"

/* A process of the target has had all descriptors that its RLIMIT_NOFILE allows, which it had
 * not before the load: since when. Proven where from then on connections waited or were
 * ended. */
bool symptom_target_files(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);
void evidence_target_files(const struct facts *f, const struct limit_rule *rule,
			   struct candidate *s);

/* A fork failed: in a process of brink's own, or perhaps in the target, which refused then. */
bool symptom_fork(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s);
/* A process was killed; one of a target that others started ended, and nobody says how. */
bool symptom_killed_target(const struct facts *f, const struct limit_rule *rule,
			   struct candidate *s);

/* It ended, or listened no more. */
bool symptom_target_died(const struct facts *f, const struct limit_rule *rule,
			 struct candidate *s);
void evidence_target_died(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);

/* It ended connections that it had not served, or answered otherwise than asked. Evidence:
 * that went on, what was held stood still, and nothing waited; or nobody was served at all. */
bool symptom_target_refused(const struct facts *f, const struct limit_rule *rule,
			    struct candidate *s);
void evidence_application(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);
void evidence_mismatch(const struct facts *f, const struct limit_rule *rule,
		       struct candidate *s);

/* It ended held connections: at one age, whether or not others came (idle-timeout), or only
 * while newcomers were served, as many as came (evicts-idle). */
bool symptom_target_ended_held(const struct facts *f, const struct limit_rule *rule,
			       struct candidate *s);
void evidence_idle_timeout(const struct facts *f, const struct limit_rule *rule,
			   struct candidate *s);
void evidence_evicts(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s);

/* It takes nothing from its queue any more, though nothing of it has failed or ended. */
bool symptom_target_stuck(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);
void evidence_target_stuck(const struct facts *f, const struct limit_rule *rule,
			   struct candidate *s);
/* One of its processes has no CPU time left, and connections wait. */
bool symptom_target_slow(const struct facts *f, const struct limit_rule *rule,
			 struct candidate *s);
void evidence_target_busy(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s);

/* What it accepted, it does not answer. */
bool symptom_target_silent(const struct facts *f, const struct limit_rule *rule,
			   struct candidate *s);
void evidence_target_silent(const struct facts *f, const struct limit_rule *rule,
			    struct candidate *s);

#endif
