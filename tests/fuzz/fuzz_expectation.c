/* Expressions of --expect and --abort-on. */
#include "fuzz.h"
#include "plan/expectation.h"

/* One that is taken is written so that it is read back as the same. */
static void
again(const struct expectation *e)
{
	char text[EXPECTATION_TEXT_SIZE];
	struct expectation other;

	expectation_text(e, text);
	PROMISED(expectation_parse(&other, text, stderr) == 0);
	PROMISED(other.figure == e->figure && other.relation == e->relation);
	PROMISED(!(other.bound < e->bound || other.bound > e->bound));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *sentence = NULL;
	size_t length;
	FILE *why = open_memstream(&sentence, &length);
	struct expectation e;
	int result = expectation_parse(&e, text, why);

	fclose(why);
	PROMISED((result == 0) == (length == 0));
	if (result == 0)
		again(&e);
	free(sentence);
	free(text);
	return 0;
}
