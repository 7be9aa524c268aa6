#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_store.h"

int
made_store_setup(void **state)
{
	struct made_store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		return -1;
	strlcpy(store->dir, "/tmp/brink-test-XXXXXX", sizeof(store->dir));
	if (mkdtemp(store->dir) == NULL)
		return -1;
	snprintf(store->path, sizeof(store->path), "%s/brink.db", store->dir);
	*state = store;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
made_store_teardown(void **state)
{
	struct made_store *store = *state;
	int rc = nftw(store->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);

	free(store);
	return rc;
}

struct db *
made_store_open(const struct made_store *store, enum db_mode mode)
{
	struct db *db = db_open(store->path, mode, stderr);

	assert_non_null(db);
	return db;
}

char *
made_file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "r");
	char *data;
	long length;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	length = ftell(file);
	assert_true(length >= 0);
	rewind(file);
	*size = (size_t)length;
	data = calloc(1, *size + 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, *size, file), *size);
	assert_int_equal(fclose(file), 0);
	return data;
}

void
made_file_write(const char *path, const char *data, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static sqlite3 *
run_sql(const char *path, const char *sql)
{
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
	return handle;
}

void
made_sqlite(const char *path, const char *sql)
{
	assert_int_equal(sqlite3_close(run_sql(path, sql)), SQLITE_OK);
}

void
made_sqlite_killed(const char *path, const char *sql)
{
	run_sql(path, sql);
}
