#include "report/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/log.h"
#include "model/limit.h"
#include "report/findings.h"

int64_t
column_int(struct db_statement *s, int column, int64_t fallback)
{
	return db_is_null(s, column) ? fallback : db_int(s, column);
}

double
column_real(struct db_statement *s, int column, double fallback)
{
	return db_is_null(s, column) ? fallback : db_real(s, column);
}

/* -------------------------------------------------------------------------- from the store */

static void
read_text(const struct column *c, struct db_statement *s, int at, void *row)
{
	db_text_copy(s, at, COLUMN_AT(char, c, row), c->size);
}

static void
read_string(const struct column *c, struct db_statement *s, int at, void *row)
{
	char **text = COLUMN_AT(char *, c, row);

	if (db_is_null(s, at))
		return;
	*text = strdup(db_text(s, at));
	if (*text == NULL)
		fatal("cannot hold a text of the report");
}

static void
read_int(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(int64_t, c, row) = db_int(s, at);
}

static void
read_known(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(int64_t, c, row) = column_int(s, at, -1);
}

static void
read_real(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(double, c, row) = db_real(s, at);
}

static void
read_known_real(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(double, c, row) = column_real(s, at, -1);
}

static void
read_optional(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(double, c, row) = column_real(s, at, NAN);
}

static void
read_bool(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(bool, c, row) = db_int(s, at) != 0;
}

static void
read_unit(const struct column *c, struct db_statement *s, int at, void *row)
{
	enum unit *unit = COLUMN_AT(enum unit, c, row);

	*unit = UNIT_COUNT;
	if (strcmp(db_text(s, at), units_name(UNIT_BYTES)) == 0)
		*unit = UNIT_BYTES;
	else if (strcmp(db_text(s, at), units_name(UNIT_US)) == 0)
		*unit = UNIT_US;
}

static void
read_role(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(enum role, c, row) =
	    db_is_null(s, at) ? ROLE_NONE : role_find(db_text(s, at));
}

static void
read_estimate(const struct column *c, struct db_statement *s, int at, void *row)
{
	*COLUMN_AT(struct findings_estimate, c, row) = (struct findings_estimate){
		.known = !db_is_null(s, at),
		.value = db_real(s, at),
		.low = db_real(s, at + 1),
		.high = db_real(s, at + 2),
	};
}

/* --------------------------------------------------------------------------------- to JSON */

static void
json_of_text(const struct column *c, const void *row, struct json *j)
{
	json_text(j, c->name, COLUMN_OF(char, c, row));
}

static void
json_of_word(const struct column *c, const void *row, struct json *j)
{
	const char *text = COLUMN_OF(char, c, row);

	json_text(j, c->name, text[0] != '\0' ? text : NULL);
}

static void
json_of_string(const struct column *c, const void *row, struct json *j)
{
	json_text(j, c->name, *COLUMN_OF(char *, c, row));
}

static void
json_of_int(const struct column *c, const void *row, struct json *j)
{
	json_int(j, c->name, *COLUMN_OF(int64_t, c, row));
}

static void
json_of_known(const struct column *c, const void *row, struct json *j)
{
	json_known(j, c->name, *COLUMN_OF(int64_t, c, row));
}

static void
json_of_real(const struct column *c, const void *row, struct json *j)
{
	json_real(j, c->name, *COLUMN_OF(double, c, row));
}

static void
json_of_known_real(const struct column *c, const void *row, struct json *j)
{
	double value = *COLUMN_OF(double, c, row);

	json_real(j, c->name, value >= 0 ? value : NAN);
}

static void
json_of_bool(const struct column *c, const void *row, struct json *j)
{
	json_bool(j, c->name, *COLUMN_OF(bool, c, row));
}

static void
json_of_unit(const struct column *c, const void *row, struct json *j)
{
	json_text(j, c->name, units_name(*COLUMN_OF(enum unit, c, row)));
}

static void
json_of_role(const struct column *c, const void *row, struct json *j)
{
	json_text(j, c->name, role_name(*COLUMN_OF(enum role, c, row)));
}

static void
json_of_display_name(const struct column *c, const void *row, struct json *j)
{
	json_text(j, c->name, display_name_of(COLUMN_OF(char, c, row)));
}

static void
json_of_estimate(const struct column *c, const void *row, struct json *j)
{
	const struct findings_estimate *e = COLUMN_OF(struct findings_estimate, c, row);

	if (!e->known) {
		json_null(j, c->name);
		return;
	}
	json_object(j, c->name);
	json_real(j, "value", e->value);
	json_real(j, "low", e->low);
	json_real(j, "high", e->high);
	json_end_object(j);
}

static const struct {
	void (*read)(const struct column *c, struct db_statement *s, int at, void *row);
	void (*json)(const struct column *c, const void *row, struct json *j);
} types[COLUMN_TYPES] = {
	[COLUMN_TEXT] = { read_text, json_of_text },
	[COLUMN_WORD] = { read_text, json_of_word },
	[COLUMN_STRING] = { read_string, json_of_string },
	[COLUMN_INT] = { read_int, json_of_int },
	[COLUMN_KNOWN] = { read_known, json_of_known },
	[COLUMN_REAL] = { read_real, json_of_real },
	[COLUMN_KNOWN_REAL] = { read_known_real, json_of_known_real },
	[COLUMN_OPTIONAL] = { read_optional, json_of_real },
	[COLUMN_BOOL] = { read_bool, json_of_bool },
	[COLUMN_UNIT] = { read_unit, json_of_unit },
	[COLUMN_ROLE] = { read_role, json_of_role },
	[COLUMN_DISPLAY_NAME] = { NULL, json_of_display_name },
	[COLUMN_ESTIMATE] = { read_estimate, json_of_estimate },
};

