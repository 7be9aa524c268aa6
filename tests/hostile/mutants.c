/*
 * Databases that are damaged, or made to do harm, under every command that reads one:
 * mutants FIRST COUNT [SHARE]. Which mutant a number is, is always the same. With SHARE each
 * sees one command in so many.
 *
 * Each is made of a small good one: bytes are changed, or values, rows and the schema, by
 * SQL that brink would never run. Each command runs in a process of its own, which must end
 * by itself: with an exit code of brink's and a sentence where it is not 0, no more than the
 * memory and the processor time that brink allows for, and no control character written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/escape.h"
#include "cmd/command.h"
#include "made_run.h"
#include "made_store.h"
#include "store/pack.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* brink's own bounds are less; a sanitizer takes its share. */
#define MEMORY_KIB  (256 * 1024)
#define TIME_S      2
#define SANITIZED_S 20
/* Ends a command that waits for something. */
#define WAIT_S 120

/* The good database, as brink leaves it and with any type of value let into any column. */
static char *good, *loose, *packed;
static size_t good_size, loose_size, packed_size;
static char folder[64], path[96], output[96];

static uint64_t seed;

static uint64_t
random_below(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

/* ------------------------------------------------------------------- the good database */

/* Another run of the same plan: what is recorded of the first. */
static void
copy_run(struct db *db)
{
	static const char *const tables[] = {
		"run",
		"subject",
		"setting",
		"resource_limit",
		"phase",
		"process",
		"tick",
		"host_sample",
		"netns_sample",
		"cgroup_sample",
		"listener_sample",
		"process_sample",
		"worker_sample",
		"group_sample",
		"failure",
		"worker_total",
		"latency",
		"event",
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		char *sql = sqlite3_mprintf(
		    "CREATE TEMP TABLE copy AS SELECT * FROM main.%s WHERE run_id = 1;"
		    "UPDATE copy SET run_id = 2; INSERT INTO main.%s SELECT * FROM copy;"
		    "DROP TABLE copy",
		    tables[i], tables[i]);

		if (db_exec(db, sql) == -1) {
			printf("# %s: %s\n", sql, db_error(db));
			exit(1);
		}
		sqlite3_free(sql);
	}
}

static const char more_rows[] =
    "INSERT INTO tag VALUES (1, 'ticket', '4711');"
    "INSERT INTO setting VALUES (1, 'host', 'net.core.somaxconn', '4096');"
    "INSERT INTO latency VALUES (1, 'connect', 4000000, 1, 1, 1, 1, 1, 1,"
    " x'789c030000000001'), (1, 'canary', 4000000, 1, 1, 1, 1, 1, 1,"
    " x'789c030000000001');"
    "INSERT INTO worker_total SELECT 1, 'acceptor 0', 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, "
    "1, 1, 0, 'acceptor', 0;"
    "UPDATE run SET label = 'nightly', plan = json_set(plan, '$.\"baseline-label\"',"
    " 'nightly', '$.expect', json('[\"held >= 5\"]'))";

static void
good_make(void)
{
	struct made_model model = made_model_default;
	struct made_run made;
	struct db *db;

	model.clients = 200;
	model.rate = 200;
	model.accepted_max = 150;
	model.steps = 1;
	model.plateau_us = 1000000;
	model.release_us = 6000000;
	model.end_us = 8000000;
	made_run_begin(&made, &model);
	made_sql(&made, "%s", more_rows);
	copy_run(made.db);
	made_fail(&made, &(struct made_failure){ .worker = "acceptor 0",
						 .call = "accept4",
						 .error = "EMFILE",
						 .code = 24,
						 .count = 50,
						 .first_us = 3800000,
						 .last_us = 5000000,
						 .attempted = 150,
						 .established = 150,
						 .accepted = 150,
						 .held = 150,
						 .own = 150,
						 .fds = 157,
						 .limit = 157,
						 .own_fds = 7 });
	made_analyse(&made);
	db_close(made.db);
	made.db = NULL;
	good = made_file_read(made.path, &good_size);
	db = db_open(made.path, DB_WRITE, stderr);
	if (db == NULL || pack_run(db, 1) != PACK_DONE || db_vacuum(db, NULL) == -1 ||
	    db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)") == -1)
		exit(1);
	db_close(db);
	packed = made_file_read(made.path, &packed_size);
	made_file_write(made.path, good, good_size);
	made_sqlite(
	    made.path,
	    "PRAGMA journal_mode = DELETE; PRAGMA writable_schema = ON;"
	    "UPDATE sqlite_schema SET sql = replace(replace(sql, ') STRICT, WITHOUT',"
	    " ') WITHOUT'), ') STRICT', ')') WHERE type = 'table'");
	loose = made_file_read(made.path, &loose_size);
	made_run_end(&made);
}

/* ------------------------------------------------------------------------- the mutants */

static void
change_bytes(const char *from, size_t size)
{
	char *bad = malloc(size);
	uint64_t count = 1 + random_below(8);

	memcpy(bad, from, size);
	for (uint64_t i = 0; i < count; i++) {
		size_t at = random_below(4) == 0
				? random_below(size)
				: random_below(size / 512) * 512 + random_below(64);

		bad[at] = (char)random_below(256);
	}
	if (random_below(16) == 0)
		memcpy(bad + random_below(size / 4096) * 4096,
		       from + random_below(size / 4096) * 4096, 4096);
	made_file_write(path, bad, random_below(16) == 0 ? random_below(size) : size);
	free(bad);
}

static const char *const values[] = {
	"NULL",
	"0",
	"-1",
	"1",
	"2",
	"200000",
	"9223372036854775807",
	"-9223372036854775808",
	"9223372036854775806",
	"4611686018427387904",
	"1152921504606846976",
	"9007199254740993",
	"1e308",
	"-1e308",
	"9e999",
	"-9e999",
	"1e-320",
	"0.5",
	"''",
	"'text'",
	"'['",
	"'{}'",
	"'[]'",
	"'{\"clients\": \"x\"}'",
	"'{\"interval\": 9223372036854775807, \"clients\": -1, \"rate\": 1e999}'",
	"x'00ff'",
	"zeroblob(100000)",
	"printf('%.100000c', 'x')",
	"replace(printf('%.10000c', 'x'), 'x', '[')",
	"replace(printf('%.900c', 'x'), 'x', '{\"a\":')",
	"char(27) || '[2J' || char(7, 8, 13, 127)",
	"char(0x9b) || '31m' || char(0x202e, 0x85)",
	"CAST(x'ff9b80c0' AS TEXT)",
	"'a' || char(10) || 'b'",
	"'%s%n%s'",
	"'../../x'",
	"'<script>alert(1)</script>'",
	"printf('%.63c', 'x') || char(0x20ac)",
	"abs(random() % 1000000000000)",
	"random()",
	"(SELECT max(name) FROM resource)",
	"x'ffffffff789c03000000000100'",
	"x'00004000789c030000000001'",
};

#define VALUES (sizeof(values) / sizeof(values[0]))

/* One column of one table. The schema is asked: so all of them come to be tried. */
static bool
random_column(sqlite3 *handle, char table[64], char column[64])
{
	sqlite3_stmt *s;
	uint64_t count = 0;
	bool found = false;

	if (sqlite3_prepare_v2(handle,
			       "SELECT t.name, c.name FROM sqlite_schema AS t,"
			       " pragma_table_info(t.name) AS c WHERE t.type = 'table'"
			       " AND t.name NOT IN ('meta', 'resource', 'sqlite_schema')"
			       " ORDER BY 1, 2",
			       -1, &s, NULL) != SQLITE_OK)
		return false;
	while (sqlite3_step(s) == SQLITE_ROW)
		if (random_below(++count) == 0) {
			snprintf(table, 64, "%s", sqlite3_column_text(s, 0));
			snprintf(column, 64, "%s", sqlite3_column_text(s, 1));
			found = true;
		}
	sqlite3_finalize(s);
	return found;
}

/* In place of SQLite's own, which is another each time. */
static void
same_random(sqlite3_context *context, int argc, sqlite3_value **argv)
{
	(void)argc;
	(void)argv;
	sqlite3_result_int64(context, (sqlite3_int64)random_below(UINT64_MAX));
}

static void
try_sql(sqlite3 *handle, char *sql)
{
	/* What cannot be done to it leaves it as it is. */
	sqlite3_exec(handle, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
}

/* Any value in any column, in all its rows or some. */
static void
change_values(sqlite3 *handle)
{
	uint64_t count = 1 + random_below(4);

	while (count-- > 0) {
		char table[64], column[64];

		if (!random_column(handle, table, column))
			return;
		try_sql(handle, sqlite3_mprintf(
				    "UPDATE OR REPLACE \"%w\" SET \"%w\" = %s WHERE %s",
				    table, column, values[random_below(VALUES)],
				    random_below(2) == 0 ? "1" : "random() % 4 = 0"));
	}
}

/* Many rows where there are few, or none. */
static void
change_rows(sqlite3 *handle)
{
	static const char *const statements[] = {
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 5000) INSERT INTO phase SELECT 1, i, i, 'ramp', i, i + 1, 5 FROM n",
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 5000) INSERT INTO phase SELECT 1, i, i - 99, 'ramp', i * 1000,"
		" i * 1000 + 1000, 5 FROM n",
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 20000) INSERT INTO process SELECT 1, i, i, 'client', i, 1, 0, i, "
		"'signal',"
		" 9 FROM n",
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 20000) INSERT INTO event SELECT 1, i, i, 'info', 'gap', 'x', 'y' "
		"FROM n",
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 5000) INSERT INTO subject SELECT 1, 'worker', i, 'forker ' || i,"
		" 'forker', i "
		"FROM n",
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 5000) INSERT INTO tick SELECT 1, i, i, 0, 0 FROM n",
		"WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE"
		" i < 2000) INSERT INTO run SELECT i, started_unix_us, ended_us, state, "
		"outcome,"
		" label, plan, command, version, host_id, boot_id, supervisor_pid,"
		" supervisor_start, held_peak FROM run, n WHERE run_id = 1",
		"UPDATE run SET run_id = 9223372036854775807 WHERE run_id = 2",
		"UPDATE run SET run_id = -9223372036854775808 WHERE run_id = 2",
		"UPDATE run SET state = 'recorded', outcome = NULL",
		"UPDATE run SET state = 'running', boot_id = 'other', ended_us = NULL",
		"DELETE FROM host",
		"DELETE FROM tick",
		"DELETE FROM phase",
		"DELETE FROM subject",
		"DELETE FROM worker_sample",
		"DELETE FROM run",
		"DELETE FROM process",
		"DELETE FROM resource",
	};

	try_sql(
	    handle,
	    sqlite3_mprintf(
		"%s",
		statements[random_below(sizeof(statements) / sizeof(statements[0]))]));
}

