#include "report/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/escape.h"
#include "report/table.h"

/* What is kept between the rows. */
struct writer {
	FILE *out;
	int columns;
	struct table table;
	char *align;
	struct json json;
};

struct format {
	void (*begin)(struct writer *w, struct db_statement *s);
	void (*row)(struct writer *w, struct db_statement *s);
	void (*end)(struct writer *w);
};

/* The bytes of a BLOB as digits; the caller frees them. */
static char *
hexadecimal(struct db_statement *s, int column)
{
	size_t bytes;
	const unsigned char *data = db_blob(s, column, &bytes);
	char *digits = malloc(2 * bytes + 1);

	if (digits == NULL)
		fatal("cannot hold a value of %zu bytes", bytes);
	digits[0] = '\0';
	for (size_t i = 0; i < bytes; i++)
		snprintf(digits + 2 * i, 3, "%02x", data[i]);
	return digits;
}

/* Headings of numbers stand over them: all is to the right until a text comes. */
static void
table_start(struct writer *w, struct db_statement *s)
{
	w->align = malloc((size_t)w->columns + 1);
	if (w->align == NULL)
		fatal("cannot hold a table of %d columns", w->columns);
	memset(w->align, 'r', (size_t)w->columns);
	w->align[w->columns] = '\0';
	table_begin(&w->table, w->align);
	for (int i = 0; i < w->columns; i++) {
		char *name = escape_text(db_column_name(s, i));

		table_cell(&w->table, "%s", name);
		free(name);
	}
}

static void
table_text(struct writer *w, int column, char *text)
{
	w->align[column] = 'l';
	table_cell(&w->table, "%s", text);
	free(text);
}

static void
table_row(struct writer *w, struct db_statement *s)
{
	for (int i = 0; i < w->columns; i++)
		switch (db_type(s, i)) {
		case DB_NULL:
			table_cell(&w->table, "-");
			break;
		case DB_INT:
			table_cell(&w->table, "%lld", (long long)db_int(s, i));
			break;
		case DB_REAL:
			table_cell(&w->table, "%.10g", db_real(s, i));
			break;
		case DB_TEXT:
			table_text(w, i, escape_text(db_text(s, i)));
			break;
		case DB_BLOB:
			table_text(w, i, hexadecimal(s, i));
			break;
		}
}

static void
table_finish(struct writer *w)
{
	table_end(&w->table, "", w->out);
	free(w->align);
}

static void
markdown_finish(struct writer *w)
{
	table_end_markdown(&w->table, w->out);
	free(w->align);
}

/* Quoted where RFC 4180 asks for it, and where an empty text would look like NULL. */
static void
csv_text(FILE *out, const char *text)
{
	if (text[0] != '\0' && text[strcspn(text, ",\"\r\n")] == '\0') {
		fputs(text, out);
		return;
	}
	fputc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	fputc('"', out);
}

static void
csv_name(FILE *out, const char *name)
{
	char *escaped = escape_lines(name);

	csv_text(out, escaped);
	free(escaped);
}

static void
csv_start(struct writer *w, struct db_statement *s)
{
	for (int i = 0; i < w->columns; i++) {
		if (i > 0)
			fputc(',', w->out);
		csv_name(w->out, db_column_name(s, i));
	}
	fputc('\n', w->out);
}

static void
csv_value(FILE *out, struct db_statement *s, int column)
{
	enum db_type type = db_type(s, column);

	if (type == DB_TEXT) {
		csv_text(out, db_text(s, column));
	} else if (type == DB_BLOB) {
		char *digits = hexadecimal(s, column);

		csv_text(out, digits);
		free(digits);
	} else {
		fputs(db_text(s, column), out);
	}
}

static void
csv_row(struct writer *w, struct db_statement *s)
{
	for (int i = 0; i < w->columns; i++) {
		if (i > 0)
			fputc(',', w->out);
		csv_value(w->out, s, i);
	}
	fputc('\n', w->out);
}

static void
csv_finish(struct writer *w)
{
	(void)w;
}

static void
json_start(struct writer *w, struct db_statement *s)
{
	(void)s;
	json_list(&w->json, w->out);
}

static void
json_value(struct json *j, struct db_statement *s, int column)
{
	const char *name = db_column_name(s, column);
	char *digits;

	switch (db_type(s, column)) {
	case DB_NULL:
		json_null(j, name);
		break;
	case DB_INT:
		json_int(j, name, db_int(s, column));
		break;
	case DB_REAL:
		json_real(j, name, db_real(s, column));
		break;
	case DB_TEXT:
		json_text(j, name, db_text_raw(s, column));
		break;
	case DB_BLOB:
		digits = hexadecimal(s, column);
		json_text(j, name, digits);
		free(digits);
		break;
	}
}

static void
json_row(struct writer *w, struct db_statement *s)
{
	json_object(&w->json, NULL);
	for (int i = 0; i < w->columns; i++)
		json_value(&w->json, s, i);
	json_end_object(&w->json);
}

static void
json_finish(struct writer *w)
{
	json_end_list(&w->json);
}

static const struct format formats[GRID_FORMATS] = {
	[GRID_TABLE] = { table_start, table_row, table_finish },
	[GRID_CSV] = { csv_start, csv_row, csv_finish },
	[GRID_JSON] = { json_start, json_row, json_finish },
	[GRID_MARKDOWN] = { table_start, table_row, markdown_finish },
};

int
grid_write(struct grid *grid, struct db_statement *s, enum grid_format format,
	   int64_t rows_max, FILE *out)
{
	const struct format *f = &formats[format];
	struct writer w = { .out = out, .columns = db_columns(s) };
	int got;

	*grid = (struct grid){ 0 };
	f->begin(&w, s);
	while ((got = db_step(s)) == 1) {
		if (grid->rows == rows_max) {
			grid->cut = true;
			break;
		}
		f->row(&w, s);
		grid->rows++;
	}
	f->end(&w);
	return got == -1 ? -1 : 0;
}
