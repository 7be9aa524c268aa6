#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"
#include "made_tree.h"
#include "sample/cgroup.h"

#define READINGS 16

/* Directories that look like cgroup hierarchies, and the maps that lead there. */
struct tree {
	struct made_tree files;
	char mounts[1024];
	char buf[4096];
	int64_t readings[READINGS];
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

static void
read_tree(struct tree *tree, const char *cgroups)
{
	const struct cgroup_map map = { cgroups, tree->mounts };
	readings_by_kind readings = { [SUBJECT_CGROUP] = tree->readings };
	struct cgroup cgroup;

	cgroup_open(&cgroup, &map, tree->buf, sizeof(tree->buf));
	cgroup_read(&cgroup, tree->buf, sizeof(tree->buf), readings);
	cgroup_close(&cgroup);
}

static int64_t
reading(const struct tree *tree, const char *name)
{
	return tree->readings[resource_position(resource_find(SUBJECT_CGROUP, name))];
}

static const char v1_mounts[] =
    "23 1 0:21 / /proc rw,relatime - proc proc rw\n"
    "31 23 0:28 / /sys/fs/cgroup rw,relatime shared:4 - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:5 - cgroup cgroup rw,cpu,cpuacct\n"
    "34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n"
    "35 31 0:32 /docker/ab /sys/fs/cgroup/my\\040memory rw - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n";

static const char v1_cgroups[] = "9:name=systemd:/init.scope\n"
				 "5:cpuset:/\n"
				 "4:memory:/docker/ab/run:1\n"
				 "1:cpu,cpuacct:/a/b\n"
				 "0::/user.slice/c\n";

static void
find(const char *controller, const char *path, size_t root)
{
	const struct cgroup_map map = { v1_cgroups, v1_mounts };
	struct cgroup_directory directory;

	assert_true(cgroup_find(&map, controller, &directory));
	assert_string_equal(directory.path, path);
	assert_int_equal(directory.root, root);
}

/* A mount shows the hierarchy from its own root down, and may lie anywhere. */
static void
hierarchies_are_found(void **state)
{
	const struct cgroup_map map = { v1_cgroups, v1_mounts };
	struct cgroup_directory directory;

	(void)state;
	find(NULL, "/sys/fs/cgroup/unified/user.slice/c",
	     strlen("/sys/fs/cgroup/unified"));
	find("cpu", "/sys/fs/cgroup/cpu,cpuacct/a/b",
	     strlen("/sys/fs/cgroup/cpu,cpuacct"));
	find("cpuset", "/sys/fs/cgroup/cpuset", strlen("/sys/fs/cgroup/cpuset"));
	find("memory", "/sys/fs/cgroup/my memory/run:1",
	     strlen("/sys/fs/cgroup/my memory"));
	assert_false(cgroup_find(&map, "pids", &directory));
	assert_false(cgroup_find(&map, "systemd", &directory));
}

static void
broken_maps_lead_nowhere(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", "0::", "1 2 3", "a - b\n", "1 2 3 / /x rw -", ":::\n", "0:\n"
	};
	struct cgroup_directory directory;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct cgroup_map no_mounts = { v1_cgroups, texts[i] };
		const struct cgroup_map no_cgroups = { texts[i], v1_mounts };

		assert_false(cgroup_find(&no_mounts, "memory", &directory));
		assert_false(cgroup_find(&no_cgroups, "memory", &directory));
	}
}

