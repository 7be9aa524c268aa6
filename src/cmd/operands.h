/*
 * The arguments of a command: the options that many have, and the operands behind them.
 * "show RUN --json" is what one types; option_parse() wants options first.
 */
#ifndef BRINK_CMD_OPERANDS_H
#define BRINK_CMD_OPERANDS_H

#include <stddef.h>

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

/* clang-format off */
#define COMMON_DB(options) \
	{ .name = "db", \
	  .type = OPTION_TEXT, \
	  .offset = offsetof(options, db), \
	  .arg = "FILE", \
	  .group = "options", \
	  .help = "the database" }

#define COMMON_JSON(options) \
	{ .name = "json", \
	  .type = OPTION_FLAG, \
	  .offset = offsetof(options, json), \
	  .group = "options", \
	  .help = "write JSON" }

#define COMMON_OUTPUT(options) \
	COMMON_OUTPUT_AS(options, "write there, complete or not at all")

#define COMMON_OUTPUT_AS(options, sentence) \
	{ .name = "output", \
	  .letter = 'o', \
	  .type = OPTION_TEXT, \
	  .offset = offsetof(options, output), \
	  .arg = "FILE", \
	  .group = "options", \
	  .help = sentence }

#define COMMON_NO_COLOUR(options) \
	{ .name = "no-color", \
	  .type = OPTION_FLAG, \
	  .offset = offsetof(options, no_colour), \
	  .group = "options", \
	  .help = "no colour, as with NO_COLOR set" }
/* clang-format on */

#endif
