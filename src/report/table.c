#include "report/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

void
table_begin(struct table *table, const char *align)
{
	*table = (struct table){ .columns = strlen(align), .align = align };
}

void
table_cell(struct table *table, const char *fmt, ...)
{
	va_list args;

	if (table->count == table->capacity) {
		table->capacity = table->capacity > 0 ? 2 * table->capacity : 128;
		table->cells = reallocarray(table->cells, table->capacity, TABLE_CELL);
		if (table->cells == NULL)
			fatal("cannot hold a table of %zu cells", table->capacity);
	}
	va_start(args, fmt);
	vsnprintf(table->cells[table->count++], TABLE_CELL, fmt, args);
	va_end(args);
}

size_t
table_width(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void
pad(size_t n, FILE *out)
{
	while (n-- > 0)
		fputc(' ', out);
}

static void
write_row(const struct table *table, size_t first, const size_t *widths, FILE *out)
{
	size_t last = table->columns;

	/* Nothing is written after the last text of a row. */
	while (last > 0 && table->cells[first + last - 1][0] == '\0')
		last--;
	for (size_t i = 0; i < last; i++) {
		const char *cell = table->cells[first + i];
		size_t gap = widths[i] - table_width(cell);

		if (table->align[i] == 'r')
			pad(gap, out);
		fputs(cell, out);
		if (i + 1 < last)
			pad((table->align[i] == 'l' ? gap : 0) + 2, out);
	}
}

void
table_end(struct table *table, const char *indent, FILE *out)
{
	size_t widths[TABLE_COLUMNS] = { 0 };

	for (size_t i = 0; i < table->count; i++) {
		size_t width = table_width(table->cells[i]);

		if (width > widths[i % table->columns])
			widths[i % table->columns] = width;
	}
	for (size_t i = 0; i + table->columns <= table->count; i += table->columns) {
		fputs(indent, out);
		write_row(table, i, widths, out);
		fputc('\n', out);
	}
	free(table->cells);
}
