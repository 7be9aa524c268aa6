#include "analyse/tracked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"

static const char subjects_sql[] =
    "SELECT s.kind, s.subject, s.name FROM subject s"
    " LEFT JOIN process p ON s.kind = 'process' AND p.run_id = s.run_id"
    " AND p.process_id = s.subject"
    " WHERE s.run_id = ?1 AND NOT (s.kind = 'cgroup' AND s.subject > 0)"
    " AND (s.kind IN ('host', 'netns', 'cgroup', 'group')"
    " OR (p.role IN ('acceptor', 'target') AND p.from_us <= %lld AND coalesce(p.to_us, "
    "%lld) >= %lld))"
    " ORDER BY s.kind, s.subject";

struct subject_row {
	char kind[16], name[FACTS_NAME];
	int64_t subject;
};

static void
fill_subject(struct db_statement *s, void *row)
{
	struct subject_row *subject = row;

	db_text_copy(s, 0, subject->kind, sizeof(subject->kind));
	subject->subject = db_int(s, 1);
	db_text_copy(s, 2, subject->name, sizeof(subject->name));
}

static int
follow(const struct facts *f, const struct resource *resource,
       const struct subject_row *subject,
       int (*each)(const struct facts *, const struct tracked *, const struct series *,
		   void *),
       void *arg)
{
	struct tracked tracked = { .resource = resource,
				   .kind = subject_kind_name(resource->subject),
				   .subject = subject->subject };
	struct series series;
	int error;

	strlcpy(tracked.name, subject->name, sizeof(tracked.name));
	error = series_load(&series, f, tracked.kind, subject->subject, resource->name);
	if (error == 0 && series.count > 0)
		error = each(f, &tracked, &series, arg);
	series_free(&series);
	return error;
}

int
tracked_each(const struct facts *f,
	     int (*each)(const struct facts *, const struct tracked *,
			 const struct series *, void *),
	     void *arg)
{
	struct rows rows = { 0 };
	const struct subject_row *subjects;
	long long from_us = f->from_us, load_end_us = facts_load_end(f);
	char sql[sizeof(subjects_sql) + 64];
	int error;

	/* Of those that followed each other in a slot, the one that met the load. */
	snprintf(sql, sizeof(sql), subjects_sql, load_end_us, load_end_us, from_us);
	error = rows_load(&rows, sizeof(*subjects), f->db, sql, f->run_id, NULL,
			  fill_subject);
	subjects = rows.data;
	for (size_t i = 0; i < rows.count && error == 0; i++)
		for (size_t k = 0; k < resource_count && error == 0; k++)
			if (resources[k].resolution != 0 &&
			    strcmp(subject_kind_name(resources[k].subject),
				   subjects[i].kind) == 0)
				error = follow(f, &resources[k], &subjects[i], each, arg);
	free(rows.data);
	return error;
}
