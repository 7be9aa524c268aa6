#include "store/packed.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/block.h"

#ifdef BRINK_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
#else
#include <sqlite3.h>
#endif

#include "base/embed.h"
#include "store/sample_schema.h"

/* Whatever the file has under that name, only a table is asked: anything else might run for
 * ever. An older schema has none: then nothing is packed. */
static bool
has_packed(sqlite3 *db)
{
	static const char *const questions[] = {
		"SELECT 1 FROM main.sqlite_schema WHERE name = 'packed'"
		" AND sql GLOB 'CREATE TABLE packed (*'",
		"SELECT 1 FROM main.packed LIMIT 1",
	};
	bool has = true;

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]) && has; i++) {
		sqlite3_stmt *s;

		has = sqlite3_prepare_v2(db, questions[i], -1, &s, NULL) == SQLITE_OK &&
		      sqlite3_step(s) == SQLITE_ROW;
		sqlite3_finalize(s);
	}
	return has;
}

static int
execute(sqlite3 *db, char *sql)
{
	int rc = sql == NULL ? SQLITE_NOMEM : sqlite3_exec(db, sql, NULL, NULL, NULL);

	sqlite3_free(sql);
	return rc;
}

/* Temporary objects come first in the search for a name. */
static int
shadow_tables(sqlite3 *db)
{
	int rc = SQLITE_OK;

	for (const char *const *kind = packed_kinds; *kind != NULL && rc == SQLITE_OK;
	     kind++)
		rc = execute(
		    db,
		    sqlite3_mprintf(
			"CREATE VIRTUAL TABLE temp.\"%w_sample\" USING brink_sample(%w)",
			*kind, *kind));
	return rc;
}

/* The ';' that ends the statement, not one in a comment or in a text; NULL: none. */
static const char *
statement_end(const char *p)
{
	while ((p = strpbrk(p, ";-'")) != NULL && *p != ';') {
		if (*p == '\'')
			p = strchr(p + 1, '\'');
		else if (p[1] == '-')
			p = strchr(p, '\n');
		if (p == NULL)
			break;
		p++;
	}
	return p;
}

/* A view of the file sees only its own tables, and nobody knows what is in it: each of
 * brink's has a temporary double, made from brink's own text. */
static int
shadow_views(sqlite3 *db)
{
	static const char create[] = "CREATE VIEW ";
	char *views = sample_schema_expand(embedded_sql_views);
	const char *sql = views, *rest;
	int rc = SQLITE_OK;

	if (views == NULL)
		return SQLITE_NOMEM;
	while (rc == SQLITE_OK && (sql = strstr(sql, create)) != NULL) {
		rest = statement_end(sql);
		if (rest == NULL) {
			rc = SQLITE_ERROR;
			break;
		}
		sql += strlen(create);
		rc = execute(
		    db, sqlite3_mprintf("CREATE TEMP VIEW %.*s", (int)(rest - sql), sql));
		sql = rest;
	}
	free(views);
	return rc;
}

int
packed_install(sqlite3 *db, bool always)
{
	int rc = packed_table_register(db);
	bool packed = has_packed(db);

	if (rc == SQLITE_OK && packed)
		rc = shadow_tables(db);
	if (rc == SQLITE_OK && (packed || always))
		rc = shadow_views(db);
	/* An extension that fails is unloaded, and its module with it. */
	if (rc != SQLITE_OK)
		packed_table_unregister(db);
	return rc;
}

#ifdef BRINK_EXTENSION
/* Named after the file, brink.so: sqlite3_load_extension() of the SQLite documentation. */
int sqlite3_brink_init(sqlite3 *db, char **error, const sqlite3_api_routines *api);

int
sqlite3_brink_init(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	int rc;

	SQLITE_EXTENSION_INIT2(api);
	rc = packed_install(db, false);
	if (rc != SQLITE_OK)
		*error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
	return rc;
}
#endif

struct block_cache;

/* Which block of packed. A rowid alone is not enough: it is used again, by whoever packs next. The
 * samples of a run never change. */
struct block_key {
	int64_t id, run_id, first_tick; /* id: the rowid; 0: none */
};

/* A place of the cache. It is its taker's until he leaves it, and then stays in the cache. */
struct cached_block {
	struct cached_block *next;
	struct block_key key; /* of the block that is in it */
	int64_t used;         /* the higher, the later */
	int takers;
	struct block *block;
};

/* More only where more are taken at a time. */
#define PLACES 8

struct block_cache {
	size_t columns, places;
	struct cached_block *first;
	int64_t uses;
};

