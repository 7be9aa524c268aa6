/*
 * One option at a time, from a command line (option.c) or a file (config.c). For these two
 * only.
 */
#ifndef BRINK_PLAN_OPTION_PARSER_H
#define BRINK_PLAN_OPTION_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/option.h"

/* Where options come from; what comes later wins. */
enum option_layer { LAYER_NONE, LAYER_FILE, LAYER_LINE };

/* What one call of option_parse() works on. */
struct option_parser {
	const struct option_table *table;
	void *base;
	FILE *err;
	enum option_layer layer;  /* what is being read */
	enum option_layer *given; /* by entry of the table */
	bool config_only;         /* the first time through: where is the file? */
	const char *file;         /* LAYER_FILE: its name */
	int line;                 /* LAYER_FILE: in it, from 1 */
};

/* "brink run: ", "FILE:LINE: " in a file, and the sentence, control characters in it made
 * visible; always OPTION_ERROR. */
int option_reject(const struct option_parser *parser, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Refuses a name that is not in the table, and says which is near. */
int option_reject_unknown(const struct option_parser *parser, const char *name,
			  size_t length);

/* Stores one value, which must not be empty; NULL only for a flag. 0 or OPTION_ERROR. */
int option_give(struct option_parser *parser, const struct option_spec *spec,
		const char *value);

/* Writes "N|auto", "shared|group", "FILE", or nothing for a flag. */
void option_arg_write(const struct option_spec *spec, FILE *out);

#endif
