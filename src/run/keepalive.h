/*
 * Whose turn it is to say something, so that no connection that is held is ended as idle: the
 * descriptors of a client take turns, evenly over the time.
 */
#ifndef BRINK_RUN_KEEPALIVE_H
#define BRINK_RUN_KEEPALIVE_H

#include <stdint.h>

struct keepalive {
	int64_t every_us; /* 0: never */
	int64_t seen_us;  /* turns are given for the time up to then */
	int64_t owed;     /* turns that are not given yet, times every_us */
	int32_t next;     /* whose turn is next */
};

/* A turn of 0 .. highest that is due, of each once in every_us at least; -1: none, for now. After
 * a time in which nobody asked, each has one turn and not as many as it missed. */
int32_t keepalive_turn(struct keepalive *keepalive, int64_t now_us, int32_t highest);

/* When to ask again, INT64_MAX: never. Turns that are close to each other are given together. */
int64_t keepalive_due_us(const struct keepalive *keepalive, int32_t highest);

#endif
