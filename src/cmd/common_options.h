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
	{ .name = "output", \
	  .letter = 'o', \
	  .type = OPTION_TEXT, \
	  .offset = offsetof(options, output), \
	  .arg = "FILE", \
	  .group = "options", \
	  .help = "write there, complete or not at all" }
/* clang-format on */

#endif