/* SQL that would run if brink let it. */
static void
change_schema(sqlite3 *handle)
{
	static const char *const statements[] = {
		"CREATE TRIGGER more AFTER UPDATE ON run BEGIN INSERT INTO tag VALUES"
		" (NEW.run_id, hex(randomblob(8)), ''); END",
		"CREATE TABLE \"zz_sample USING brink_sample(host); VACUUM INTO 'x'; "
		"--_sample\""
		" (a)",
		"DROP VIEW v_run; CREATE VIEW v_run AS WITH RECURSIVE n (run_id) AS "
		"(SELECT 1"
		" UNION ALL SELECT run_id FROM n) SELECT * FROM n",
		"DROP TABLE packed; CREATE VIEW packed AS WITH RECURSIVE n (run_id) AS "
		"(SELECT 1"
		" UNION ALL SELECT run_id FROM n) SELECT * FROM n",
		"CREATE INDEX i ON run (abs(run_id - 9223372036854775807))",
		"UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '')",
		"UPDATE sqlite_schema SET rootpage = 1 + abs(random()) % 60 WHERE name "
		"GLOB"
		" '*_sample'",
		"UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema "
		"WHERE"
		" name = 'tick') WHERE name IN ('run', 'phase', 'latency')",
		"UPDATE sqlite_schema SET name = name || char(27) || '[2J' WHERE name = "
		"'tag'",
		"ANALYZE; UPDATE sqlite_stat1 SET stat = '9223372036854775807 1 1 1'",
	};

	try_sql(
	    handle,
	    sqlite3_mprintf(
		"%s",
		statements[random_below(sizeof(statements) / sizeof(statements[0]))]));
}

