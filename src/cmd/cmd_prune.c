#include "cmd/command.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "report/grid.h"
#include "store/prune.h"

struct prune_options {
	char *db, *label;
	int64_t keep, older_us, dry_run, json;
};

#define AT(member) .offset = offsetof(struct prune_options, member)

/* Stands for "not given": no number or time is negative. */
static const struct option_word not_given[] = { { "none", -1, NULL }, { NULL, 0, NULL } };

static const struct option_spec specs[] = {
	{ .name = "keep",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_COUNT,
	  AT(keep),
	  .max = INT64_MAX,
	  .def = "none",
	  .words = not_given,
	  .arg = "N",
	  .group = "options",
	  .help = "keep the newest N runs, and delete the others" },
	{ .name = "older-than",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_US,
	  AT(older_us),
	  .max = INT64_MAX,
	  .def = "none",
	  .words = not_given,
	  .arg = "TIME",
	  .group = "options",
	  .help = "delete runs that ended longer ago; with --keep, never the newest N" },
	{ .name = "label",
	  .type = OPTION_TEXT,
	  AT(label),
	  .arg = "LABEL",
	  .group = "options",
	  .help = "look only at runs with this label" },
	{ .name = "dry-run",
	  .type = OPTION_FLAG,
	  AT(dry_run),
	  .group = "options",
	  .help = "only say which runs these are" },
	COMMON_DB(struct prune_options),
	COMMON_JSON(struct prune_options),
};

static const struct option_table options = {
	.command = "prune",
	.operands = "",
	.summary = "deletes old runs, and lists them; a run that has not ended stays",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

/* The runs, before anything is done to them. */
static int64_t
write_runs(struct db *db, const struct prune *prune, bool json)
{
	struct db_statement *s = prune_list(db, prune);
	struct grid grid = { 0 };
	int rc = -1;

	if (s != NULL)
		rc = grid_write(&grid, s, json ? GRID_JSON : GRID_TABLE, INT64_MAX,
				stdout);
	db_finish(s);
	return rc == -1 ? -1 : grid.rows;
}

static int
compact(const struct history *history)
{
	char text[UNITS_TEXT_SIZE];
	int64_t bytes;

	log_info("giving their room back to the filesystem (VACUUM)");
	switch (prune_compact(history->db, history->path, &bytes)) {
	case PRUNE_GIVEN_BACK:
		log_info("%s given back", units_format(UNIT_BYTES, bytes, text));
		return EXIT_DONE;
	case PRUNE_RUNNING:
		log_info("not now, while a run is writing: coming runs use the room");
		return EXIT_DONE;
	case PRUNE_NO_ROOM:
		log_warnx("that needs %s of free disk: coming runs use the room instead",
			  units_format(UNIT_BYTES, bytes, text));
		return EXIT_DONE;
	case PRUNE_FAILED:
		break;
	}
	log_warnx("the room could not be given back: %s", db_error(history->db));
	return EXIT_FAILED;
}

static int
delete_runs(const struct history *history, const struct prune *prune)
{
	int64_t deleted = prune_delete(history->db, prune);

	if (deleted == -1) {
		log_warnx("the runs could not all be deleted: %s", db_error(history->db));
		return EXIT_FAILED;
	}
	log_info("%" PRId64 " run%s deleted", deleted, deleted == 1 ? "" : "s");
	return deleted > 0 ? compact(history) : EXIT_DONE;
}

static int
prune_history(const struct history *history, const struct prune_options *given)
{
	struct prune prune = {
		.label = given->label,
		.keep = given->keep,
		.before_unix_us =
		    given->older_us >= 0 ? clock_unix_us() - given->older_us : -1,
	};
	int64_t count;

	if (!history->writable && !given->dry_run) {
		log_warnx("%s is read-only: no run can be deleted", history->path);
		return EXIT_FAILED;
	}
	count = write_runs(history->db, &prune, given->json);
	if (count == -1 || command_flush() != EXIT_DONE) {
		log_warnx("the runs cannot be listed: %s", db_error(history->db));
		return EXIT_FAILED;
	}
	if (!given->dry_run)
		return delete_runs(history, &prune);
	log_info("%" PRId64 " run%s would be deleted", count, count == 1 ? "" : "s");
	return EXIT_DONE;
}

static int
prune(const void *options_given, int count, char **operands)
{
	const struct prune_options *given = options_given;
	struct history history;
	int code = EXIT_FAILED;

	(void)count;
	(void)operands;
	if (given->keep == -1 && given->older_us == -1) {
		fprintf(stderr, "brink prune: which runs? give --keep N, such as --keep "
				"100, or --older-than TIME, such as --older-than 30d\n");
		return EXIT_USAGE;
	}
	if (history_open(&history, given->db) == 0)
		code = prune_history(&history, given);
	history_close(&history);
	return code;
}

int
command_prune(int argc, char **argv)
{
	struct prune_options given = { 0 };

	return operands_call(&options, argc, argv, &given, prune);
}