static struct block_cache *
block_cache_new(size_t columns)
{
	struct block_cache *cache = calloc(1, sizeof(*cache));

	if (cache != NULL)
		cache->columns = columns;
	return cache;
}

static void
block_cache_free(struct block_cache *cache)
{
	if (cache == NULL)
		return;
	while (cache->first != NULL) {
		struct cached_block *next = cache->first->next;

		block_free(cache->first->block);
		free(cache->first);
		cache->first = next;
	}
	free(cache);
}

static struct cached_block *
add_place(struct block_cache *cache)
{
	struct cached_block *place = calloc(1, sizeof(*place));

	if (place == NULL)
		return NULL;
	place->block = block_new(cache->columns);
	if (place->block == NULL) {
		free(place);
		return NULL;
	}
	place->next = cache->first;
	cache->first = place;
	cache->places++;
	return place;
}

static bool
cached_block_holds(const struct cached_block *place, const struct block_key *key)
{
	return place->key.id == key->id && place->key.run_id == key->run_id &&
	       place->key.first_tick == key->first_tick;
}

static struct cached_block *
find_place(struct block_cache *cache, const struct block_key *key)
{
	struct cached_block *oldest = NULL;

	for (struct cached_block *c = cache->first; c != NULL; c = c->next) {
		if (cached_block_holds(c, key))
			return c;
		if (c->takers == 0 && (oldest == NULL || c->used < oldest->used))
			oldest = c;
	}
	return oldest != NULL && cache->places >= PLACES ? oldest : add_place(cache);
}

static struct cached_block *
block_cache_take(struct block_cache *cache, const struct block_key *key)
{
	struct cached_block *place = find_place(cache, key);

	if (place == NULL)
		return NULL;
	place->used = ++cache->uses;
	place->takers++;
	return place;
}

static void
cached_block_leave(struct cached_block *place)
{
	place->takers--;
}

static int
cached_block_fill(struct cached_block *place, const struct block_key *key,
		  const void *data, size_t bytes)
{
	place->key = (struct block_key){ 0 };
	if (block_decode(place->block, data, bytes) == -1)
		return -1;
	place->key = *key;
	return 0;
}

#ifdef BRINK_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT3
#else
#include <sqlite3.h>
#endif

#include <string.h>

/* Columns of a sample table that are not a resource, in their order. */
enum { COLUMN_RUN, COLUMN_TICK, COLUMN_SUBJECT, KEY_COLUMNS };

const char *const packed_kinds[] = { "host",    "netns",  "cgroup", "listener",
				     "process", "worker", "group",  NULL };

/* What a block holds: all but the run. */
#define BLOCK_OF(column) ((size_t)(column)-1)

struct range {
	sqlite3_int64 low, high;
};

struct table {
	sqlite3_vtab base; /* first: SQLite sees this */
	sqlite3 *db;
	const char *kind; /* of packed_kinds */
	size_t columns;
	struct block_cache *cache; /* of packed, by rowid */
};

/* First the rows of the table, then those that are packed. */
struct cursor {
	sqlite3_vtab_cursor base; /* first */
	sqlite3_stmt *rows, *packed;
	bool one_run, in_rows, end;
	struct range key[KEY_COLUMNS];
	struct cached_block *here; /* the block that it stands in, NULL: none */
	size_t at;                 /* row of the block */
	sqlite3_int64 run_id, number;
};

#define WHOLE ((struct range){ INT64_MIN, INT64_MAX })

static int
fail(struct table *table, const char *text)
{
	sqlite3_free(table->base.zErrMsg);
	table->base.zErrMsg = sqlite3_mprintf("%s", text);
	return SQLITE_ERROR;
}

/* "CREATE TABLE x (run_id INTEGER, …)" as main.KIND_sample has it; sqlite3_free() it. */
static char *
declaration(struct table *table)
{
	sqlite3_str *sql = sqlite3_str_new(table->db);
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(
		table->db, "SELECT name FROM pragma_table_info(?1 || '_sample', 'main')",
		-1, &s, NULL) == SQLITE_OK) {
		sqlite3_bind_text(s, 1, table->kind, -1, SQLITE_STATIC);
		while (sqlite3_step(s) == SQLITE_ROW)
			sqlite3_str_appendf(sql, "%s\"%w\" INTEGER",
					    table->columns++ == 0 ? "CREATE TABLE x ("
								  : ", ",
					    sqlite3_column_text(s, 0));
		sqlite3_finalize(s);
	}
	sqlite3_str_appendall(sql, ")");
	return sqlite3_str_finish(sql);
}

