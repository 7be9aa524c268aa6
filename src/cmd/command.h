/*
 * Subcommands, and what their functions share.
 */
#ifndef BRINK_CMD_COMMAND_H
#define BRINK_CMD_COMMAND_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/exit_code.h"
#include "store/db.h"

/* function() is given the arguments from the command's name on, and returns the exit
 * code. */
struct command {
	const char *name, *summary;
	int (*function)(int argc, char **argv);
};

struct command_table {
	const struct command *commands;
	size_t count;
	const char *(*name)(size_t i); /* of command i */
};

/* Finds and calls what argv asks for: a command, help or the version. Returns the exit
 * code. */
int command_dispatch(const struct command_table *table, int argc, char **argv);

int command_run(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_list(int argc, char **argv);
int command_show(int argc, char **argv);
int command_query(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_export(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_tag(int argc, char **argv);
int command_prune(int argc, char **argv);
int command_check(int argc, char **argv);
int command_analyse(int argc, char **argv);
int command_report(int argc, char **argv);
int command_resources(int argc, char **argv);
int command_limits(int argc, char **argv);
int command_figures(int argc, char **argv);
int command_pack(int argc, char **argv);
int command_unpack(int argc, char **argv);

/* EXIT_DONE where all of stdout was written, else EXIT_FAILED after a message. */
int command_flush(void);

#endif
