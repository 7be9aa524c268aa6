/* The commands that turn runs into packed blocks and back. */
#include "cmd/command.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/units.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "plan/option.h"
#include "store/pack.h"
#include "store/prune.h"
#include "store/run.h"

struct pack_options {
	char *db;
};

static const struct option_spec specs[] = {
	COMMON_DB(struct pack_options),
};

/* One of the two commands. */
struct direction {
	struct option_table options;
	enum pack_result (*move)(struct db *db, int64_t run_id);
	const char *done, *nothing;
};

#define OPERANDS_MAX 1000000

static const struct direction packing = {
	.options = {
		.command = "pack",
		.operands = "RUN...",
		.operands_min = 1,
		.operands_max = OPERANDS_MAX,
		.summary = "makes the samples of finished runs small; they read as before",
		.specs = specs,
		.count = sizeof(specs) / sizeof(specs[0]),
		.reads = true,
	},
	.move = pack_run,
	.done = "packed",
	.nothing = "has no samples that are not packed",
};

static const struct direction unpacking = {
	.options = {
		.command = "unpack",
		.operands = "RUN...",
		.operands_min = 1,
		.operands_max = OPERANDS_MAX,
		.summary = "brings the samples of packed runs back into their tables",
		.specs = specs,
		.count = sizeof(specs) / sizeof(specs[0]),
		.reads = true,
	},
	.move = unpack_run,
	.done = "unpacked",
	.nothing = "is not packed",
};

static int
move_one(struct db *db, const struct direction *direction, const char *operand,
	 bool *moved)
{
	int64_t run_id = run_find(db, operand, stderr);

	if (run_id == -1)
		return EXIT_FAILED;
	switch (direction->move(db, run_id)) {
	case PACK_DONE:
		*moved = true;
		printf("run %lld is %s\n", (long long)run_id, direction->done);
		return EXIT_DONE;
	case PACK_NOTHING:
		printf("run %lld %s\n", (long long)run_id, direction->nothing);
		return EXIT_DONE;
	case PACK_RUNNING:
		log_warnx("run %lld is still running", (long long)run_id);
		return EXIT_FAILED;
	case PACK_FAILED:
		break;
	}
	log_warnx("run %lld stays as it is: %s", (long long)run_id, db_error(db));
	return EXIT_FAILED;
}

/* What is left free in the file goes back to the filesystem, where there is room for the copy that
 * takes and no run is writing; else it is kept for what comes. */
static void
shrink(struct db *db, const char *path)
{
	char text[UNITS_TEXT_SIZE];
	int64_t bytes;

	switch (prune_compact(db, path, &bytes)) {
	case PRUNE_GIVEN_BACK:
		break;
	case PRUNE_RUNNING:
		log_info("the file keeps its size while a run is writing: its free space "
			 "is used again");
		break;
	case PRUNE_NO_ROOM:
		log_warnx(
		    "the file keeps its size, its free space is used again: to give "
		    "it back needs %s of free disk",
		    units_format(UNIT_BYTES, bytes, text));
		break;
	case PRUNE_FAILED:
		log_warnx("the file keeps its size, its free space is used again: %s",
			  db_error(db));
		break;
	}
}

static int
move_all(const struct direction *direction, const char *path, char **operands)
{
	struct db *db = db_open(path, DB_WRITE, stderr);
	int code = EXIT_DONE;
	bool moved = false;

	if (db == NULL)
		return EXIT_FAILED;
	/* A run whose supervisor is gone is not running. */
	if (history_reap(db) == -1)
		log_warnx("interrupted runs could not be analysed: %s", db_error(db));
	for (; *operands != NULL; operands++) {
		int result = move_one(db, direction, *operands, &moved);

		if (result != EXIT_DONE)
			code = result;
	}
	if (moved)
		shrink(db, path);
	db_close(db);
	return command_flush() == EXIT_DONE ? code : EXIT_FAILED;
}

static int
move(const struct direction *direction, const struct pack_options *given, char **operands)
{
	char *standard = given->db == NULL ? db_default_path() : NULL;
	int code = move_all(direction, standard != NULL ? standard : given->db, operands);

	free(standard);
	return code;
}

static int
pack(const void *given, int count, char **operands)
{
	(void)count;
	return move(&packing, given, operands);
}

static int
unpack(const void *given, int count, char **operands)
{
	(void)count;
	return move(&unpacking, given, operands);
}

int
command_pack(int argc, char **argv)
{
	struct pack_options given = { 0 };

	return operands_call(&packing.options, argc, argv, &given, pack);
}

int
command_unpack(int argc, char **argv)
{
	struct pack_options given = { 0 };

	return operands_call(&unpacking.options, argc, argv, &given, unpack);
}
