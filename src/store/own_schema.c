#include "store/own_schema.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/escape.h"

/* A statement as its tokens with one space behind each, so that texts compare. */
struct statement {
	char *text;
	bool found;
};

struct statements {
	struct statement *all;
	size_t count;
};

/* ---------------------------------------------------------------------------- tokens */

static const char *
skip_blank(const char *p)
{
	for (;;) {
		const char *end;

		if (isspace((unsigned char)*p)) {
			p++;
		} else if (p[0] == '-' && p[1] == '-') {
			p += strcspn(p, "\n");
		} else if (p[0] == '/' && p[1] == '*') {
			end = strstr(p + 2, "*/");
			p = end != NULL ? end + 2 : p + strlen(p);
		} else {
			return p;
		}
	}
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (c & 0x80) != 0;
}

/* The end of the token at p: a word, a quoted text, or one character. */
static const char *
token_end(const char *p)
{
	char quote = *p == '[' ? ']' : *p;

	if (is_word(*p)) {
		while (is_word(*p))
			p++;
		return p;
	}
	if (strchr("'\"`[", *p) == NULL)
		return p + 1;
	for (p++; *p != '\0'; p++)
		if (*p == quote)
			return p + 1;
	return p;
}

static bool
is_name(const char *p, const char *end)
{
	if (p >= end)
		return false;
	while (p < end && is_word(*p))
		p++;
	return p == end;
}

/* The tokens up to the ';' or the end, in memory that the caller frees; *text is moved
 * behind them. */
static char *
read_statement(const char **text)
{
	char *tokens = NULL;
	size_t size;
	FILE *out = open_memstream(&tokens, &size);
	const char *p = skip_blank(*text), *end;

	if (out == NULL)
		fatal("cannot hold the schema");
	for (; *p != '\0' && *p != ';'; p = skip_blank(end)) {
		end = token_end(p);
		/* SQLite quotes the name of a table that it renames. */
		if (*p == '"' && is_name(p + 1, end - 1))
			fprintf(out, "%.*s ", (int)(end - p - 2), p + 1);
		else
			fprintf(out, "%.*s ", (int)(end - p), p);
	}
	*text = *p == ';' ? p + 1 : p;
	if (fclose(out) == EOF)
		fatal("cannot hold the schema");
	return tokens;
}

/* ------------------------------------------------------------------- earlier versions */

/* Moves *text behind what it adds. */
static void
add_statement(struct statements *list, const char **text)
{
	list->all = reallocarray(list->all, list->count + 1, sizeof(*list->all));
	if (list->all == NULL)
		fatal("cannot hold the schema");
	list->all[list->count++] = (struct statement){ .text = read_statement(text) };
}

static int
add_row(void *list, int columns, char **values, char **names)
{
	const char *text = values[0];

	(void)columns;
	(void)names;
	add_statement(list, &text);
	return 0;
}

/* The first schema, brought to the version as a store is: what it has then. */
static struct statements
schema_at(const struct own_schema *own, int64_t version)
{
	struct statements list = { 0 };
	sqlite3 *memory;
	int rc = sqlite3_open(":memory:", &memory);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(memory, own->first, NULL, NULL, NULL);
	for (const struct embedded_file *m = own->migrations;
	     rc == SQLITE_OK && m->name != NULL; m++)
		if (strtoll(m->name, NULL, 10) <= version)
			rc = sqlite3_exec(memory, m->text, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(memory,
				  "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL",
				  add_row, &list, NULL);
	if (rc != SQLITE_OK)
		fatalx("the schema of version %lld cannot be made: %s",
		       (long long)version, sqlite3_errmsg(memory));
	sqlite3_close(memory);
	return list;
}

static struct statements
schema_of(const struct own_schema *own, int64_t version)
{
	struct statements list = { 0 };
	const char *text = own->latest;

	if (version < own->version)
		return schema_at(own, version);
	while (*skip_blank(text) != '\0')
		add_statement(&list, &text);
	return list;
}

static void
statements_free(struct statements *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->all[i].text);
	free(list->all);
}

/* ----------------------------------------------------------------------- what is there */

static bool
begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* What SQLite makes by itself, for indexes and by ANALYZE. */
static bool
is_of_sqlite(const char *type, const char *name, const char *text)
{
	static const char *const made[] = {
		"CREATE TABLE sqlite_stat1 ( tbl , idx , stat ) ",
		"CREATE TABLE sqlite_stat4 ( tbl , idx , neq , nlt , ndlt , sample ) ",
	};

	if (strcmp(type, "index") == 0)
		return text[0] == '\0' && begins(name, "sqlite_autoindex_");
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (strcmp(text, made[i]) == 0)
			return true;
	return false;
}

/* True where the row of sqlite_schema is one of the statements that was not yet found. */
static bool
is_of_brink(struct statements *list, const char *name, const char *table,
	    const char *text)
{
	char head[256];

	for (size_t i = 0; i < list->count; i++) {
		struct statement *s = &list->all[i];

		if (s->found || strcmp(s->text, text) != 0)
			continue;
		snprintf(head, sizeof(head), "CREATE TABLE %s ( ", name);
		if (strcmp(name, table) != 0)
			snprintf(head, sizeof(head), "CREATE INDEX %s ON %s ( ", name,
				 table);
		s->found = begins(text, head);
		return s->found;
	}
	return false;
}

static void
refuse(const char *path, const char *type, const char *name, FILE *err)
{
	char *escaped_type = escape_text(type), *escaped_name = escape_text(name);

	fprintf(err,
		"brink: %s has a %s \"%.64s\" that is not as brink makes it: it is not "
		"opened, since SQL in it could run\n",
		path, escaped_type, escaped_name);
	free(escaped_type);
	free(escaped_name);
}

/* 0 where the statement's row is what brink or SQLite makes. */
static int
check_row(struct statements *list, struct db_statement *s, const char *path, FILE *err)
{
	const char *type = db_text(s, 0), *name = db_text(s, 1);
	const char *sql = db_text(s, 3);
	char *text = read_statement(&sql);
	int rc = 0;

	/* SQLite goes by the text alone: a trigger may call itself a view. */
	if (*sql != '\0' || (!begins(text, "CREATE VIEW ") &&
			     !is_of_brink(list, name, db_text(s, 2), text) &&
			     !is_of_sqlite(type, name, text))) {
		refuse(path, type, name, err);
		rc = -1;
	}
	free(text);
	return rc;
}

static int
check_whole(const struct statements *list, const char *path, FILE *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *text = list->all[i].text;
		const char *name;

		if (list->all[i].found)
			continue;
		name = strchr(text + strlen("CREATE "), ' ') + 1;
		fprintf(err, "brink: %s lacks what brink makes in it: %.*s\n", path,
			(int)strcspn(name, " "), name);
		return -1;
	}
	return 0;
}

int
own_schema_check(struct db *db, const char *path, const struct own_schema *own,
		 int64_t version, FILE *err)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema");
	struct statements list = schema_of(own, version);
	int got = -1;

	while (s != NULL && (got = db_step(s)) == 1)
		if (check_row(&list, s, path, err) == -1)
			break;
	db_finish(s);
	if (got == 0)
		got = check_whole(&list, path, err);
	statements_free(&list);
	return got == 0 ? 0 : -1;
}
