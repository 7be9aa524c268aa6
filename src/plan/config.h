/*
 * Files of options: "name = value", a line an option, with the names and values of the
 * command line; a flag is yes or no. Lines that begin with # or ; are comments, as is what
 * follows " ;". "[run]", the command's name, may stand above them. (INI, by libinih.)
 */
#ifndef BRINK_PLAN_CONFIG_H
#define BRINK_PLAN_CONFIG_H

#include "plan/option_parser.h"

/* Stores the options of the file at path. 0, or OPTION_ERROR after one sentence on
 * parser->err which names the file and the line. */
int config_read(struct option_parser *parser, const char *path);

/* The same from a stream; path is for messages. */
int config_read_stream(struct option_parser *parser, FILE *in, const char *path);

#endif
