#include "analyse/finding.h"

#include <string.h>

int
finding_begin(struct finding_writer *w, struct db *db, int64_t run_id, bool weak)
{
	*w = (struct finding_writer){ .db = db, .run_id = run_id, .weak = weak };
	w->finding = db_prepare(
	    db, "INSERT INTO finding (run_id, rank, kind, limit_id, subject, t_us, "
		"confidence,"
		" side, weak, text, rests_on)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
	w->evidence = db_prepare(
	    db, "INSERT INTO evidence (finding_id, seq, t_us, what, value, limit_value)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	if (w->finding != NULL && w->evidence != NULL)
		return 0;
	finding_end(w);
	return -1;
}

void
finding_end(struct finding_writer *w)
{
	db_finish(w->finding);
	db_finish(w->evidence);
	w->finding = w->evidence = NULL;
}

static void
bind_known(struct db_statement *s, int parameter, int64_t value)
{
	if (value >= 0)
		db_bind_int(s, parameter, value);
}

int
finding_add(struct finding_writer *w, const struct finding *finding)
{
	db_bind_int(w->finding, 1, w->run_id);
	db_bind_int(w->finding, 2, w->rank++);
	db_bind_text(w->finding, 3, finding->kind);
	db_bind_text(w->finding, 4, finding->limit_id);
	db_bind_text(w->finding, 5, finding->subject);
	bind_known(w->finding, 6, finding->t_us);
	db_bind_text(w->finding, 7, finding->confidence);
	db_bind_text(w->finding, 8, finding->side);
	db_bind_int(w->finding, 9, w->weak && strcmp(finding->kind, "verdict") == 0);
	db_bind_text(w->finding, 10, finding->text);
	if (strcmp(finding->kind, "recommendation") == 0)
		db_bind_int(w->finding, 11, finding->rests_on);
	if (db_run(w->finding) == -1)
		return -1;
	w->finding_id = db_last_id(w->db);
	w->seq = 0;
	return 0;
}

int64_t
finding_last(const struct finding_writer *w)
{
	return w->rank - 1;
}

int
finding_prove(struct finding_writer *w, const struct proof *proof)
{
	db_bind_int(w->evidence, 1, w->finding_id);
	db_bind_int(w->evidence, 2, w->seq++);
	bind_known(w->evidence, 3, proof->t_us);
	db_bind_text(w->evidence, 4, proof->what);
	bind_known(w->evidence, 5, proof->value);
	bind_known(w->evidence, 6, proof->limit);
	return db_run(w->evidence);
}
