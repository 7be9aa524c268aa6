#include "store/sample_schema.h"

#include <stdio.h>
#include <string.h>

#include "model/resource.h"

static void
write_columns(FILE *out, const char *kind, size_t length)
{
	for (size_t i = 0; i < resource_count; i++) {
		const char *name = subject_kind_name(resources[i].subject);

		if (strlen(name) == length && strncmp(name, kind, length) == 0)
			fprintf(out, "  %s INTEGER, -- %s\n", resources[i].name,
				resources[i].help);
	}
}

static void
write_select(FILE *out, enum subject_kind kind)
{
	const char *name = subject_kind_name(kind);
	size_t count;
	const struct resource *of = resource_of(kind, &count);

	fputs("SELECT\n"
	      "  x.run_id, t.t_us / 1e6 AS t_s, s.name AS subject, r.name AS resource,\n"
	      "  CASE r.name\n",
	      out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "    WHEN '%s' THEN x.%s\n", of[i].name, of[i].name);
	fprintf(out,
		"  END AS value,\n"
		"  r.unit, r.kind, x.tick, x.subject AS subject_id\n"
		"FROM %s_sample AS x\n"
		"JOIN tick AS t ON t.run_id = x.run_id AND t.tick = x.tick\n"
		"JOIN subject AS s ON s.run_id = x.run_id AND s.kind = '%s'"
		" AND s.subject = x.subject\n"
		"JOIN resource AS r ON r.kind = '%s'",
		name, name, name);
}

static void
write_samples(FILE *out)
{
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++) {
		write_select(out, (enum subject_kind)kind);
		fputs(kind == SUBJECT_KINDS - 1 ? ";\n" : "\nUNION ALL\n", out);
	}
}

char *
sample_schema_expand(const char *sql)
{
	static const char columns[] = "-- @columns ", samples[] = "-- @samples\n";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	while (*sql != '\0') {
		size_t length = strcspn(sql, "\n"), key = strlen(columns);

		if (strncmp(sql, columns, key) == 0)
			write_columns(out, sql + key, length - key);
		else if (strncmp(sql, samples, strlen(samples)) == 0)
			write_samples(out);
		else
			fprintf(out, "%.*s\n", (int)length, sql);
		sql += length + (sql[length] == '\n');
	}
	return fclose(out) == 0 ? text : NULL;
}