void
column_json(const struct column *column, const void *row, struct json *j)
{
	if (!column->hidden)
		types[column->type].json(column, row, j);
}

/* ------------------------------------------------------------------------------------ rows */

/* It comes with the query. */
static bool
is_read(const struct column *c)
{
	return types[c->type].read != NULL && !c->later;
}

char *
record_query(const struct record *record)
{
	const char *before = "SELECT ";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		fatal("cannot hold a query");
	for (size_t i = 0; i < record->column_count; i++) {
		const struct column *c = &record->columns[i];
		const char *name = c->sql != NULL ? c->sql : c->name;

		if (!is_read(c))
			continue;
		fprintf(out, "%s%s", before, name);
		if (c->type == COLUMN_ESTIMATE)
			fprintf(out, ", %s_low, %s_high", name, name);
		before = ", ";
	}
	fprintf(out, " %s", record->from);
	if (fclose(out) != 0)
		fatal("cannot hold a query");
	return text;
}

void
record_read(const struct record *record, struct db_statement *s, void *row)
{
	int at = 0;

	for (size_t i = 0; i < record->column_count; i++) {
		const struct column *c = &record->columns[i];

		if (!is_read(c))
			continue;
		types[c->type].read(c, s, at, row);
		at += c->type == COLUMN_ESTIMATE ? 3 : 1;
	}
}

static void *
at(struct findings *f, size_t offset)
{
	return (char *)f + offset;
}

static const void *
in(const struct findings *f, size_t offset)
{
	return (const char *)f + offset;
}

/* The first row; whether there is one is known where somebody asks. */
static int
load_one(const struct record *record, struct db_statement *s, struct findings *f)
{
	int got = db_step(s);

	if (got == 1)
		record_read(record, s, at(f, record->rows));
	if (record->count != RECORD_ALWAYS)
		*(bool *)at(f, record->count) = got == 1;
	return got == -1 ? -1 : 0;
}

static int
load_rows(const struct record *record, struct db_statement *s, struct findings *f)
{
	struct rows rows = { 0 };
	int got;

	while ((got = db_step(s)) == 1)
		record_read(record, s, rows_add(&rows, record->size));
	*(void **)at(f, record->rows) = rows.data;
	*(size_t *)at(f, record->count) = rows.count;
	return got;
}

int
record_load(const struct record *record, struct db *db, int64_t run_id,
	    struct findings *f)
{
	char *query = record_query(record);
	struct db_statement *s = db_prepare(db, query);
	int error = -1;

	free(query);
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	error = record->is_one ? load_one(record, s, f) : load_rows(record, s, f);
	db_finish(s);
	return error;
}

size_t
record_count(const struct record *record, const struct findings *f)
{
	if (record->count == RECORD_ALWAYS)
		return 1;
	if (record->is_one)
		return *(const bool *)in(f, record->count);
	return *(const size_t *)in(f, record->count);
}

const void *
record_row(const struct record *record, const struct findings *f, size_t i)
{
	if (record->is_one)
		return in(f, record->rows);
	return *(const char *const *)in(f, record->rows) + i * record->size;
}

static void
write_row(const struct record *record, const void *row, const char *key, struct json *j)
{
	json_object(j, key);
	for (size_t i = 0; i < record->column_count; i++)
		column_json(&record->columns[i], row, j);
	if (record->more != NULL)
		record->more(j, row);
	json_end_object(j);
}

void
record_json(const struct record *record, const struct findings *f, struct json *j)
{
	if (record->is_one && record_count(record, f) == 0) {
		json_null(j, record->key);
		return;
	}
	if (record->is_one) {
		write_row(record, record_row(record, f, 0), record->key, j);
		return;
	}
	json_array(j, record->key);
	for (size_t i = 0; i < record_count(record, f); i++)
		write_row(record, record_row(record, f, i), NULL, j);
	json_end_array(j);
}

static void
free_row(const struct record *record, void *row)
{
	for (size_t i = 0; i < record->column_count; i++)
		if (record->columns[i].type == COLUMN_STRING)
			free(*COLUMN_AT(char *, &record->columns[i], row));
}

void
record_free(const struct record *record, struct findings *f)
{
	void **rows = at(f, record->rows);

	if (record->is_one) {
		free_row(record, at(f, record->rows));
		return;
	}
	for (size_t i = 0; i < record_count(record, f); i++)
		free_row(record, (char *)*rows + i * record->size);
	free(*rows);
}

const struct column *
record_column(const struct record *record, const char *name)
{
	for (size_t i = 0; i < record->column_count; i++)
		if (strcmp(record->columns[i].name, name) == 0)
			return &record->columns[i];
	fatal("there is no column %s of %s", name, record->key);
}