static int
table_disconnect(sqlite3_vtab *base)
{
	struct table *table = (struct table *)base;

	block_cache_free(table->cache);
	sqlite3_free(table);
	return SQLITE_OK;
}

/* A schema may name the module with any argument, and be run by whoever opens the file: only
 * a temporary table is made, and only of a kind that there is. argv: module, database, table,
 * argument. */
static const char *
known_kind(int argc, const char *const *argv)
{
	for (const char *const *kind = packed_kinds; *kind != NULL; kind++)
		if (argc == 4 && strcmp(argv[1], "temp") == 0 &&
		    strcmp(argv[3], *kind) == 0)
			return *kind;
	return NULL;
}

/* CREATE VIRTUAL TABLE … USING brink_sample(KIND) */
static int
table_connect(sqlite3 *db, void *arg, int argc, const char *const *argv,
	      sqlite3_vtab **base, char **error)
{
	const char *kind = known_kind(argc, argv);
	struct table *table;
	char *sql;
	int rc;

	(void)arg;
	if (kind == NULL) {
		*error =
		    sqlite3_mprintf("brink_sample makes temporary tables of a kind of "
				    "samples alone");
		return SQLITE_ERROR;
	}
	table = sqlite3_malloc64(sizeof(*table));
	if (table == NULL)
		return SQLITE_NOMEM;
	*table = (struct table){ .db = db, .kind = kind };
	sql = declaration(table);
	if (table->columns < KEY_COLUMNS || table->columns > BLOCK_COLUMNS_MAX) {
		*error =
		    sqlite3_mprintf("there are no samples of kind \"%s\"", table->kind);
		rc = SQLITE_ERROR;
	} else if ((table->cache = block_cache_new(BLOCK_OF(table->columns))) == NULL)
		rc = SQLITE_NOMEM;
	else
		rc = sqlite3_declare_vtab(db, sql);
	sqlite3_free(sql);
	if (rc != SQLITE_OK) {
		table_disconnect(&table->base);
		return rc;
	}
	sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	*base = &table->base;
	return SQLITE_OK;
}

/* How a constraint bounds its column: text of two letters in idxStr for each argument of
 * table_filter(), the column's digit and one of these. */
static char
bound_letter(unsigned char op)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
		return '=';
	case SQLITE_INDEX_CONSTRAINT_GT:
	case SQLITE_INDEX_CONSTRAINT_GE:
		return '>';
	case SQLITE_INDEX_CONSTRAINT_LT:
	case SQLITE_INDEX_CONSTRAINT_LE:
		return '<';
	default:
		return '\0';
	}
}

/* Few rows where the run and the tick are given, as in the table's own key. */
static int
table_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
	static const double share[KEY_COLUMNS] = { 1e-2, 1e-5, 5e-2 };
	sqlite3_str *plan = sqlite3_str_new(NULL);
	double rows = 1e8;
	int arguments = 0;

	(void)base;
	for (int i = 0; i < info->nConstraint; i++) {
		int column = info->aConstraint[i].iColumn;
		char letter = bound_letter(info->aConstraint[i].op);

		if (!info->aConstraint[i].usable || column < 0 || column >= KEY_COLUMNS ||
		    letter == '\0')
			continue;
		info->aConstraintUsage[i].argvIndex = ++arguments;
		sqlite3_str_appendf(plan, "%d%c", column, letter);
		rows *= letter == '=' ? share[column] : 0.3;
	}
	info->estimatedRows = (sqlite3_int64)rows + 1;
	info->estimatedCost = rows + 10;
	info->idxStr = sqlite3_str_finish(plan);
	info->needToFreeIdxStr = info->idxStr != NULL;
	return SQLITE_OK;
}

static int
table_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct cursor *cursor = sqlite3_malloc64(sizeof(*cursor));

	(void)base;
	if (cursor == NULL)
		return SQLITE_NOMEM;
	*cursor = (struct cursor){ .end = true };
	*out = &cursor->base;
	return SQLITE_OK;
}

static void
leave_block(struct cursor *cursor)
{
	if (cursor->here != NULL)
		cached_block_leave(cursor->here);
	cursor->here = NULL;
}

static int
table_close(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	leave_block(cursor);
	sqlite3_finalize(cursor->rows);
	sqlite3_finalize(cursor->packed);
	sqlite3_free(cursor);
	return SQLITE_OK;
}

