#include "cmd/operands.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/reader.h"

static bool
is_named(const struct option_spec *spec, const char *arg)
{
	if (strncmp(arg, "--", 2) == 0)
		return strcmp(arg + 2, spec->name) == 0;
	return spec->letter != '\0' && arg[1] == spec->letter && arg[2] == '\0';
}

/* True where the value of the option is the argument behind it. */
static bool
takes_next(const struct option_table *table, const char *arg)
{
	for (size_t i = 0; i < table->count; i++)
		if (is_named(&table->specs[i], arg))
			return table->specs[i].type != OPTION_FLAG;
	return false;
}

char **
operands_last(const struct option_table *table, int *argc, char **argv)
{
	char **sorted = calloc((size_t)*argc + 2, sizeof(*sorted));
	char **operands = calloc((size_t)*argc + 1, sizeof(*operands));
	static char end[] = "--";
	int n = 0, count = 0, i = 1;

	if (sorted == NULL || operands == NULL)
		fatal("cannot hold the arguments");
	sorted[n++] = argv[0];
	for (; i < *argc && strcmp(argv[i], end) != 0; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			operands[count++] = argv[i];
			continue;
		}
		sorted[n++] = argv[i];
		if (takes_next(table, argv[i]) && i + 1 < *argc)
			sorted[n++] = argv[++i];
	}
	for (i++; i < *argc; i++)
		operands[count++] = argv[i];
	if (count > 0)
		sorted[n++] = end;
	memcpy(sorted + n, operands, (size_t)count * sizeof(*operands));
	free(operands);
	*argc = n + count;
	return sorted;
}

int
operands_call(const struct option_table *table, int argc, char **argv, void *given,
	      int (*function)(const void *given, int count, char **operands))
{
	char **sorted = operands_last(table, &argc, argv);
	int first = option_parse(table, argc, sorted, given, stderr);
	int code = EXIT_USAGE;

	if (first == OPTION_HELP)
		code = command_flush();
	if (first >= 0 && table->reads)
		reader_confine(table, given);
	if (first >= 0)
		code = function(given, argc - first, sorted + first);
	option_free(table, given);
	free(sorted);
	return code;
}
