/* JSON of any bytes, as a label or a server may have them, read back by SQLite's parser. */
#include <sqlite3.h>

#include "base/json.h"
#include "fuzz.h"

static sqlite3_stmt *
valid_statement(void)
{
	static sqlite3_stmt *statement;
	static sqlite3 *db;

	if (statement != NULL)
		return statement;
	PROMISED(sqlite3_open(":memory:", &db) == SQLITE_OK);
	PROMISED(sqlite3_prepare_v2(db, "SELECT json_valid(?1)", -1, &statement, NULL) ==
		 SQLITE_OK);
	return statement;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	sqlite3_stmt *valid = valid_statement();
	char *text = fuzz_text(data, size), *written = NULL;
	size_t length;
	FILE *out = open_memstream(&written, &length);
	struct json j;

	json_begin(&j, out);
	json_object(&j, NULL);
	json_text(&j, text, text);
	json_array(&j, "list");
	json_text(&j, NULL, text);
	json_int(&j, NULL, (int64_t)size);
	json_end_array(&j);
	json_end_object(&j);
	fclose(out);
	PROMISED(sqlite3_bind_text(valid, 1, written, (int)length, SQLITE_STATIC) ==
		 SQLITE_OK);
	PROMISED(sqlite3_step(valid) == SQLITE_ROW && sqlite3_column_int(valid, 0) == 1);
	sqlite3_reset(valid);
	free(written);
	free(text);
	return 0;
}
