#include <unistd.h>

#include "cmd/command.h"

static const struct command commands[] = {
	{ "run", "one run: load a server until something gives way, and say what",
	  command_run },
	{ "list", "the runs in the database, a line each", command_list },
	{ "show", "one run in full", command_show },
	{ "resources", "what is sampled", command_resources },
	{ "limits", "what can be named as a cause", command_limits },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *
name(size_t i)
{
	return commands[i].name;
}

int
main(int argc, char **argv, char **environment)
{
	const struct command_table table = { commands, COMMANDS, name };

	setproctitle_init(argc, argv, environment);
	return command_dispatch(&table, argc, argv);
}
