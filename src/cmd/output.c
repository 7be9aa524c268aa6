#include "cmd/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "report/report.h"

/* place_make() makes a private file: give it the mode that open(2) would have. */
static void
set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
}

static FILE *
open_temporary(struct output *output, bool private)
{
	FILE *stream;
	int fd;

	if (asprintf(&output->temporary, "%s.%08x", output->place.name, arc4random()) ==
	    -1)
		fatal("cannot hold the name of a file");
	fd = place_make(&output->place, output->temporary);
	if (fd == -1)
		return NULL;
	if (!private)
		set_mode(fd);
	stream = fdopen(fd, "w");
	if (stream == NULL) {
		close(fd);
		(void)unlinkat(output->place.folder, output->temporary, 0);
	}
	return stream;
}

/* What is no regular file is written as it is: a device, or a pipe that a shell opened. */
static FILE *
open_special(const struct output *output)
{
	int fd = openat(output->place.folder, output->place.name,
			O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC |
			    (output->place.is_open ? 0 : O_NOFOLLOW));
	FILE *stream = NULL;

	if (fd != -1 && fcntl(fd, F_SETFL, O_WRONLY) == 0)
		stream = fdopen(fd, "w");
	if (stream == NULL && fd != -1)
		close(fd);
	return stream;
}

/* By whatever name: "/dev/stdout" is a file where a shell sends it there, and a file that
 * is made beside it must not take its place. */
static bool
is_standard(const struct stat *st)
{
	struct stat own;

	return fstat(STDOUT_FILENO, &own) == 0 && own.st_dev == st->st_dev &&
	       own.st_ino == st->st_ino;
}

/* Behind what is there already, as all that is written to standard output. */
static FILE *
open_standard(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	FILE *stream = fd != -1 ? fdopen(fd, "w") : NULL;

	if (stream == NULL && fd != -1)
		close(fd);
	return stream;
}

/* A database holds what nobody can make again: no report takes its place. */
static bool
is_database(const struct place *place)
{
	static const char magic[] = "SQLite format 3"; /* with its NUL */
	char begin[sizeof(magic)] = "";
	int fd;

	if (!S_ISREG(place->st.st_mode))
		return false;
	fd = openat(place->folder, place->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return false;
	if (read(fd, begin, sizeof(begin)) != (ssize_t)sizeof(begin))
		begin[0] = '\0';
	close(fd);
	return memcmp(begin, magic, sizeof(magic)) == 0;
}

/* The place that a path leads to; nothing there is opened that could wait for ever. What is
 * made is made by the descriptor of its folder, so that the folder may be another user's. 0,
 * or -1 after one sentence. */
static int
find_place(struct place *place, const char *path)
{
	const char *why = place->why;

	if (place_find(place, path, PLACE_SHARED) == 0) {
		if (!place->exists || place->is_open)
			return 0;
		if (S_ISFIFO(place->st.st_mode))
			why = "it is a named pipe: write to standard output, and have "
			      "that go there";
		else if (S_ISSOCK(place->st.st_mode))
			why = "it is a socket";
		else if (is_database(place))
			why = "it is a database: give another file";
		else
			return 0;
		place_close(place);
	}
	log_warnx("%s: %s", path, why);
	return -1;
}

int
output_check(const char *path)
{
	struct place place;
	int rc = 0;

	if (find_place(&place, path) == -1)
		return -1;
	if (!place.exists || S_ISREG(place.st.st_mode))
		rc = faccessat(place.folder, ".", W_OK | X_OK, 0);
	if (rc == -1)
		log_warn("%s", path);
	place_close(&place);
	return rc;
}

/* NULL for standard output, which "-" is for every tool that takes a file. */
static const char *
file_of(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0 ? NULL : path;
}

static int
begin(struct output *output, const char *path, bool private)
{
	struct place *place = &output->place;

	*output = (struct output){ .stream = stdout, .path = file_of(path) };
	place->folder = -1;
	if (output->path == NULL)
		return 0;
	if (find_place(place, path) == -1)
		return -1;
	if (place->exists && is_standard(&place->st))
		output->stream = open_standard();
	else if (place->exists && !S_ISREG(place->st.st_mode))
		output->stream = open_special(output);
	else
		output->stream = open_temporary(output, private);
	if (output->stream != NULL)
		return 0;
	log_warn("%s", path);
	place_close(place);
	free(output->temporary);
	return -1;
}

int
output_begin(struct output *output, const char *path)
{
	return begin(output, path, false);
}

int
output_begin_private(struct output *output, const char *path)
{
	return begin(output, path, true);
}

/* As place_find() left it, by a name for those who take no descriptor. */
static char *
folder_name(const struct place *place)
{
	char link[64], *name = NULL;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", place->folder);
	name = realpath(link, NULL);
	return name;
}

char *
output_place(const char *path)
{
	struct place place;
	struct stat st;
	char *folder;

	if (file_of(path) == NULL || (stat(path, &st) == 0 && is_standard(&st)))
		return NULL;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		folder = strdup(path);
		if (folder == NULL)
			fatal("cannot hold the name of a file");
		return folder;
	}
	/* What is refused is said when it comes to be written. */
	if (place_find(&place, path, PLACE_SHARED) == -1)
		return NULL;
	folder = folder_name(&place);
	place_close(&place);
	return folder;
}

int
output_end(struct output *output)
{
	bool failed;

	if (output->path == NULL)
		return command_flush();
	failed = ferror(output->stream) != 0;
	failed |= fclose(output->stream) == EOF;
	if (!failed && output->temporary != NULL)
		failed = renameat(output->place.folder, output->temporary,
				  output->place.folder, output->place.name) == -1;
	if (failed) {
		log_warn("%s", output->path);
		if (output->temporary != NULL)
			(void)unlinkat(output->place.folder, output->temporary, 0);
	}
	place_close(&output->place);
	free(output->temporary);
	return failed ? EXIT_FAILED : EXIT_DONE;
}

void
output_drop(struct output *output)
{
	if (output->path == NULL)
		return;
	fclose(output->stream);
	if (output->temporary != NULL)
		(void)unlinkat(output->place.folder, output->temporary, 0);
	place_close(&output->place);
	free(output->temporary);
}

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