static void
version_2_is_read(void **state)
{
	struct tree *tree = *state;

	snprintf(tree->mounts, sizeof(tree->mounts),
		 "41 31 0:38 / %s rw - cgroup2 cgroup2 rw\n", tree->files.root);
	made_tree_directory(&tree->files, "run");
	made_tree_file(&tree->files, "run/memory.current", "20971520\n");
	made_tree_file(&tree->files, "run/memory.stat",
		       "anon 4096\nkernel 8192\nkernel_stack 16384\nsock 12288\n");
	made_tree_file(&tree->files, "run/memory.events",
		       "low 0\nhigh 1\nmax 4\noom 2\noom_kill 3\n");
	made_tree_file(&tree->files, "run/pids.current", "29\n");
	made_tree_file(&tree->files, "run/pids.events", "max 7\n");
	made_tree_file(&tree->files, "run/cpu.stat",
		       "usage_usec 9\nnr_periods 8\nnr_throttled 5\n");
	read_tree(tree, "0::/run\n");
	assert_int_equal(reading(tree, "memory_bytes"), 20971520);
	assert_int_equal(reading(tree, "kernel_memory_bytes"), 8192);
	assert_int_equal(reading(tree, "socket_memory_bytes"), 12288);
	assert_int_equal(reading(tree, "oom_kills_total"), 3);
	assert_int_equal(reading(tree, "pids"), 29);
	assert_int_equal(reading(tree, "pids_denied_total"), 7);
	assert_int_equal(reading(tree, "throttled_periods_total"), 5);
}

