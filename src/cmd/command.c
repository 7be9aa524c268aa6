#include "cmd/command.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "base/log.h"
#include "base/escape.h"
#include "plan/suggest.h"

static const char description[] =
    "brink takes a server to the brink: it opens TCP connections and never closes them,\n"
    "samples every resource while it does, and says which limit gave way, with proof.\n";

int
command_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_DONE;
	log_warn("standard output");
	return EXIT_FAILED;
}

static int
write_help(const struct command_table *table)
{
	printf("usage: brink COMMAND [options]\n\n%s\ncommands:\n", description);
	for (size_t i = 0; i < table->count; i++)
		printf("  %-10s %s\n", table->commands[i].name,
		       table->commands[i].summary);
	printf("  %-10s %s\n", "help", "this text, or the help of a command");
	printf(
	    "\n\"brink help COMMAND\" lists the options of a command; \"brink --version\""
	    " tells the version.\n");
	return command_flush();
}

static const struct command *
find(const struct command_table *table, const char *name)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->commands[i].name, name) == 0)
			return &table->commands[i];
	return NULL;
}

static int
refuse(const struct command_table *table, const char *word)
{
	const char *nearest = suggest_nearest(word, table->name, table->count);
	char *escaped = escape_text(word);

	if (nearest != NULL)
		fprintf(stderr, "brink: \"%s\" is not a command; did you mean \"%s\"?\n",
			escaped, nearest);
	else
		fprintf(stderr,
			"brink: \"%s\" is not a command; \"brink help\" lists them\n",
			escaped);
	free(escaped);
	return EXIT_USAGE;
}

static bool
is_help(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 ||
	       strcmp(word, "-h") == 0;
}

static bool
is_version(const char *word)
{
	return strcmp(word, "version") == 0 || strcmp(word, "--version") == 0 ||
	       strcmp(word, "-V") == 0;
}

static int
help(const struct command_table *table, int argc, char **argv)
{
	char option[] = "--help";
	char *arguments[] = { NULL, option, NULL };
	const struct command *command;

	if (argc < 2 || (argc == 2 && is_help(argv[1])))
		return write_help(table);
	if (argc > 2) {
		fprintf(stderr, "brink: help takes one command\n");
		return EXIT_USAGE;
	}
	command = find(table, argv[1]);
	if (command == NULL)
		return refuse(table, argv[1]);
	arguments[0] = argv[1];
	return command->function(2, arguments);
}

int
command_dispatch(const struct command_table *table, int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		fprintf(stderr, "usage: brink COMMAND [options]; \"brink help\" lists the"
				" commands\n");
		return EXIT_USAGE;
	}
	if (is_version(argv[1])) {
		printf("brink %s\n", PACKAGE_VERSION);
		return command_flush();
	}
	if (is_help(argv[1]))
		return help(table, argc - 1, argv + 1);
	command = find(table, argv[1]);
	if (command == NULL)
		return refuse(table, argv[1]);
	return command->function(argc - 1, argv + 1);
}
