/* Files of --config. */
#include "fuzz.h"
#include "plan/config.h"
#include "plan/plan.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *sentence = NULL, *bytes = fuzz_text(data, size);
	size_t length;
	FILE *in = fmemopen(bytes, size > 0 ? size : 1, "r");
	FILE *err = open_memstream(&sentence, &length);
	char command[] = "run", *argv[] = { command, NULL };
	struct option_parser parser = { .table = &plan_options, .err = err };
	struct plan plan;
	int result;

	PROMISED(plan_parse(&plan, 1, argv, err) == 0);
	parser.base = &plan;
	parser.given = calloc(plan_options.count, sizeof(*parser.given));
	result = config_read_stream(&parser, in, "file");
	fclose(in);
	fclose(err);
	PROMISED((result == 0) == (length == 0));
	if (result != 0)
		PROMISED(strncmp(sentence, "brink run: file:", 16) == 0);
	plan_free(&plan);
	free(parser.given);
	free(sentence);
	free(bytes);
	return 0;
}
