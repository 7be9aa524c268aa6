/*
 * What is said of a sweep, in the words of every format: plain text, with what is from outside
 * made visible, but not escaped for any markup.
 */
#ifndef BRINK_REPORT_SWEPT_WORDS_H
#define BRINK_REPORT_SWEPT_WORDS_H

#include <stdbool.h>
#include <stdio.h>

#include "analyse/swept.h"
#include "analyse/swept_effect.h"

/* "acceptor-nofile 2x, ephemeral-ports 1x", or one alone; "-" where nothing is known. To be
 * freed. */
char *swept_causes_text(const struct swept_point *point);

/* "acceptors=2 rate=500" of a point: the settings that are of an axis, or those that are not. */
void swept_write_settings(const struct swept *swept, size_t point, size_t axis,
			  bool of_axis, FILE *out);

/* The options of an axis, and one of its values: "acceptors", "4"; where options change
 * together "limit.nofile.acceptor:rate", "512:10". */
void swept_write_axis(const struct swept *swept, size_t axis, FILE *out);
void swept_write_level(const struct swept *swept, size_t axis, size_t level, FILE *out);

/* Where what gives way changes, and an effect that was found: a line each, without its end. */
void swept_write_change(const struct swept *swept, const struct swept_change *change,
			FILE *out);
void swept_write_effect(const struct swept *swept, const struct swept_effect *e,
			FILE *out);

#endif
