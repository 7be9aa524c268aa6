#include "report/report.h"

#include "base/escape.h"

/* A family of samples. Each row that sql gives for run ?1 is one: its value, then labels,
 * named as the columns. A value that is NULL is left out. */
static const struct family {
	const char *name, *unit, *help, *sql; /* unit: NULL: none; it ends the name */
} families[] = {
	{ "brink_run_start_time_seconds", "seconds", "When the run began, Unix time.",
	  "SELECT epoch_s FROM v_run WHERE run_id = ?1" },
	{ "brink_run_duration_seconds", "seconds", "How long the run lasted.",
	  "SELECT duration_s FROM v_run WHERE run_id = ?1" },
	{ "brink_run_outcome", NULL, "How the run ended; always 1.",
	  "SELECT 1, coalesce(outcome, state) AS outcome FROM v_run WHERE run_id = ?1" },
	{ "brink_run_connections", NULL, "Connections that came to each stage.",
	  "SELECT sum(attempted), 'attempted' AS stage FROM v_funnel WHERE run_id = ?1"
	  " UNION ALL SELECT sum(established), 'established' FROM v_funnel WHERE run_id "
	  "= ?1"
	  " UNION ALL SELECT sum(accepted), 'accepted' FROM v_funnel WHERE run_id = ?1"
	  " UNION ALL SELECT sum(served), 'served' FROM v_funnel WHERE run_id = ?1"
	  " UNION ALL SELECT sum(failed), 'failed' FROM v_funnel WHERE run_id = ?1"
	  " UNION ALL SELECT sum(missed), 'missed' FROM v_funnel WHERE run_id = ?1" },
	{ "brink_run_held_peak", NULL, "The most connections held at a tick.",
	  "SELECT held_peak FROM v_run WHERE run_id = ?1" },
	{ "brink_run_break_held", NULL,
	  "Connections held when the run broke, and the limit that was met.",
	  "SELECT held, coalesce(limit_id, 'unexplained') AS limit_id, subject, side,"
	  " confidence, CAST(cycle AS TEXT) AS cycle FROM v_breaking_point"
	  " WHERE run_id = ?1" },
	{ "brink_run_break_time_seconds", "seconds",
	  "Time from the first attempt to the break.",
	  "SELECT since_attempt_s, CAST(cycle AS TEXT) AS cycle FROM v_breaking_point"
	  " WHERE run_id = ?1" },
	{ "brink_run_connection_cost_bytes", "bytes", "Memory that a connection takes.",
	  "SELECT bytes, side, CAST(cycle AS TEXT) AS cycle FROM v_cost_per_connection"
	  " WHERE run_id = ?1" },
	{ "brink_run_recovery_time_seconds", "seconds",
	  "Time from the release until 99 % was back.",
	  "SELECT t99_s, resource, subject, kind, CAST(cycle AS TEXT) AS cycle"
	  " FROM v_recovery WHERE run_id = ?1" },
	{ "brink_run_missed_ticks", NULL, "Sampling instants that are missing.",
	  "SELECT missed_ticks FROM v_run_health WHERE run_id = ?1" },
	{ "brink_run_lateness_seconds", "seconds", "The latest sample of the run.",
	  "SELECT late_max_us / 1e6 FROM v_run_health WHERE run_id = ?1" },
};

/* Escaped as the specification says; bytes that are not UTF-8 are replaced. */
static void
write_label(const char *name, const char *value, FILE *out)
{
	const unsigned char *s = (const unsigned char *)value;

	fprintf(out, "%s=\"", name);
	while (*s != '\0') {
		size_t length = *s < 0x80 ? 1 : utf8_length(s);

		if (length == 0)
			fputs(UTF8_REPLACEMENT, out);
		else if (*s == '\n')
			fputs("\\n", out);
		else if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else
			fwrite(s, 1, length, out);
		s += length > 0 ? length : 1;
	}
	fputc('"', out);
}

struct labelled {
	int64_t run_id;
	const char *label;
};

static void
write_sample(const struct family *family, const struct labelled *run,
	     struct db_statement *s, FILE *out)
{
	fprintf(out, "%s{run=\"%lld\",", family->name, (long long)run->run_id);
	write_label("label", run->label, out);
	for (int i = 1; i < db_columns(s); i++) {
		fputc(',', out);
		write_label(db_column_name(s, i), db_text(s, i), out);
	}
	fprintf(out, "} %.15g\n", db_real(s, 0));
}

static int
write_run(const struct family *family, struct db *db, int64_t run_id, FILE *out)
{
	struct db_statement *name =
	    db_prepare(db, "SELECT label FROM run WHERE run_id = ?1");
	struct db_statement *s = db_prepare(db, family->sql);
	int got = -1;

	if (s != NULL && name != NULL) {
		db_bind_int(name, 1, run_id);
		db_bind_int(s, 1, run_id);
		got = db_step(name);
	}
	if (got == 1) {
		struct labelled run = { run_id, db_text(name, 0) };

		while ((got = db_step(s)) == 1)
			if (!db_is_null(s, 0))
				write_sample(family, &run, s, out);
	}
	db_finish(s);
	db_finish(name);
	return got;
}

int
openmetrics_write(struct db *db, const int64_t *run_ids, size_t count, FILE *out)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct family *family = &families[i];

		fprintf(out, "# TYPE %s gauge\n", family->name);
		if (family->unit != NULL)
			fprintf(out, "# UNIT %s %s\n", family->name, family->unit);
		fprintf(out, "# HELP %s %s\n", family->name, family->help);
		for (size_t k = 0; k < count; k++)
			if (write_run(family, db, run_ids[k], out) == -1)
				return -1;
	}
	fputs("# EOF\n", out);
	return 0;
}