/* Enters the block that the statement stands on, unpacked. */
static int
enter_block(struct cursor *cursor)
{
	struct table *table = (struct table *)cursor->base.pVtab;
	const struct block_key key = {
		.id = sqlite3_column_int64(cursor->packed, 0),
		.run_id = sqlite3_column_int64(cursor->packed, 1),
		.first_tick = sqlite3_column_int64(cursor->packed, 2),
	};

	cursor->here = block_cache_take(table->cache, &key);
	if (cursor->here == NULL)
		return SQLITE_NOMEM;
	if (!cached_block_holds(cursor->here, &key) &&
	    cached_block_fill(cursor->here, &key, sqlite3_column_blob(cursor->packed, 3),
			      (size_t)sqlite3_column_bytes(cursor->packed, 3)) == -1) {
		leave_block(cursor);
		return fail(table, "a packed block is damaged");
	}
	cursor->run_id = key.run_id;
	cursor->at = 0;
	return SQLITE_OK;
}

/* The first row of the block not before (subject, tick), which it is sorted by. */
static size_t
find_row(const struct block *block, sqlite3_int64 subject, sqlite3_int64 tick)
{
	size_t low = 0, high = block->rows;

	while (low < high) {
		size_t middle = (low + high) / 2;
		int64_t there = block_value(block, BLOCK_OF(COLUMN_SUBJECT), middle);

		if (there < subject ||
		    (there == subject &&
		     block_value(block, BLOCK_OF(COLUMN_TICK), middle) < tick))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Moves to the next row of the block, from the present one on, that is wanted. */
static bool
seek_in_block(struct cursor *cursor)
{
	const struct range *tick = &cursor->key[COLUMN_TICK];
	const struct range *subject = &cursor->key[COLUMN_SUBJECT];

	const struct block *block = cursor->here->block;

	while (cursor->at < block->rows) {
		sqlite3_int64 s =
		    block_value(block, BLOCK_OF(COLUMN_SUBJECT), cursor->at);
		sqlite3_int64 t = block_value(block, BLOCK_OF(COLUMN_TICK), cursor->at);

		if (s > subject->high)
			return false;
		if (s >= subject->low && t >= tick->low && t <= tick->high)
			return true;
		if (s < subject->low)
			cursor->at = find_row(block, subject->low, tick->low);
		else if (t < tick->low)
			cursor->at = find_row(block, s, tick->low);
		else if (s == INT64_MAX)
			return false;
		else
			cursor->at = find_row(block, s + 1, tick->low);
	}
	return false;
}

/* The blocks of one run come in the order of their ticks. */
static int
seek_packed(struct cursor *cursor)
{
	while (cursor->here == NULL || !seek_in_block(cursor)) {
		leave_block(cursor);
		int rc = sqlite3_step(cursor->packed);
		bool late = rc == SQLITE_ROW && sqlite3_column_int64(cursor->packed, 2) >
						    cursor->key[COLUMN_TICK].high;

		if (rc == SQLITE_DONE || (late && cursor->one_run)) {
			cursor->end = true;
			sqlite3_reset(cursor->packed);
			return SQLITE_OK;
		}
		if (rc == SQLITE_ROW)
			rc = late ? SQLITE_OK : enter_block(cursor);
		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

static int
seek_rows(struct cursor *cursor)
{
	int rc = sqlite3_step(cursor->rows);

	if (rc == SQLITE_ROW)
		return SQLITE_OK;
	sqlite3_reset(cursor->rows);
	if (rc != SQLITE_DONE)
		return rc;
	cursor->in_rows = false;
	return seek_packed(cursor);
}

static int
table_next(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	cursor->number++;
	if (cursor->in_rows)
		return seek_rows(cursor);
	cursor->at++;
	return seek_packed(cursor);
}

static void
narrow(struct range *range, char letter, sqlite3_value *value)
{
	sqlite3_int64 bound;

	/* '1' is 1 to a column of integers. A bound of another type leaves it to SQLite, which
	 * looks at each row again. */
	if (sqlite3_value_numeric_type(value) != SQLITE_INTEGER)
		return;
	bound = sqlite3_value_int64(value);
	if (letter != '<' && bound > range->low)
		range->low = bound;
	if (letter != '>' && bound < range->high)
		range->high = bound;
}

static int
prepare(struct cursor *cursor, sqlite3_stmt **s, const char *format)
{
	struct table *table = (struct table *)cursor->base.pVtab;
	char *sql = sqlite3_mprintf(format, table->kind);
	int rc = SQLITE_NOMEM;

	if (sql != NULL)
		rc = sqlite3_prepare_v2(table->db, sql, -1, s, NULL);
	sqlite3_free(sql);
	if (rc != SQLITE_OK)
		fail(table, sqlite3_errmsg(table->db));
	return rc;
}

/* ?1 and ?2: runs, ?3 and ?4: ticks, ?5 and ?6: subjects. */
static int
prepare_both(struct cursor *cursor)
{
	int rc;

	sqlite3_finalize(cursor->rows);
	sqlite3_finalize(cursor->packed);
	cursor->rows = cursor->packed = NULL;
	rc = prepare(cursor, &cursor->rows,
		     cursor->one_run
			 ? "SELECT * FROM main.%s_sample WHERE run_id = ?1"
			   " AND tick BETWEEN ?3 AND ?4 AND subject BETWEEN ?5 AND ?6"
			 : "SELECT * FROM main.%s_sample WHERE run_id BETWEEN ?1 AND ?2"
			   " AND tick BETWEEN ?3 AND ?4 AND subject BETWEEN ?5 AND ?6");

	if (rc != SQLITE_OK)
		return rc;
	return prepare(cursor, &cursor->packed,
		       cursor->one_run
			   ? "SELECT rowid, run_id, first_tick, block FROM main.packed"
			     " WHERE kind = %Q AND run_id = ?1 AND last_tick >= ?3"
			     " ORDER BY last_tick"
			   : "SELECT rowid, run_id, first_tick, block FROM main.packed"
			     " WHERE kind = %Q AND run_id BETWEEN ?1 AND ?2"
			     " AND last_tick >= ?3");
}

static void
bind_both(struct cursor *cursor)
{
	sqlite3_stmt *const both[] = { cursor->rows, cursor->packed };

	for (size_t i = 0; i < 2; i++) {
		sqlite3_reset(both[i]);
		for (int c = 0; c < KEY_COLUMNS; c++) {
			sqlite3_bind_int64(both[i], 2 * c + 1, cursor->key[c].low);
			sqlite3_bind_int64(both[i], 2 * c + 2, cursor->key[c].high);
		}
	}
}

static int
table_filter(sqlite3_vtab_cursor *base, int number, const char *plan, int argc,
	     sqlite3_value **argv)
{
	struct cursor *cursor = (struct cursor *)base;
	bool one_run;
	int rc;

	(void)number;
	leave_block(cursor);
	for (int c = 0; c < KEY_COLUMNS; c++)
		cursor->key[c] = WHOLE;
	for (int i = 0; i < argc; i++)
		narrow(&cursor->key[plan[2 * i] - '0'], plan[2 * i + 1], argv[i]);
	one_run = cursor->key[COLUMN_RUN].low == cursor->key[COLUMN_RUN].high;
	if (cursor->packed == NULL || cursor->one_run != one_run) {
		cursor->one_run = one_run;
		rc = prepare_both(cursor);
		if (rc != SQLITE_OK)
			return rc;
	}
	bind_both(cursor);
	cursor->end = false;
	cursor->in_rows = true;
	cursor->number = 1;
	return seek_rows(cursor);
}

static int
table_eof(sqlite3_vtab_cursor *base)
{
	return ((struct cursor *)base)->end;
}

static int
table_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
	struct cursor *cursor = (struct cursor *)base;

	if (cursor->in_rows)
		sqlite3_result_value(context, sqlite3_column_value(cursor->rows, column));
	else if (column == COLUMN_RUN)
		sqlite3_result_int64(context, cursor->run_id);
	else if (block_known(cursor->here->block, BLOCK_OF(column), cursor->at))
		sqlite3_result_int64(context, block_value(cursor->here->block,
							  BLOCK_OF(column), cursor->at));
	return SQLITE_OK;
}

static int
table_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
	*rowid = ((struct cursor *)base)->number;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.iVersion = 1,
	.xCreate = table_connect,
	.xConnect = table_connect,
	.xBestIndex = table_best_index,
	.xDisconnect = table_disconnect,
	.xDestroy = table_disconnect,
	.xOpen = table_open,
	.xClose = table_close,
	.xFilter = table_filter,
	.xNext = table_next,
	.xEof = table_eof,
	.xColumn = table_column,
	.xRowid = table_rowid,
};

int
packed_table_register(sqlite3 *db)
{
	return sqlite3_create_module_v2(db, "brink_sample", &module, NULL, NULL);
}

void
packed_table_unregister(sqlite3 *db)
{
	sqlite3_create_module_v2(db, "brink_sample", NULL, NULL, NULL);
}
