#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/place.h"

#define OTHER 4711

/* Where the test is. */
static char here[128];

/* Valid until the call after the next. */
static const char *
in_here(const char *name)
{
	static char paths[2][256];
	static int lease;
	char *path = paths[lease ^= 1];

	snprintf(path, sizeof(paths[0]), "%s/%s", here, name);
	return path;
}

static void
make_file(const char *name)
{
	int fd = open(in_here(name), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(close(fd), 0);
}

static void
make_folder(const char *name, mode_t mode)
{
	assert_int_equal(mkdir(in_here(name), 0700), 0);
	assert_int_equal(chmod(in_here(name), mode), 0);
}

static void
make_link(const char *target, const char *name)
{
	assert_int_equal(symlink(target, in_here(name)), 0);
}

static void
give_away(const char *name)
{
	assert_int_equal(lchown(in_here(name), OTHER, OTHER), 0);
}

static int
set_up(void **state)
{
	(void)state;
	strlcpy(here, "/tmp/brink-place-XXXXXX", sizeof(here));
	assert_non_null(mkdtemp(here));
	return 0;
}

static int
tear_down(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", here);
	return system(command); /* NOLINT: a name of the test's own */
}

static void
assert_found(const char *name, int flags, const char *wanted)
{
	struct place place;

	if (place_find(&place, in_here(name), flags) == -1)
		fail_msg("%s: %s", name, place.why);
	assert_string_equal(place.name, wanted);
	place_close(&place);
}

static void
assert_refused(const char *name, int flags, const char *why)
{
	struct place place;

	assert_int_equal(place_find(&place, in_here(name), flags), -1);
	if (strstr(place.why, why) == NULL)
		fail_msg("%s: \"%s\" instead of \"%s\"", name, place.why, why);
	assert_int_equal(place.folder, -1);
}

static void
a_path_is_followed_to_its_file(void **state)
{
	(void)state;
	make_folder("a", 0700);
	make_file("a/file");
	make_link("a/file", "to-file");
	make_link("a", "to-folder");
	make_link(in_here("a/new"), "absolute");
	make_link("loop", "loop");
	assert_found("a/file", 0, "file");
	assert_found("a//./../a/file", 0, "file");
	assert_found("to-file", 0, "file");
	assert_found("to-folder/file", 0, "file");
	assert_found("absolute", 0, "new");
	assert_found("to-folder/new", 0, "new");
	assert_refused("to-file", PLACE_PLAIN, "it is a symbolic link");
	assert_found("to-folder/file", PLACE_PLAIN, "file");
	assert_refused("loop", 0, "symbolic links");
	assert_refused("a", 0, "Is a directory");
	assert_refused("to-folder/", 0, "Is a directory");
	assert_refused("a/file/x", 0, "Not a directory");
	assert_refused("none/file", 0, "none: No such file");
}

static void
folders_are_made_for_their_owner_alone(void **state)
{
	mode_t mask = umask(0777);
	struct stat st;

	(void)state;
	assert_found("x/y/file", PLACE_MAKE, "file");
	umask(mask);
	assert_int_equal(stat(in_here("x/y"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(stat(in_here("x"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(access(in_here("x/y/file"), F_OK), -1);
	make_link("x", "to-x");
	make_link("x/none", "to-none");
	assert_found("to-x/z/file", PLACE_MAKE, "file");
	assert_refused("to-none/file", PLACE_MAKE, "none: No such file");
	assert_refused("to-none/z/file", PLACE_MAKE, "none: No such file");
}

static void
what_is_made_is_new_and_private(void **state)
{
	struct place place;
	struct stat st;
	mode_t mask;
	int fd;

	(void)state;
	make_link("elsewhere", "link");
	assert_int_equal(place_find(&place, in_here("file"), 0), 0);
	assert_int_equal(place_make(&place, "link"), -1);
	assert_int_equal(access(in_here("elsewhere"), F_OK), -1);
	mask = umask(0777);
	fd = place_make(&place, place.name);
	umask(mask);
	assert_int_not_equal(fd, -1);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(close(fd), 0);
	assert_int_equal(place_make(&place, place.name), -1);
	place_close(&place);
}

static void
a_file_of_several_names_is_refused(void **state)
{
	(void)state;
	make_file("one");
	assert_int_equal(link(in_here("one"), in_here("two")), 0);
	assert_refused("two", 0, "2 names");
	assert_refused("two", PLACE_SHARED, "2 names");
}

static void
what_another_user_made_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	make_file("victim");
	make_link("victim", "link");
	make_link(".", "folder-link");
	make_file("theirs");
	assert_int_equal(mkfifo(in_here("fifo"), 0600), 0);
	make_folder("shared", 01777);
	make_file("shared/theirs");
	make_link("../victim", "shared/link");
	make_folder("own", 0755);
	make_file("own/theirs");
	for (const char *const *name =
		 (const char *const[]){ "link", "folder-link", "theirs", "fifo",
					"shared/theirs", "shared/link", "own/theirs",
					"own", NULL };
	     *name != NULL; name++)
		give_away(*name);
	for (int flags = 0; flags <= PLACE_SHARED; flags += PLACE_SHARED) {
		assert_refused("link", flags, "\"link\" belongs to another user (4711)");
		assert_refused("folder-link/x", flags, "\"folder-link\" belongs to");
		assert_refused("theirs", flags, "it belongs to another user");
		assert_refused("fifo", flags, "it belongs to another user");
		assert_refused("shared/theirs", flags, "it belongs to another user");
		assert_refused("shared/link", flags, "\"link\" belongs to");
		assert_found("shared/new", flags, "new");
	}
	/* What is in their own folder is plainly theirs. */
	assert_refused("own/theirs", 0, "the folder \"own\" belongs to another user");
	assert_refused("own/new", 0, "the folder \"own\" belongs to another user");
	assert_found("own/theirs", PLACE_SHARED, "theirs");
}

static void
where_everybody_may_rename_root_writes_nothing(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	make_folder("open", 0777);
	make_folder("open/within", 0700);
	assert_refused("open/file", 0, "has no sticky bit");
	assert_refused("open/within/file", 0, "has no sticky bit");
	assert_found("open/within/file", PLACE_SHARED, "file");
}

static void
what_lies_beside_is_as_safe(void **state)
{
	struct place place;

	(void)state;
	make_file("db");
	assert_int_equal(place_find(&place, in_here("db"), 0), 0);
	assert_int_equal(place_check_beside(&place, "-wal"), 0);
	make_file("db-wal");
	assert_int_equal(place_check_beside(&place, "-wal"), 0);
	make_link("db", "db-shm");
	assert_int_equal(place_check_beside(&place, "-shm"), -1);
	assert_int_equal(link(in_here("db"), in_here("db-journal")), 0);
	assert_int_equal(place_check_beside(&place, "-journal"), -1);
	if (geteuid() == 0) {
		give_away("db-wal");
		assert_int_equal(place_check_beside(&place, "-wal"), -1);
	}
	place_close(&place);
}

static void
a_descriptor_is_a_place(void **state)
{
	char path[64];
	struct place place;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
	assert_int_equal(place_find(&place, path, 0), 0);
	assert_true(place.is_open);
	assert_true(S_ISFIFO(place.st.st_mode));
	place_close(&place);
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_path_is_followed_to_its_file),
		TEST(folders_are_made_for_their_owner_alone),
		TEST(what_is_made_is_new_and_private),
		TEST(a_file_of_several_names_is_refused),
		TEST(what_another_user_made_is_refused),
		TEST(where_everybody_may_rename_root_writes_nothing),
		TEST(what_lies_beside_is_as_safe),
		TEST(a_descriptor_is_a_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
