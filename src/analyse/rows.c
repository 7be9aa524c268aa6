#include "analyse/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

void *
rows_alloc(size_t count, size_t size)
{
	void *data = calloc(count > 0 ? count : 1, size);

	if (data == NULL)
		fatal("cannot hold %zu rows of %zu bytes", count, size);
	return data;
}

void *
rows_add(struct rows *rows, size_t size)
{
	if (rows->count == rows->capacity) {
		size_t capacity = rows->capacity > 0 ? 2 * rows->capacity : 16;

		rows->data = reallocarray(rows->data, capacity, size);
		if (rows->data == NULL)
			fatal("cannot hold %zu rows of %zu bytes", capacity, size);
		rows->capacity = capacity;
	}
	return memset((char *)rows->data + size * rows->count++, 0, size);
}

int
rows_load(struct rows *rows, size_t size, struct db *db, const char *sql, int64_t run_id,
	  const char *text, void (*fill)(struct db_statement *s, void *row))
{
	struct db_statement *s = db_prepare(db, sql);
	int got;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	if (text != NULL)
		db_bind_text(s, 2, text);
	while ((got = db_step(s)) == 1)
		fill(s, rows_add(rows, size));
	db_finish(s);
	return got;
}
