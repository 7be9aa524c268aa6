#include "cmd/command.h"

#include "analyse/analyse.h"
#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "plan/option.h"
#include "store/run.h"

struct analyse_options {
	char *db;
};

static const struct option_spec specs[] = {
	COMMON_DB(struct analyse_options),
};

static const struct option_table options = {
	.command = "analyse",
	.operands = "RUN",
	.operands_min = 1,
	.operands_max = 1,
	.summary = "makes the findings of a run anew from what is stored: the same "
		   "samples give\n"
		   "the same figures. RUN is an id, the beginning of one, a label, last "
		   "or last-N",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

static int
analyse(const struct history *history, const char *operand)
{
	int64_t run_id = run_find(history->db, operand, stderr);

	if (run_id == -1)
		return EXIT_FAILED;
	if (db_query_int(history->db,
			 "SELECT state = 'running' FROM run WHERE run_id = ?1", run_id,
			 0) != 0) {
		log_warnx("run %lld goes on: it is analysed when it ends",
			  (long long)run_id);
		return EXIT_FAILED;
	}
	if (analyse_run(history->db, run_id) == -1) {
		log_warnx("run %lld cannot be analysed: %s", (long long)run_id,
			  db_error(history->db));
		return EXIT_FAILED;
	}
	printf("run %lld is analysed; \"brink show %lld\" shows it\n", (long long)run_id,
	       (long long)run_id);
	return command_flush();
}

static int
open_and_analyse(const void *arg, int count, char **operands)
{
	const struct analyse_options *given = arg;
	struct history history;
	int code = EXIT_FAILED;

	(void)count;
	if (history_open(&history, given->db) == 0)
		code = analyse(&history, operands[0]);
	history_close(&history);
	return code;
}

int
command_analyse(int argc, char **argv)
{
	struct analyse_options given = { 0 };

	return operands_call(&options, argc, argv, &given, open_and_analyse);
}
