#include "store/own_schema.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/safe.h"

/* A statement as its tokens with one space behind each, so that texts compare. */
struct statement {
	char *text; /* NULL: taken back */
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
		fprintf(out, "%.*s ", (int)(end - p), p);
	}
	*text = *p == ';' ? p + 1 : p;
	if (fclose(out) == EOF)
		fatal("cannot hold the schema");
	return tokens;
}

static struct statements
read_statements(const char *text)
{
	struct statements list = { 0 };

	while (*skip_blank(text) != '\0') {
		list.all = reallocarray(list.all, list.count + 1, sizeof(*list.all));
		if (list.all == NULL)
			fatal("cannot hold the schema");
		list.all[list.count++] =
		    (struct statement){ .text = read_statement(&text) };
	}
	return list;
}

static void
statements_free(struct statements *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->all[i].text);
	free(list->all);
}

/* ------------------------------------------------------------------- earlier versions */

/* Behind the prefix, or NULL. */
static const char *
behind(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

/* "TABLE ADD COLUMN DEFINITION" taken out of the table's statement. */
static void
take_back_column(struct statements *list, const char *added)
{
	char head[128], column[256], *at;
	const char *definition = strstr(added, " ADD COLUMN ");

	if (definition == NULL)
		return;
	snprintf(head, sizeof(head), "CREATE TABLE %.*s ( ", (int)(definition - added),
		 added);
	snprintf(column, sizeof(column), ", %s", definition + strlen(" ADD COLUMN "));
	for (size_t i = 0; i < list->count; i++) {
		char *text = list->all[i].text;

		if (text == NULL || behind(text, head) == NULL ||
		    (at = strstr(text, column)) == NULL)
			continue;
		memmove(at, at + strlen(column), strlen(at + strlen(column)) + 1);
	}
}

static void
take_back_creation(struct statements *list, const char *created)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->all[i].text != NULL &&
		    strcmp(list->all[i].text, created) == 0) {
			free(list->all[i].text);
			list->all[i].text = NULL;
		}
}

static void
take_back(struct statements *list, const char *migration)
{
	struct statements made = read_statements(migration);

	for (size_t i = made.count; i-- > 0;) {
		const char *added = behind(made.all[i].text, "ALTER TABLE ");

		if (added != NULL)
			take_back_column(list, added);
		else
			take_back_creation(list, made.all[i].text);
	}
	statements_free(&made);
}

static struct statements
schema_at(const char *schema, const struct embedded_file *migrations, int64_t version)
{
	struct statements list = read_statements(schema);
	size_t count = 0;

	while (migrations[count].name != NULL)
		count++;
	while (count-- > 0)
		if (strtoll(migrations[count].name, NULL, 10) > version)
			take_back(&list, migrations[count].text);
	return list;
}

/* ----------------------------------------------------------------------- what is there */

/* What SQLite makes by itself, for indexes and by ANALYZE. */
static bool
is_of_sqlite(const char *type, const char *name, const char *text)
{
	static const char *const made[] = {
		"CREATE TABLE sqlite_stat1 ( tbl , idx , stat ) ",
		"CREATE TABLE sqlite_stat4 ( tbl , idx , neq , nlt , ndlt , sample ) ",
	};

	if (strcmp(type, "index") == 0)
		return text[0] == '\0' && behind(name, "sqlite_autoindex_") != NULL;
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

		if (s->text == NULL || s->found || strcmp(s->text, text) != 0)
			continue;
		snprintf(head, sizeof(head), "CREATE TABLE %s ( ", name);
		if (strcmp(name, table) != 0)
			snprintf(head, sizeof(head), "CREATE INDEX %s ON %s ( ", name,
				 table);
		s->found = behind(text, head) != NULL;
		return s->found;
	}
	return false;
}

static void
refuse(const char *path, const char *type, const char *name, FILE *err)
{
	char *safe_type = safe_text(type), *safe_name = safe_text(name);

	fprintf(err,
		"brink: %s has a %s \"%.64s\" that is not as brink makes it: it is not "
		"opened, since SQL in it could run\n",
		path, safe_type, safe_name);
	free(safe_type);
	free(safe_name);
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
	if (*sql != '\0' || (behind(text, "CREATE VIEW ") == NULL &&
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

		if (text == NULL || list->all[i].found)
			continue;
		name = strchr(text + strlen("CREATE "), ' ') + 1;
		fprintf(err, "brink: %s lacks what brink makes in it: %.*s\n", path,
			(int)strcspn(name, " "), name);
		return -1;
	}
	return 0;
}

int
own_schema_check(struct db *db, const char *path, const char *schema,
		 const struct embedded_file *migrations, int64_t version, FILE *err)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT type, name, tbl_name, sql FROM main.sqlite_schema");
	struct statements list = schema_at(schema, migrations, version);
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
