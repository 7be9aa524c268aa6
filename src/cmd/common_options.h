/*
 * Options that many commands have: entries of their tables. The argument is the command's
 * struct, whose members are named as the options.
 */
#ifndef BRINK_CMD_COMMON_OPTIONS_H
#define BRINK_CMD_COMMON_OPTIONS_H

#include <stddef.h>

#include "plan/option.h"

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
