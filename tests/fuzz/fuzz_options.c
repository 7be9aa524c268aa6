/* The command line of brink run: an argument a line. */
#include "fuzz.h"
#include "plan/plan.h"

#define ARGUMENTS 32

/* --help writes to standard output, and --config opens files. */
static int
is_wanted(const char *argument)
{
	return strcmp(argument, "--help") != 0 && strcmp(argument, "-h") != 0 &&
	       strncmp(argument, "--config", 8) != 0;
}

/* A refusal is one line; a plan that is taken can be stored. */
static void
try_line(int argc, char **argv)
{
	char *sentence = NULL, *json;
	size_t length;
	FILE *err = open_memstream(&sentence, &length);
	struct plan plan;
	int result = plan_parse(&plan, argc, argv, err);

	fclose(err);
	PROMISED((result == 0) == (length == 0));
	if (result == 0) {
		json = plan_json(&plan);
		PROMISED(json != NULL && json[0] == '{');
		free(json);
	}
	plan_free(&plan);
	free(sentence);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest = text, *argument;
	char command[] = "run", *argv[ARGUMENTS + 2] = { command };
	int argc = 1;

	while (argc <= ARGUMENTS && (argument = strsep(&rest, "\n")) != NULL)
		if (is_wanted(argument))
			argv[argc++] = argument;
	argv[argc] = NULL;
	try_line(argc, argv);
	free(text);
	return 0;
}