static void
change_by_sql(void)
{
	static void (*const changes[])(sqlite3 *) = { change_values, change_values,
						      change_values, change_rows,
						      change_schema };
	sqlite3 *handle;

	made_file_write(path, loose, loose_size);
	if (sqlite3_open(path, &handle) != SQLITE_OK)
		exit(1);
	sqlite3_create_function(handle, "random", 0, SQLITE_UTF8, NULL, same_random, NULL,
				NULL);
	try_sql(handle,
		sqlite3_mprintf("PRAGMA writable_schema = ON;"
				"PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;"
				"PRAGMA ignore_check_constraints = ON"));
	changes[random_below(sizeof(changes) / sizeof(changes[0]))](handle);
	try_sql(handle,
		sqlite3_mprintf(
		    "PRAGMA writable_schema = ON;"
		    "UPDATE sqlite_schema SET sql = CASE WHEN sql GLOB '*) WITHOUT ROWID'"
		    " THEN replace(sql, ') WITHOUT ROWID', ') STRICT, WITHOUT ROWID')"
		    " ELSE sql || ' STRICT' END WHERE type = 'table'"
		    " AND name NOT GLOB 'sqlite_*' AND sql NOT GLOB '*STRICT*'"));
	sqlite3_close(handle);
}

static void
mutant_write(uint64_t number)
{
	static const char *const beside[] = { "-wal", "-shm", "-journal" };
	char name[128];

	seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, beside[i]);
		unlink(name);
	}
	switch (number % 4) {
	case 0:
		change_bytes(good, good_size);
		break;
	case 1:
		change_bytes(packed, packed_size);
		break;
	default:
		change_by_sql();
		break;
	}
}

