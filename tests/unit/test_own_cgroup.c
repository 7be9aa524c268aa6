#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"
#include "made_tree.h"
#include "plan_try.h"
#include "run/ledger.h"
#include "run/own_cgroup.h"

/* Directories that look like hierarchies. The kernel alone puts files into a new one, so
 * that a whole cgroup cannot be made here: the system tests do. */
struct tree {
	struct made_tree files;
	char mounts[512];
};

static int
setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (tree == NULL)
		return -1;
	made_tree_begin(&tree->files);
	*state = tree;
	return 0;
}

static int
teardown(void **state)
{
	struct tree *tree = *state;

	made_tree_end(&tree->files);
	free(tree);
	return 0;
}

/* A unit of a system manager: the slice hands controllers down, the unit has processes and
 * hands down none. */
static void
make_version_2(struct tree *tree)
{
	snprintf(tree->mounts, sizeof(tree->mounts),
		 "41 31 0:38 / %s rw - cgroup2 cgroup2 rw\n", tree->files.root);
	made_tree_file(&tree->files, "cgroup.subtree_control", "cpu memory pids\n");
	made_tree_directory(&tree->files, "slice");
	made_tree_file(&tree->files, "slice/cgroup.subtree_control", "memory pids\n");
	made_tree_directory(&tree->files, "slice/unit");
	made_tree_file(&tree->files, "slice/unit/cgroup.subtree_control", "\n");
}

static void
make_version_1(struct tree *tree)
{
	snprintf(tree->mounts, sizeof(tree->mounts),
		 "35 31 0:32 / %s/memory rw - cgroup cgroup rw,memory\n"
		 "36 31 0:33 / %s/pids rw - cgroup cgroup rw,pids\n"
		 "41 31 0:38 / %s/unified rw - cgroup2 cgroup2 rw\n",
		 tree->files.root, tree->files.root, tree->files.root);
	made_tree_directory(&tree->files, "memory");
	made_tree_directory(&tree->files, "memory/a");
	made_tree_directory(&tree->files, "pids");
	made_tree_directory(&tree->files, "unified");
	made_tree_file(&tree->files, "unified/cgroup.subtree_control", "\n");
}

static void
parent_is(const struct tree *tree, const char *cgroups, const char *controller,
	  const char *path, int version)
{
	const struct cgroup_map map = { cgroups, tree->mounts };
	struct cgroup_directory parent;
	int found;

	assert_true(own_cgroup_parent(&map, controller, &parent, &found));
	assert_string_equal(parent.path + strlen(tree->files.root), path);
	assert_int_equal(found, version);
}

static void
version_2_goes_where_controllers_are_handed_down(void **state)
{
	struct tree *tree = *state;
	const struct cgroup_map map = { "0::/slice/unit\n", tree->mounts };
	struct cgroup_directory parent;
	int version;

	make_version_2(tree);
	parent_is(tree, "0::/slice/unit\n", "pids", "/slice", 2);
	parent_is(tree, "0::/slice/unit\n", "memory", "/slice", 2);
	parent_is(tree, "0::/slice/unit\n", "cpu", "", 2);
	parent_is(tree, "0::/\n", "memory", "", 2);
	assert_false(own_cgroup_parent(&map, "io", &parent, &version));
	assert_false(own_cgroup_parent(&map, "pid", &parent, &version));
}

static void
version_1_goes_below_this_cgroup(void **state)
{
	struct tree *tree = *state;
	static const char cgroups[] = "8:pids:/\n4:memory:/a\n0::/\n";

	make_version_1(tree);
	parent_is(tree, cgroups, "memory", "/memory/a", 1);
	parent_is(tree, cgroups, "pids", "/pids", 1);
}

/* Makes a plan's cgroup; *sentence is what was said, to be freed. */
static int
make(struct tree *tree, struct own_cgroup *own, const char *cgroups, const char *line,
     char **sentence)
{
	const struct cgroup_map map = { cgroups, tree->mounts };
	struct plan plan;
	size_t size;
	FILE *err;
	int result;

	plan_try_good(&plan, line);
	err = open_memstream(sentence, &size);
	assert_non_null(err);
	result = own_cgroup_make(own, &map, &plan, err);
	fclose(err);
	plan_free(&plan);
	return result;
}

static void
what_cannot_be_had_is_refused_only_where_it_is_needed(void **state)
{
	static const char pids[] = "brink run: --limit pids=40: no cgroup with the pids "
				   "controller may be made here: ";
	static const struct {
		const char *cgroups, *line;
		int result;
	} cases[] = {
		{ "0::/slice/unit\n", "--isolate", 0 },
		{ "0::/slice/unit\n", "", 0 },
		{ "0::/slice/unit\n", "--isolate --limit pids=40", -1 },
		{ "", "--isolate", 0 },
		{ "", "--isolate --limit pids=40", -1 },
	};
	struct tree *tree = *state;

	make_version_2(tree);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct own_cgroup own;
		char *sentence, command[160];

		assert_int_equal(
		    make(tree, &own, cases[i].cgroups, cases[i].line, &sentence),
		    cases[i].result);
		if (cases[i].result == -1)
			assert_memory_equal(sentence, pids, strlen(pids));
		else
			assert_string_equal(sentence, "");
		free(sentence);
		assert_int_equal(own_cgroup_remove(&own, 0), 0);
		own_cgroup_close(&own);
		/* Neither here nor there is anything left. */
		snprintf(command, sizeof(command),
			 "test -z \"$(find %s -name 'brink.*')\"", tree->files.root);
		assert_int_equal(system(command), 0);
	}
}

