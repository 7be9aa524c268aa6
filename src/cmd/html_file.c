#include "cmd/html_file.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "report/report.h"

int
html_file_write(struct db *db, const int64_t *runs, size_t count, const char *path)
{
	struct output output;

	if (output_begin_private(&output, path) == -1)
		return EXIT_FAILED;
	if (html_report(output.stream, db, runs, count) == 0)
		return output_end(&output);
	output_drop(&output);
	log_warnx("the report cannot be made: %s", db_error(db));
	return EXIT_FAILED;
}

char *
html_file_default(const char *db_path, int64_t run_id)
{
	size_t length = strlen(db_path);
	char name[HTML_NAME], *path;

	if (length > strlen(".db") &&
	    strcmp(db_path + length - strlen(".db"), ".db") == 0)
		length -= strlen(".db");
	if (asprintf(&path, "%.*s-%s", (int)length, db_path,
		     html_run_name(run_id, name)) == -1)
		fatal("cannot hold the name of a file");
	return path;
}
