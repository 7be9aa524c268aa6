/*
 * How the value of each type of option is read and written. For option.c and its like
 * only.
 */
#ifndef BRINK_PLAN_OPTION_TYPE_H
#define BRINK_PLAN_OPTION_TYPE_H

#include <stdbool.h>

#include "plan/option.h"

struct option_ops {
	/* As in struct option_custom. */
	int (*parse)(const struct option_spec *spec, const char *arg, void *base,
		     FILE *why);
	void (*list)(const struct option_spec *spec, const void *base, FILE *out);
	void (*json)(const struct option_spec *spec, const void *base, struct json *j);
};

/* Indexed by enum option_type. */
extern const struct option_ops option_ops[];

/* Where an entry's value lies in base. */
int64_t *option_number(const struct option_spec *spec, void *base);
char **option_text(const struct option_spec *spec, void *base);

/* True where the value is a text, which base owns. */
bool option_is_text(const struct option_spec *spec);

/* Writes "N|auto", "shared|group", "FILE", or nothing for a flag. */
void option_arg_write(const struct option_spec *spec, FILE *out);

#endif
