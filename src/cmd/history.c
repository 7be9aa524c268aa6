#include "cmd/history.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/analyse.h"
#include "base/log.h"
#include "store/disk_reserve.h"
#include "store/run.h"

static int
analyse_interrupted(struct db *db, int64_t run_id, void *arg)
{
	(void)arg;
	return history_analyse(db, run_id);
}

int
history_analyse(struct db *db, int64_t run_id)
{
	disk_reserve_drop(db_path(db), run_id);
	return analyse_run(db, run_id);
}

int
history_reap(struct db *db)
{
	return run_reap(db, analyse_interrupted, NULL);
}

int
history_open(struct history *history, const char *path)
{
	*history = (struct history){
		.path = path != NULL ? strdup(path) : db_default_path(),
	};
	if (history->path == NULL)
		fatal("cannot hold the name of the database");
	history->writable = access(history->path, W_OK) == 0;
	history->db =
	    db_open(history->path, history->writable ? DB_WRITE : DB_READ, stderr);
	if (history->db == NULL)
		return -1;
	/* What cannot be finished now is shown as it is. */
	if (history->writable && history_reap(history->db) == -1)
		log_warnx("interrupted runs could not be analysed: %s",
			  db_error(history->db));
	return 0;
}

void
history_close(struct history *history)
{
	db_close(history->db);
	free(history->path);
}

void
history_analyse_late(const struct history *history, int64_t run_id)
{
	int64_t is_late =
	    db_query_int(history->db,
			 "SELECT state = 'recorded' OR (state = 'interrupted'"
			 " AND NOT EXISTS (SELECT 1 FROM finding AS f"
			 " WHERE f.run_id = r.run_id))"
			 " FROM run AS r WHERE run_id = ?1",
			 run_id, 0);

	if (is_late && history->writable && !run_is_held(history->db, run_id) &&
	    history_analyse(history->db, run_id) == -1)
		log_warnx("run %lld cannot be analysed: %s", (long long)run_id,
			  db_error(history->db));
}
