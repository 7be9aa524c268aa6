#include "store/tag.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static struct db_statement *
prepare(struct db *db, const char *sql, int64_t run_id, const char *name)
{
	struct db_statement *s = db_prepare(db, sql);

	if (s == NULL)
		return NULL;
	db_bind_int(s, 1, run_id);
	if (name != NULL)
		db_bind_text(s, 2, name);
	return s;
}

int
tag_put(struct db *db, int64_t run_id, const char *tag)
{
	size_t length = strcspn(tag, "=");
	char *name = strndup(tag, length);
	struct db_statement *s;
	int rc;

	if (name == NULL)
		fatal("cannot hold the name of a tag");
	s = prepare(db,
		    "INSERT INTO tag (run_id, name, value)"
		    " VALUES (?1, ?2, coalesce(?3, ''))"
		    " ON CONFLICT DO UPDATE SET value = coalesce(?3, value)",
		    run_id, name);
	free(name);
	if (s == NULL)
		return -1;
	db_bind_text(s, 3, tag[length] == '=' ? tag + length + 1 : NULL);
	rc = db_run(s);
	db_finish(s);
	return rc;
}

int
tag_remove(struct db *db, int64_t run_id, const char *name)
{
	struct db_statement *s =
	    prepare(db, "DELETE FROM tag WHERE run_id = ?1 AND name = ?2 RETURNING 1",
		    run_id, name);
	int removed;

	if (s == NULL)
		return -1;
	removed = db_step(s);
	if (removed == 1 && db_run(s) == -1)
		removed = -1;
	db_finish(s);
	return removed;
}

struct db_statement *
tag_list(struct db *db, int64_t run_id)
{
	return prepare(db, "SELECT name, value FROM tag WHERE run_id = ?1 ORDER BY name",
		       run_id, NULL);
}