/* ------------------------------------------------------------------------ the commands */

static const struct {
	int (*function)(int argc, char **argv);
	const char *arguments[8];
} commands[] = {
	{ command_list, { "list" } },
	{ command_list, { "list", "--json" } },
	{ command_list, { "list", "--trend" } },
	{ command_show, { "show", "1" } },
	{ command_show, { "show", "1", "--json" } },
	{ command_show, { "show", "last", "--format", "markdown" } },
	{ command_compare, { "compare", "1", "2" } },
	{ command_report, { "report", "1", "-o", output } },
	{ command_report, { "report", "--all", "-o", output } },
	{ command_query, { "query", "SELECT * FROM v_history" } },
	{ command_query, { "query", "--csv", "SELECT * FROM v_progress" } },
	{ command_query, { "query", "--json", "SELECT * FROM setting" } },
	{ command_query, { "query", "near-limits" } },
	{ command_export, { "export", "1", "--format", "openmetrics", "-o", output } },
	{ command_export, { "export", "1", "--format", "csv", "-o", output } },
	{ command_export, { "export", "1", "-o", output } },
	{ command_watch, { "watch", "1", "--status", "100ms" } },
	{ command_check, { "check" } },
	{ command_tag, { "tag", "1", "a=b" } },
	{ command_analyse, { "analyse", "1" } },
	{ command_pack, { "pack", "1" } },
	{ command_unpack, { "unpack", "1" } },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
run_command(size_t which, int fd)
{
	char *argv[12];
	int argc = 0;

	for (; commands[which].arguments[argc] != NULL; argc++)
		argv[argc] = strdup(commands[which].arguments[argc]);
	argv[argc++] = strdup("--db");
	argv[argc++] = strdup(path);
	argv[argc] = NULL;
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	alarm(WAIT_S);
	argc = commands[which].function(argc, argv);
	fflush(stdout);
	_exit(argc);
}

/* The first byte that a terminal might obey, or -1. */
static ssize_t
find_control(const char *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		const unsigned char *p = (const unsigned char *)text + i;
		size_t length = utf8_length(p);

		if (length == 0 &&
		    ((*p < 0x20 && *p != '\n' && *p != '\t') || *p >= 0x7f))
			return (ssize_t)i;
		if (length == 2 && p[0] == 0xc2 && p[1] < 0xa0)
			return (ssize_t)i;
		if (length == 3 && p[0] == 0xe2 &&
		    ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
		     (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9)))
			return (ssize_t)i;
		i += length > 0 ? length : 1;
	}
	return -1;
}

