#include "sample/keyed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/procfile.h"

static bool
parts_words(char c)
{
	return c == ' ' || c == '\t' || c == ':' || c == '/';
}

static bool
ends_word(char c)
{
	return c == '\0' || c == '\n' || parts_words(c);
}

static const char *
word_skip_blanks(const char *at)
{
	while (parts_words(*at))
		at++;
	return at;
}

/* The next word of the line; the end of the line where there is none. */
static const char *
word_next(const char *at)
{
	while (!ends_word(*at))
		at++;
	return word_skip_blanks(at);
}

/* The next line; the end of the text where there is none. */
static const char *
line_next(const char *at)
{
	at = strchrnul(at, '\n');
	return *at == '\n' ? at + 1 : at;
}

static bool
word_is(const char *at, const char *word, size_t length)
{
	return strncmp(at, word, length) == 0 && ends_word(at[length]);
}

static bool
line_begins(const char *line, const struct keyed_cell *cell)
{
	return cell->head == 0 || word_is(line, cell->key, cell->head);
}

/* A whole number, saturating, or a single letter's code. */
static bool
word_value(const char *at, int64_t *value)
{
	bool negative = *at == '-';
	int64_t n = 0;

	if (isalpha((unsigned char)*at) && ends_word(at[1])) {
		*value = *at;
		return true;
	}
	at += negative;
	if (!isdigit((unsigned char)*at))
		return false;
	for (; isdigit((unsigned char)*at); at++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *at - '0', &n))
			n = INT64_MAX;
	*value = negative ? -n : n;
	return ends_word(*at);
}

void
keyed_init(struct keyed *keyed, uint32_t first)
{
	memset(keyed, 0, sizeof(*keyed));
	keyed->first = first;
}

static void
cell_init(struct keyed_cell *cell, const char *key)
{
	strlcpy(cell->key, key, sizeof(cell->key));
	cell->head = isdigit((unsigned char)*key) ? 0 : strcspn(key, " ");
}

void
keyed_want(struct keyed *keyed, const struct resource *resource, const char *key)
{
	struct keyed_cell *cell = &keyed->cells[keyed->count];

	if (keyed->count == KEYED_CELLS || strlen(key) >= sizeof(cell->key))
		fatalx("the resource %s has no room in its file's table", resource->name);
	keyed->count++;
	keyed->resolved = false;
	cell->resource = resource;
	cell->position = resource_position(resource);
	cell_init(cell, key);
}

void
keyed_want_source(struct keyed *keyed, enum source source)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].source == source)
			keyed_want(keyed, &resources[i], resources[i].key);
}

/* Finds the key's second word in its line, and so the number behind or below it. */
static void
cell_find_named(struct keyed_cell *cell, const char *line, const char *name)
{
	size_t length = strlen(name);
	const char *below = line_next(line);
	const char *at = word_next(line);

	for (cell->word = 1; !ends_word(*at); cell->word++, at = word_next(at)) {
		if (!word_is(at, name, length))
			continue;
		cell->present = true;
		if (line_begins(below, cell))
			cell->line++;
		else
			cell->word++;
		return;
	}
}

static void
cell_find(struct keyed_cell *cell, const char *text, uint32_t first)
{
	const char *rest = cell->key + cell->head;

	cell->line = 0;
	cell->present = cell->head == 0;
	if (cell->present) {
		cell->word = (uint32_t)strtoul(cell->key, NULL, 10) - first;
		return;
	}
	for (; *text != '\0' && !line_begins(text, cell); text = line_next(text))
		cell->line++;
	if (*text == '\0')
		return;
	if (*rest != '\0' && !isdigit((unsigned char)rest[1])) {
		cell_find_named(cell, text, rest + 1);
		return;
	}
	cell->word = *rest == '\0' ? 1 : (uint32_t)strtoul(rest + 1, NULL, 10);
	cell->present = true;
}

static int
cell_compare(const void *a, const void *b)
{
	const struct keyed_cell *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->word > y->word) - (x->word < y->word);
}

static void
keyed_resolve(struct keyed *keyed, const char *text)
{
	for (size_t i = 0; i < keyed->count; i++)
		cell_find(&keyed->cells[i], text, keyed->first);
	qsort(keyed->cells, keyed->count, sizeof(keyed->cells[0]), cell_compare);
	keyed->resolved = true;
}

static void
cell_set(const struct keyed_cell *cell, int64_t value, const readings_by_kind readings)
{
	int64_t *reading = &readings[cell->resource->subject][cell->position];

	if (value == READING_NONE ||
	    __builtin_mul_overflow(value, cell->resource->scale, reading))
		*reading = READING_NONE;
}

/* A place in a text, moved forward only. */
struct cursor {
	const char *line_at, *at;
	uint32_t line, word;
};

static struct cursor
cursor_at(const char *text)
{
	return (struct cursor){ .line_at = text, .at = word_skip_blanks(text) };
}

/* Moves to where the cell was found; false where its number is not there. */
static bool
cursor_value(struct cursor *c, const struct keyed_cell *cell, int64_t *value)
{
	for (; c->line < cell->line && *c->line_at != '\0'; c->line++) {
		c->line_at = line_next(c->line_at);
		c->at = word_skip_blanks(c->line_at);
		c->word = 0;
	}
	for (; c->word < cell->word && !ends_word(*c->at); c->word++)
		c->at = word_next(c->at);
	return line_begins(c->line_at, cell) && word_value(c->at, value);
}

bool
keyed_has(const char *text, const char *key)
{
	struct cursor cursor = cursor_at(text);
	struct keyed_cell cell;
	int64_t value;

	cell_init(&cell, key);
	cell_find(&cell, text, 0);
	return cell.present && cursor_value(&cursor, &cell, &value);
}

/* One pass over the text; false where it is not laid out as it was. */
static bool
keyed_pick(const struct keyed *keyed, const char *text, const readings_by_kind readings)
{
	struct cursor cursor = cursor_at(text);
	bool as_before = true;

	for (size_t i = 0; i < keyed->count; i++) {
		const struct keyed_cell *cell = &keyed->cells[i];
		int64_t value = READING_NONE;

		if (cell->present && !cursor_value(&cursor, cell, &value)) {
			value = READING_NONE;
			as_before = false;
		}
		cell_set(cell, value, readings);
	}
	return as_before;
}

void
keyed_parse(struct keyed *keyed, const char *text, const readings_by_kind readings)
{
	if (keyed->resolved && keyed_pick(keyed, text, readings))
		return;
	keyed_resolve(keyed, text);
	keyed_pick(keyed, text, readings);
}

bool
keyed_read(struct keyed *keyed, int fd, char *buf, size_t size,
	   const readings_by_kind readings)
{
	if (fd != -1 && procfile_pread(fd, buf, size) > 0) {
		keyed_parse(keyed, buf, readings);
		return true;
	}
	for (size_t i = 0; i < keyed->count; i++)
		cell_set(&keyed->cells[i], READING_NONE, readings);
	return false;
}
