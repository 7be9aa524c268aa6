/*
 * "show RUN --json" is what one types; option_parse() wants options first.
 */
#ifndef BRINK_CMD_OPERANDS_H
#define BRINK_CMD_OPERANDS_H

#include "plan/option.h"

/* The arguments with all options before all operands, each in their order, and NULL at the
 * end; *argc becomes their number. What follows "--" are operands. The caller frees the
 * array, not the arguments. */
char **operands_last(const struct option_table *table, int *argc, char **argv);

/*
 * Parses the arguments of a command into given, which is the table's struct, confines the
 * process where the command only reads, and calls function with it and the operands, behind
 * which stands NULL. Returns its exit code, or that of --help or of a wrong command line.
 */
int operands_call(const struct option_table *table, int argc, char **argv, void *given,
		  int (*function)(const void *given, int count, char **operands));

#endif