static void
only_what_the_dead_have_left_is_removed(void **state)
{
	struct tree *tree = *state;
	struct own_cgroup own;
	char path[128], *sentence;
	int living;

	make_version_2(tree);
	made_tree_directory(&tree->files, "slice/brink.dead00");
	made_tree_directory(&tree->files, "slice/brink.alive0");
	made_tree_directory(&tree->files, "slice/brink.busy00");
	made_tree_directory(&tree->files, "slice/brink.busy00/child");
	made_tree_directory(&tree->files, "slice/brinks");
	snprintf(path, sizeof(path), "%s/slice/brink.alive0", tree->files.root);
	living = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(living, LOCK_EX | LOCK_NB), 0);

	assert_int_equal(make(tree, &own, "0::/slice/unit\n", "--isolate", &sentence), 0);
	free(sentence);
	own_cgroup_close(&own);
	assert_false(made_tree_has(&tree->files, "slice/brink.dead00"));
	assert_true(made_tree_has(&tree->files, "slice/brink.alive0"));
	assert_true(made_tree_has(&tree->files, "slice/brink.busy00"));
	assert_true(made_tree_has(&tree->files, "slice/brinks"));
	close(living);
}

static void
it_is_entered_in_each_hierarchy(void **state)
{
	struct tree *tree = *state;
	struct own_cgroup own = { .lock = { -1, -1 } };
	char path[128], text[8];

	made_tree_directory(&tree->files, "memory");
	made_tree_file(&tree->files, "memory/cgroup.procs", "");
	made_tree_file(&tree->files, "memory/memory.oom_control", "oom_kill 0\n");
	snprintf(own.path[OWN_MEMORY], CGROUP_PATH, "%s/memory", tree->files.root);
	assert_int_equal(own_cgroup_enter(&own), 0);
	snprintf(path, sizeof(path), "%s/memory/cgroup.procs", tree->files.root);
	assert_int_equal(procfile_read(path, text, sizeof(text)), 1);
	assert_string_equal(text, "0");

	own_cgroup_oom_file(&own, path, sizeof(path));
	assert_string_equal(path + strlen(tree->files.root),
			    "/memory/memory.oom_control");
	made_tree_file(&tree->files, "memory/memory.events", "oom_kill 0\n");
	own_cgroup_oom_file(&own, path, sizeof(path));
	assert_string_equal(path + strlen(tree->files.root), "/memory/memory.events");

	snprintf(own.path[OWN_PIDS], CGROUP_PATH, "%s/pids", tree->files.root);
	assert_int_equal(own_cgroup_enter(&own), -1);
	assert_int_equal(errno, ENOENT);
}

/* A status of waitpid(2). */
#define SIGNALLED(number) (number)
#define EXITED(code)      ((code) << 8)

static int
end_of(struct ledger *ledger, int status, bool stopped)
{
	static pid_t pid = 1000;
	int32_t index = ledger_process_add(ledger, ROLE_CLIENT, 0);

	ledger_process_started(ledger, index, ++pid);
	ledger_process_ended(ledger, index, status, stopped);
	return atomic_load(&ledger->processes[index].end);
}

/* As many deaths as the kernel has counted kills, and no more. */
static void
a_kill_for_want_of_memory_is_told_from_others(void **state)
{
	struct tree *tree = *state;
	struct own_cgroup own = { .lock = { -1, -1 } };
	char file[CGROUP_PATH];
	struct ledger *ledger;
	struct plan plan;

	plan_try_good(&plan, "--clients 10");
	ledger = ledger_map(&plan);
	assert_non_null(ledger);
	made_tree_file(&tree->files, "memory.events",
		       "low 0\noom 9\noom_kill 5\noom_group_kill 0\n");
	strlcpy(own.path[OWN_MEMORY], tree->files.root, CGROUP_PATH);
	own_cgroup_oom_file(&own, file, sizeof(file));
	oom_watch(&ledger->oom, file);
	assert_int_equal(end_of(ledger, SIGNALLED(SIGKILL), false), END_SIGNAL);
	made_tree_file(&tree->files, "memory.events",
		       "low 0\noom 9\noom_kill 7\noom_group_kill 0\n");
	assert_int_equal(end_of(ledger, SIGNALLED(SIGKILL), true), END_STOPPED);
	assert_int_equal(end_of(ledger, SIGNALLED(SIGTERM), false), END_SIGNAL);
	assert_int_equal(end_of(ledger, EXITED(9), false), END_EXIT);
	assert_int_equal(end_of(ledger, SIGNALLED(SIGKILL), false), END_OOM);
	assert_int_equal(end_of(ledger, SIGNALLED(SIGKILL), false), END_OOM);
	assert_int_equal(end_of(ledger, SIGNALLED(SIGKILL), false), END_SIGNAL);
	assert_int_equal(ledger->oom.deaths, 2);
	ledger_unmap(ledger);
	plan_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    version_2_goes_where_controllers_are_handed_down, setup, teardown),
		cmocka_unit_test_setup_teardown(version_1_goes_below_this_cgroup, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
		    what_cannot_be_had_is_refused_only_where_it_is_needed, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(only_what_the_dead_have_left_is_removed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(it_is_entered_in_each_hierarchy, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
		    a_kill_for_want_of_memory_is_told_from_others, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
