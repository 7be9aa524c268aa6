/*
 * What evidence is made of: usages, limits and counters about a candidate's time.
 */
#ifndef BRINK_ANALYSE_PROOF_H
#define BRINK_ANALYSE_PROOF_H

#include "analyse/candidate.h"

/* At least that part of it: the rest may be in use for a moment without being sampled. */
bool proof_is_at(int64_t usage, int64_t limit);

/* More than there can be of it, by more than such a moment makes up for: then what was counted
 * is not what the limit is about. */
bool proof_is_beyond(int64_t usage, int64_t limit);

/* Notes the usage and the limit that the verdict will name. */
void proof_use(struct candidate *s, int64_t usage, int64_t limit, const char *source);

/* The highest and the lowest value of KIND_sample.resource of a subject in [from_us, to_us];
 * -1: not sampled then. */
int64_t proof_peak(const struct facts *f, const char *kind, int64_t subject,
		   const char *resource, int64_t from_us, int64_t to_us);
int64_t proof_least(const struct facts *f, const char *kind, int64_t subject,
		    const char *resource, int64_t from_us, int64_t to_us);

/* How much a counter of the one subject of a kind grew between two instants; 0 where it was
 * not read. */
int64_t proof_growth(const struct facts *f, const char *kind, const char *counter,
		     int64_t from_us, int64_t to_us);

/* The same of the subject of a name. */
int64_t proof_growth_of(const struct facts *f, const char *kind, const char *name,
			const char *counter, int64_t from_us, int64_t to_us);

/* The same of the subject of a number. */
int64_t proof_growth_at(const struct facts *f, const char *kind, int64_t subject,
			const char *counter, int64_t from_us, int64_t to_us);

/* Handshake packets that this listener dropped because its accept queue was full: not those of
 * its SYN queue, nor those of another listener, both of which the namespace counts too. -1:
 * not known. */
int64_t proof_overflows(const struct facts *f, int64_t listener, int64_t from_us,
			int64_t to_us);

/* Handshake packets that this listener dropped, or where that is not known all that the namespace
 * did. The listener's own count has resets of half-open connections too, the namespace's has not:
 * no more than the lesser of the two were dropped. */
int64_t proof_drops(const struct facts *f, int64_t listener, int64_t from_us,
		    int64_t to_us);

/* TCP segments of the namespace that were sent and did not arrive. */
int64_t proof_lost(const struct facts *f, int64_t from_us, int64_t to_us);

/* Segments that were sent again, but for those of handshakes. */
int64_t proof_resent(const struct facts *f, int64_t from_us, int64_t to_us);

/* Adds a growth as of proof_growth() to the proofs and sets moved, where there is any. */
void proof_counter(const struct facts *f, const char *kind, const char *counter,
		   struct candidate *s, int64_t from_us, int64_t to_us);

#endif