/* What is wrong with how it ended, or NULL. */
static const char *
judge(int status, const struct rusage *usage, const char *text, size_t size)
{
	static char what[128];
	int64_t seconds = usage->ru_utime.tv_sec + usage->ru_stime.tv_sec;

	if (WIFSIGNALED(status)) {
		snprintf(what, sizeof(what), "ended by signal %d", WTERMSIG(status));
		return what;
	}
	if (WEXITSTATUS(status) > 2 && WEXITSTATUS(status) != 4) {
		snprintf(what, sizeof(what), "exit code %d", WEXITSTATUS(status));
		return what;
	}
	if (WEXITSTATUS(status) != 0 && size == 0)
		return "failed without a word";
	if (seconds > (SANITIZED ? SANITIZED_S : TIME_S))
		return "took too long";
	if (!SANITIZED && usage->ru_maxrss > MEMORY_KIB) {
		snprintf(what, sizeof(what), "took %ld KiB", usage->ru_maxrss);
		return what;
	}
	if (find_control(text, size) != -1)
		return "wrote a control character";
	return NULL;
}

static bool
try_command(uint64_t number, size_t which)
{
	int fd = memfd_create("output", MFD_CLOEXEC), status;
	struct rusage usage;
	const char *what;
	struct stat st;
	char *text;
	pid_t child;

	unlink(output);
	fflush(stdout);
	child = fork();
	if (child == -1 || fd == -1)
		exit(1);
	if (child == 0)
		run_command(which, fd);
	if (wait4(child, &status, 0, &usage) == -1 || fstat(fd, &st) == -1)
		exit(1);
	text = mmap(NULL, (size_t)st.st_size + 1, PROT_READ, MAP_PRIVATE, fd, 0);
	what = judge(status, &usage, text, (size_t)st.st_size);
	if (what != NULL) {
		ssize_t at = find_control(text, (size_t)st.st_size);

		printf("# mutant %llu: %s %s: %s\n", (unsigned long long)number,
		       commands[which].arguments[0], commands[which].arguments[1], what);
		printf("# %.*s\n", (int)(st.st_size < 2000 ? st.st_size : 2000),
		       at > 100 ? text + at - 100 : text);
	}
	munmap(text, (size_t)st.st_size + 1);
	close(fd);
	return what == NULL;
}

/* With every share-th of the commands, so that a few mutants see all. */
static bool
try_mutant(uint64_t number, uint64_t share)
{
	bool good_end = true;

	mutant_write(number);
	for (size_t i = number % share; i < COMMANDS; i += share)
		good_end &= try_command(number, i);
	return good_end;
}

static int
remove_one(const char *name, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(name);
}

int
main(int argc, char **argv)
{
	uint64_t first, count, share, bad = 0;

	if (argc < 3) {
		fprintf(stderr, "usage: mutants FIRST COUNT [SHARE]\n");
		return 2;
	}
	first = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[2], NULL, 10);
	share = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/brink-mutants-XXXXXX"
						     : "/tmp/brink-mutants-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/brink.db", folder);
	snprintf(output, sizeof(output), "%s/output", folder);
	good_make();
	for (uint64_t i = first; i < first + count; i++)
		bad += !try_mutant(i, share);
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	printf("%llu of %llu mutants did harm\n", (unsigned long long)bad,
	       (unsigned long long)count);
	return bad > 0;
}
