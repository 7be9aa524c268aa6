/*
 * A database file, damaged: the input is a list of changes to a good one, each a place (a
 * quarter of a page is a step, and the byte within) and the byte that is put there.
 */
#include <unistd.h>

#include "fuzz.h"
#include "report/findings.h"

#define STEP 1024

/* The folder and the file in it, on a disk of memory where there is one. */
static char folder[64], path[96];
static char *good;
static size_t good_size;

static const char run_sql[] =
    "INSERT INTO host VALUES (1, 'host', '6.1', 'x86_64', 'Debian', 'CPU', 4, 1, '');"
    "INSERT INTO run (run_id, started_unix_us, ended_us, state, outcome, plan, command,"
    " version, host_id, boot_id, supervisor_pid) VALUES (1, 0, 5, 'done', 'survived',"
    " '{\"clients\": 5, \"expect\": [\"held >= 5\"]}', 'brink run', '1', 1, 'boot', 1);"
    "INSERT INTO tick VALUES (1, 0, 0, 0, 0), (1, 1, 100, 0, 0);"
    "INSERT INTO latency VALUES (1, 'connect', 0, 1, 1, 1, 1, 1, 1, x'789c030000000001');"
    "INSERT INTO expectation VALUES (1, 0, 'held >= 5', 'held', 'count', 5, 5, 1, 1, 1)";

static void
folder_remove(void)
{
	char name[128];

	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
	rmdir(folder);
}

static void
file_read(void)
{
	FILE *file = fopen(path, "r");
	char byte;

	PROMISED(file != NULL);
	while (fread(&byte, 1, 1, file) == 1) {
		if (good_size % 65536 == 0)
			good = realloc(good, good_size + 65536);
		good[good_size++] = byte;
	}
	fclose(file);
}

static void
good_make(void)
{
	struct db *db;

	strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/brink-fuzz-XXXXXX"
						     : "/tmp/brink-fuzz-XXXXXX");
	PROMISED(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/brink.db", folder);
	atexit(folder_remove);
	db = db_open(path, DB_CREATE, stderr);
	PROMISED(db != NULL && db_exec(db, run_sql) == 0);
	db_close(db);
	file_read();
}

static void
bad_write(const uint8_t *data, size_t size)
{
	char *bad = malloc(good_size), name[128];
	FILE *file;

	PROMISED(bad != NULL);
	memcpy(bad, good, good_size);
	for (; size >= 4; data += 4, size -= 4) {
		size_t at =
		    STEP * (size_t)data[0] + ((size_t)data[1] * 256 + data[2]) % STEP;

		bad[at % good_size] = (char)data[3];
	}
	for (size_t i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%s%s", path, i == 0 ? "-wal" : "-shm");
		unlink(name);
	}
	file = fopen(path, "w");
	PROMISED(file != NULL && fwrite(bad, 1, good_size, file) == good_size);
	fclose(file);
	free(bad);
}

/* Whatever may be wrong, it is an error like any other. */
static void
use(struct db *db)
{
	struct findings findings;
	struct db_statement *s = db_prepare(db, "SELECT * FROM v_history");

	for (int rows = 0; s != NULL && rows < 100 && db_step(s) == 1; rows++)
		db_text(s, 0);
	db_finish(s);
	findings_load(&findings, db, 1);
	findings_free(&findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *sentence = NULL;
	size_t length;
	FILE *err = open_memstream(&sentence, &length);
	struct db *db;

	if (good == NULL)
		good_make();
	bad_write(data, size);
	db = db_open(path, size % 2 == 0 ? DB_READ : DB_WRITE, err);
	fclose(err);
	PROMISED(db != NULL || length > 0);
	if (db != NULL)
		use(db);
	db_close(db);
	free(sentence);
	return 0;
}
