#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan/plan_resolve.h"
#include "plan_try.h"
#include "words.h"

const struct host plan_try_host = {
	.cpus = 2,
	.nofile = 20000,
	.ports = 28232,
	.memory_bytes = INT64_C(16) << 30,
	.available_bytes = INT64_C(12) << 30,
	.files = { 1000, INT64_MAX },
	.processes = {
		[HOST_PID_MAX] = { 100, 4194304 },
		[HOST_THREADS_MAX] = { 100, 127000 },
		[HOST_NPROC] = { 0, INT64_MAX },
		[HOST_CGROUP_PIDS] = { 0, INT64_MAX },
	},
};

int
plan_try_resolve(struct plan *plan, const char *line, const struct host *host,
		 char **sentence)
{
	size_t size;
	FILE *err = open_memstream(sentence, &size);
	char command[] = "run", *argv[WORDS_MAX] = { command };
	char *words = strdup(line);
	int argc, result;

	assert_non_null(err);
	argc = 1 + words_split(words, argv + 1);
	result = plan_parse(plan, argc, argv, err);
	if (result == 0 && host)
		result = plan_resolve_on(plan, host, err);
	fclose(err);
	free(words);
	return result;
}

int
plan_try_parse(struct plan *plan, const char *line, char **sentence)
{
	return plan_try_resolve(plan, line, NULL, sentence);
}

void
plan_try_good(struct plan *plan, const char *line)
{
	char *sentence;

	if (plan_try_resolve(plan, line, &plan_try_host, &sentence) != 0)
		fail_msg("run %s: %s", line, sentence);
	assert_string_equal(sentence, "");
	free(sentence);
}
