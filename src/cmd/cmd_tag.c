#include "cmd/command.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "plan/tag_name.h"
#include "report/grid.h"
#include "store/run.h"
#include "store/tag.h"

struct tag_options {
	char *db, *remove;
	int64_t json;
};

#define AT(member) .offset = offsetof(struct tag_options, member)

static const struct option_spec specs[] = {
	{ .name = "remove",
	  .type = OPTION_TEXT,
	  AT(remove),
	  .arg = "NAME",
	  .group = "options",
	  .help = "take this tag off the run" },
	COMMON_DB(struct tag_options),
	COMMON_JSON(struct tag_options),
};

static const struct option_table options = {
	.command = "tag",
	.operands = "RUN [NAME[=VALUE]...]",
	.operands_min = 1,
	.operands_max = INT_MAX,
	.summary = "puts tags on a run, and lists those that it has",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

static int
failed(struct db *db)
{
	log_warnx("the tags cannot be changed: %s", db_error(db));
	return EXIT_FAILED;
}

static int
put(struct db *db, int64_t run_id, const char *tag)
{
	int length = (int)strcspn(tag, "=");
	const char *why = tag_name_check(tag, (size_t)length);

	if (why != NULL) {
		fprintf(stderr, "brink tag: \"%.*s\": %s\n", length, tag, why);
		return EXIT_USAGE;
	}
	return tag_put(db, run_id, tag) == -1 ? failed(db) : EXIT_DONE;
}

static int
take_off(struct db *db, int64_t run_id, const char *name)
{
	int removed = tag_remove(db, run_id, name);

	if (removed == -1)
		return failed(db);
	if (removed == 1)
		return EXIT_DONE;
	fprintf(stderr, "brink tag: run %lld has no tag \"%s\"\n", (long long)run_id,
		name);
	return EXIT_FAILED;
}

static int
list(struct db *db, int64_t run_id, const struct tag_options *given)
{
	struct db_statement *s = tag_list(db, run_id);
	struct grid grid;
	int rc = -1;

	if (s != NULL)
		rc = grid_write(&grid, s, given->json ? GRID_JSON : GRID_TABLE, INT64_MAX,
				stdout);
	if (rc == -1)
		log_warnx("the tags cannot be read: %s", db_error(db));
	db_finish(s);
	return rc == -1 ? EXIT_FAILED : command_flush();
}

/* All of the changes or none; without any, the list. */
static int
change(struct db *db, int64_t run_id, const struct tag_options *given, char **tags)
{
	int code = EXIT_DONE;

	if (given->remove == NULL && *tags == NULL)
		return list(db, run_id, given);
	if (db_begin(db) == -1)
		return failed(db);
	if (given->remove != NULL)
		code = take_off(db, run_id, given->remove);
	for (; *tags != NULL && code == EXIT_DONE; tags++)
		code = put(db, run_id, *tags);
	if (code == EXIT_DONE && db_commit(db) == -1)
		code = failed(db);
	if (code != EXIT_DONE)
		db_rollback(db);
	return code;
}

static int
tag(const void *options_given, int count, char **operands)
{
	const struct tag_options *given = options_given;
	struct history history;
	int code = EXIT_FAILED;

	(void)count;
	if (history_open(&history, given->db) == 0) {
		int64_t run_id = run_find(history.db, operands[0], stderr);

		if (run_id != -1)
			code = change(history.db, run_id, given, operands + 1);
	}
	history_close(&history);
	return code;
}

int
command_tag(int argc, char **argv)
{
	struct tag_options given = { 0 };

	return operands_call(&options, argc, argv, &given, tag);
}
