/*
 * "show RUN --json" is what one types; option_parse() wants options first.
 */
#ifndef BRINK_CMD_OPERANDS_H
#define BRINK_CMD_OPERANDS_H

#include <stddef.h>

#include "plan/option.h"

/* Options that commands share, as entries of their tables; given is the table's struct. */
#define OPTION_DB(given)                                                          \
	{                                                                         \
		.name = "db", .type = OPTION_TEXT, .offset = offsetof(given, db), \
		.arg = "FILE", .group = "options", .help = "the database"         \
	}
#define OPTION_OUTPUT(given, what)                                                    \
	{                                                                             \
		.name = "output", .letter = 'o', .type = OPTION_TEXT,                 \
		.offset = offsetof(given, output), .arg = "FILE", .group = "options", \
		.help = what                                                          \
	}

/* The arguments with all options before all operands, each in their order, and NULL at the
 * end; *argc becomes their number. What follows "--" are operands. The caller frees the
 * array, not the arguments. */
char **operands_last(const struct option_table *table, int *argc, char **argv);

/*
 * Parses the arguments of a command into given, which is the table's struct, and calls
 * function with it and the operands, behind which stands NULL. Returns its exit code, or
 * that of --help or of a wrong command line.
 */
int operands_call(const struct option_table *table, int argc, char **argv, void *given,
		  int (*function)(const void *given, int count, char **operands));

#endif