/* Both versions side by side: each file is taken from where it is, with its key. */
static void
version_1_is_read_beside_version_2(void **state)
{
	struct tree *tree = *state;

	snprintf(tree->mounts, sizeof(tree->mounts),
		 "35 31 0:32 / %s/memory rw - cgroup cgroup rw,memory\n"
		 "36 31 0:33 / %s/cpu rw - cgroup cgroup rw,cpu\n"
		 "41 31 0:38 / %s/unified rw - cgroup2 cgroup2 rw\n",
		 tree->files.root, tree->files.root, tree->files.root);
	made_tree_directory(&tree->files, "memory");
	made_tree_directory(&tree->files, "memory/run");
	made_tree_directory(&tree->files, "cpu");
	made_tree_directory(&tree->files, "unified");
	made_tree_file(&tree->files, "memory/run/memory.usage_in_bytes", "4096\n");
	made_tree_file(&tree->files, "memory/run/memory.kmem.tcp.usage_in_bytes", "77\n");
	made_tree_file(&tree->files, "memory/run/memory.oom_control",
		       "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
	made_tree_file(&tree->files, "unified/cpu.stat", "usage_usec 9\n");
	made_tree_file(&tree->files, "cpu/cpu.stat", "nr_periods 8\nnr_throttled 6\n");
	read_tree(tree, "4:memory:/run\n1:cpu:/\n0::/\n");
	assert_int_equal(reading(tree, "memory_bytes"), 4096);
	assert_int_equal(reading(tree, "socket_memory_bytes"), 77);
	assert_int_equal(reading(tree, "oom_kills_total"), 2);
	assert_int_equal(reading(tree, "throttled_periods_total"), 6);
	assert_int_equal(reading(tree, "kernel_memory_bytes"), READING_NONE);
	assert_int_equal(reading(tree, "pids"), READING_NONE);
}

/* Looks from the cgroup of a worker, twice as a sampler does. */
static void
look(struct tree *tree, struct cgroups *cgroups, const char *text)
{
	const struct cgroup_map map = { text, tree->mounts };

	for (int i = 0; i < 2; i++)
		cgroups_take(cgroups, &map, tree->buf, sizeof(tree->buf));
}

static void
level_is(struct tree *tree, struct cgroups *cgroups, size_t number, const char *name,
	 int64_t limit, int64_t pids)
{
	readings_by_kind readings = { [SUBJECT_CGROUP] = tree->readings };
	const struct cgroup *cgroup = &cgroups->cgroup[number];
	char source[64];
	int64_t value = -1;

	assert_string_equal(cgroups->ledger->cgroups[number], name);
	assert_int_equal(
	    cgroup_limit(cgroup, "pids.max|pids.max", &value, source, sizeof(source)),
	    limit >= 0);
	assert_int_equal(value >= CGROUP_UNLIMITED ? -1 : value, limit);
	cgroup_read(&cgroups->cgroup[number], tree->buf, sizeof(tree->buf), readings);
	assert_int_equal(reading(tree, "pids"), pids);
}

static void
make_level(struct tree *tree, const char *path, const char *max, const char *current)
{
	char file[128];

	made_tree_directory(&tree->files, path);
	snprintf(file, sizeof(file), "%s/pids.max", path);
	made_tree_file(&tree->files, file, max);
	snprintf(file, sizeof(file), "%s/pids.current", path);
	made_tree_file(&tree->files, file, current);
}

static struct cgroups *
cgroups_new(struct ledger **ledger)
{
	static const struct plan plan = {
		.clients = 10, .per_client = 10, .acceptors = 1, .forkers = 1
	};
	struct cgroups *cgroups = calloc(1, sizeof(*cgroups));

	*ledger = ledger_map(&plan);
	assert_non_null(cgroups);
	assert_non_null(*ledger);
	cgroups_init(cgroups, *ledger);
	return cgroups;
}

static void
cgroups_delete(struct cgroups *cgroups)
{
	struct ledger *ledger = cgroups->ledger;

	cgroups_close(cgroups);
	free(cgroups);
	ledger_unmap(ledger);
}

/* Each with its own limit and its own usage; what has no limit is nobody's ceiling. */
static void
every_ancestor_with_a_limit_is_read(void **state)
{
	struct tree *tree = *state;
	struct ledger *ledger;
	struct cgroups *cgroups = cgroups_new(&ledger);

	snprintf(tree->mounts, sizeof(tree->mounts),
		 "41 31 0:38 / %s rw - cgroup2 cgroup2 rw\n", tree->files.root);
	make_level(tree, "a", "200\n", "200\n");
	make_level(tree, "a/b", "max\n", "150\n");
	make_level(tree, "a/b/c", "max\n", "95\n");
	look(tree, cgroups, "0::/a/b/c\n");
	assert_int_equal(cgroups_count(cgroups), 2);
	level_is(tree, cgroups, 0, "cgroup", -1, 95);
	level_is(tree, cgroups, 1, "cgroup /a", 200, 200);
	/* One that is set on the way, and its own. */
	made_tree_file(&tree->files, "a/b/pids.max", "160\n");
	made_tree_file(&tree->files, "a/b/c/pids.max", "0\n");
	look(tree, cgroups, "0::/a/b/c\n");
	assert_int_equal(cgroups_count(cgroups), 3);
	level_is(tree, cgroups, 0, "cgroup", 0, 95);
	level_is(tree, cgroups, 2, "cgroup /a/b", 160, 150);
	cgroups_delete(cgroups);
}

/* An acceptor is moved to another cgroup while it runs: of version 1 in one hierarchy. */
static void
a_cgroup_that_is_joined_later_is_read(void **state)
{
	struct tree *tree = *state;
	struct ledger *ledger;
	struct cgroups *cgroups = cgroups_new(&ledger);
	readings_by_kind readings = { [SUBJECT_CGROUP] = tree->readings };

	snprintf(tree->mounts, sizeof(tree->mounts),
		 "35 31 0:32 / %s/pids rw - cgroup cgroup rw,pids\n"
		 "36 31 0:33 / %s/cpu rw - cgroup cgroup rw,cpu\n",
		 tree->files.root, tree->files.root);
	made_tree_directory(&tree->files, "cpu");
	made_tree_directory(&tree->files, "cpu/slow");
	made_tree_file(&tree->files, "cpu/slow/cpu.cfs_quota_us", "2000\n");
	made_tree_file(&tree->files, "cpu/slow/cpu.stat",
		       "nr_periods 8\nnr_throttled 6\n");
	made_tree_directory(&tree->files, "pids");
	make_level(tree, "pids/slow", "30\n", "29\n");
	make_level(tree, "pids/slow/a", "max\n", "9\n");
	look(tree, cgroups, "2:pids:/\n1:cpu:/\n");
	assert_int_equal(cgroups_count(cgroups), 1);
	look(tree, cgroups, "2:pids:/\n1:cpu:/slow\n");
	assert_int_equal(cgroups_count(cgroups), 2);
	assert_string_equal(ledger->cgroups[1], "cgroup /slow");
	cgroup_read(&cgroups->cgroup[1], tree->buf, sizeof(tree->buf), readings);
	assert_int_equal(reading(tree, "throttled_periods_total"), 6);
	assert_int_equal(reading(tree, "pids"), READING_NONE);
	/* A sampler that is started again gives it the same number. */
	cgroups_close(cgroups);
	cgroups_init(cgroups, ledger);
	look(tree, cgroups, "2:pids:/slow\n1:cpu:/slow\n");
	look(tree, cgroups, "2:pids:/\n1:cpu:/\n");
	assert_int_equal(cgroups_count(cgroups), 2);
	/* Below one with a limit, it may count what that refuses. */
	look(tree, cgroups, "2:pids:/slow/a\n1:cpu:/\n");
	assert_int_equal(cgroups_count(cgroups), 3);
	level_is(tree, cgroups, 2, "cgroup /slow/a", -1, 9);
	cgroups_delete(cgroups);
}

/* Of a path that is too long for a name its end is kept; more than there is room for are
 * left out. */
static void
long_and_many_paths_have_bounds(void **state)
{
	struct tree *tree = *state;
	struct ledger *ledger;
	struct cgroups *cgroups = cgroups_new(&ledger);
	char path[256] = "0123456789012345678901234567890123456789", text[300];

	snprintf(tree->mounts, sizeof(tree->mounts),
		 "41 31 0:38 / %s rw - cgroup2 cgroup2 rw\n", tree->files.root);
	make_level(tree, path, "9\n", "1\n");
	for (int i = 0; i < LEDGER_CGROUPS + 3; i++) {
		strlcat(path, "/abcde", sizeof(path));
		make_level(tree, path, "9\n", "1\n");
	}
	snprintf(text, sizeof(text), "0::/%s\n", path);
	look(tree, cgroups, text);
	assert_int_equal(cgroups_count(cgroups), LEDGER_CGROUPS);
	assert_string_equal(ledger->cgroups[1] + strlen(ledger->cgroups[1]) - 12,
			    "/abcde/abcde");
	assert_int_equal(strncmp(ledger->cgroups[1], "cgroup ...", 10), 0);
	cgroups_delete(cgroups);
}

/* Version 1's "unlimited" is a number. */
static void
unlimited_is_no_limit(void **state)
{
	struct tree *tree = *state;
	const struct cgroup_map map = { "4:memory:/\n", tree->mounts };
	static const char files[] = "memory.max|memory.limit_in_bytes";
	struct cgroup cgroup;
	char source[64];
	int64_t limit;

	snprintf(tree->mounts, sizeof(tree->mounts),
		 "35 31 0:32 / %s rw - cgroup cgroup rw,memory\n", tree->files.root);
	made_tree_file(&tree->files, "memory.limit_in_bytes", "9223372036854771712\n");
	cgroup_open(&cgroup, &map, tree->buf, sizeof(tree->buf));
	assert_false(cgroup_limit(&cgroup, files, &limit, source, sizeof(source)));
	made_tree_file(&tree->files, "memory.limit_in_bytes", "20971520\n");
	assert_true(cgroup_limit(&cgroup, files, &limit, source, sizeof(source)));
	assert_int_equal(limit, 20971520);
	assert_string_equal(source, "memory.limit_in_bytes");
	cgroup_close(&cgroup);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hierarchies_are_found),
		cmocka_unit_test(broken_maps_lead_nowhere),
		cmocka_unit_test_setup_teardown(version_2_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(version_1_is_read_beside_version_2, setup,
						teardown),
		cmocka_unit_test_setup_teardown(every_ancestor_with_a_limit_is_read,
						setup, teardown),
		cmocka_unit_test_setup_teardown(a_cgroup_that_is_joined_later_is_read,
						setup, teardown),
		cmocka_unit_test_setup_teardown(long_and_many_paths_have_bounds, setup,
						teardown),
		cmocka_unit_test_setup_teardown(unlimited_is_no_limit, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
