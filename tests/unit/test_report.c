#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "made_run.h"
#include "store/db_handle.h"
#include "report/amount.h"
#include "report/findings.h"
#include "report/report.h"
#include "report/section.h"
#include "report/table.h"

/* That run with the counts at its end, analysed. */
static void
begin_broken(struct made_run *made)
{
	made_run_broken(made, 505);
	made_sql(made,
		 "INSERT INTO worker_total VALUES (1, 'acceptor 0', 0, 0, 505, 0, 505,"
		 " 0, 0, 0, 0, 0, 0, 0, 0, 0, 'acceptor', 0), (1, 'forker 0', 2000, "
		 "2000, 0, 505, 2000, 0,"
		 " 0, 3, 0, 0, 0, 0, 0, 0, 'forker', 0)");
	made_analyse(made);
}

static char *
render(struct made_run *made, const char *format, bool colour)
{
	struct report_options options = { .colour = colour };
	struct findings findings;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(findings_load(&findings, made->db, made->run_id), 0);
	for (size_t i = 0; i < report_writer_count; i++)
		if (strcmp(report_writers[i].name, format) == 0)
			report_writers[i].write(&findings, &options, out);
	findings_free(&findings);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void
text_says_what_gave_way(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	text = render(&made, "text", false);
	assert_has(text, "run 1 · 2,000 clients at 1,000/s · 1 acceptor, 1 forker ·"
			 " host bench-3, Linux 6.18.44\n");
	assert_has(text, "\nBROKE at 505 held, 505 ms after the first attempt\n");
	assert_has(text,
		   "  limit     open files of acceptor 0: 512 of 512 (RLIMIT_NOFILE)"
		   "   proven: acceptor-nofile\n");
	assert_has(text,
		   "  counts    506 attempted, 506 established, 505 accepted, 505 served"
		   " at that instant\n");
	assert_has(text, "  evidence  accept4() → EMFILE of acceptor 0, 480 times, first"
			 " with 506 held, at 3.505 s\n");
	assert_has(text,
		   "            open files of acceptor 0: 512 of 512, at 3.505 s\n");
	assert_has(text,
		   "  side      server. The client side kept its schedule: 2,000 of 2,000"
		   " slots, 0 missed\n");
	assert_has(text, "Initial state\n");
	assert_has(text, "  acceptors  memory      rss_bytes     39.0 MiB\n");
	assert_has(text, "Progress\n");
	assert_has(text, "Resource breakdown (final against initial)\n");
	assert_has(text, "Recovery (times since the release)\n");
	assert_has(text,
		   "  1. acceptor-nofile: raise RLIMIT_NOFILE of the server: ulimit -n"
		   " 4096 in its shell, or LimitNOFILE=4096 in its systemd unit");
	assert_has(text, "accept queue of listener 0: at most 1,495 of 4,097\n");
	assert_null(strchr(text, '\033'));
	free(text);
	made_run_end(&made);
}

/* At --rate max there is no schedule that could be kept. */
/* Open files of a client are another limit than those of the acceptors, and come next; also
 * where the run broke in its first ramp, before any plateau. What the advice promises goes no
 * further than to there. */
static void
next_is_the_same_resource_of_others(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_broken(&made, 505);
	made_sql(
	    &made,
	    "UPDATE run SET plan = json_set(plan, '$.per-client', 2000, '$.forkers', 1);"
	    "INSERT INTO subject (run_id, kind, subject, name, role, slot)"
	    " VALUES (1, 'process', 9, 'client 0', 'client', 0);"
	    "INSERT INTO process (run_id, process_id, pid, role, slot, parent, from_us,"
	    " to_us, \"end\", code) VALUES (1, 9, 1009, 'client', 0, 1, 0, 20000000,"
	    " 'stopped', 15);"
	    "INSERT INTO process_sample (run_id, tick, subject, fds) SELECT 1, tick, 9,"
	    " held + 5 FROM worker_sample WHERE attempted_total IS NOT NULL;"
	    "INSERT INTO resource_limit VALUES (1, 'process', 9, 'fds', 805,"
	    " 'RLIMIT_NOFILE')");
	made_analyse(&made);
	assert_string_equal(made_row(&made, "SELECT count(*) FROM phase WHERE name IN"
					    " ('plateau', 'hold') AND from_us < 3505000"),
			    "0");
	text = render(&made, "text", false);
	assert_has(text,
		   "  next      with that raised: open files of client 0, at 800\n");
	assert_has(text,
		   " (moves the break from 505 to about 800 connections); next would be"
		   " open files of client 0, at 800 connections\n");
	free(text);
	made_run_end(&made);
}

static void
full_rate_has_no_schedule(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	made_sql(&made, "UPDATE run SET plan = json_set(plan, '$.rate', 0)");
	text = render(&made, "text", false);
	assert_has(text,
		   "  side      server. The server sets the pace at full rate: 2,000"
		   " of 2,000 slots, 0 missed\n");
	free(text);
	made_run_end(&made);
}

static void
a_forecast_is_in_the_unit_of_its_limit(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	made_sql(
	    &made,
	    "INSERT INTO forecast (run_id, made_at_us, made_at_held, rank, resource,"
	    " subject, limit_value, at_connections, low, high) VALUES (1, 90000000,"
	    " 500, 0, 'memory_bytes', 'cgroup', 83886080, 3837, 3690, 3956),"
	    " (1, 90000000, 500, 1, 'fds', 'acceptors', 40000, 39988, 39988, 39988)");
	text = render(&made, "markdown", false);
	assert_has(text, "| cgroup | 80.0 MiB | 3,837 |");
	assert_has(text, "| acceptors | 40,000 | 39,988 |");
	free(text);
	made_run_end(&made);
}

/* All sections of the classic leak report, the verdict first, whether or not there is something
 * to say. */
static void
markdown_has_every_section(void **state)
{
	static const char *const headings[] = {
		"# Run 1: night \\<1>\n",
		"\n## Verdict\n\n```text\nBROKE at 505 held",
		"\n## Plan\n\n| option | value |\n| --- | --- |\n",
		"\n## Environment\n\n- started: ",
		"\n## Initial state\n\n| subject | resource | in the store | initial |\n",
		"\n## Progress\n\n| time (s) | phase |",
		"\n## Resource breakdown (final against initial)\n\n| subject |",
		"\n## Cost of a connection\n\n| side |",
		"\n## Growth\n\n",
		"\n## Forecast\n\n| resource | subject | limit | met at |",
		"\n## Recovery (times since the release)\n\n| subject |",
		"\n## Ruled out\n\n- ",
		"\n## Recommendations\n\n- acceptor-nofile: raise RLIMIT_NOFILE",
		"\n## Baseline\n\nNo baseline run was named",
		"\n## Conclusion\n\n- broke at 505 connections: ",
	};
	struct made_run made;
	const char *at;
	char *text;

	(void)state;
	begin_broken(&made);
	made_sql(&made, "UPDATE run SET label = 'night <1>'");
	text = render(&made, "markdown", false);
	at = text;
	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
		const char *next = strstr(at, headings[i]);

		if (next == NULL)
			fail_msg("\"%s\" is not there in its order:\n%s", headings[i],
				 text);
		at = next;
	}
	assert_null(strstr(text, "\n\n\n"));
	free(text);
	made_run_end(&made);
}

static void
markdown_of_nothing_says_so(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "UPDATE run SET state = 'running', ended_us = NULL");
	text = render(&made, "markdown", false);
	assert_has(text, "\n## Growth\n\nNothing grew.\n");
	assert_has(text, "\n## Conclusion\n\n- not analysed yet\n");
	free(text);
	made_run_end(&made);
}

static void
cycles_have_a_table(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	made_sql(&made,
		 "INSERT INTO cycle VALUES (1, 1, 1, 2, 3, 'partial', 'x', NULL, 50000,"
		 " NULL, 60000000, 9, 9, 9, 9, 0, 0, 0, 0, 0);"
		 "INSERT INTO cycle_trend VALUES (1, 'group', 'rss_bytes', 'acceptors',"
		 " 3, 4096, 4000, 5000, 'leak')");
	text = render(&made, "text", false);
	assert_has(text, "\nCycles (times since the release)\n");
	assert_has(text, "partial           -   0.05 s        -  60.00 s\n");
	assert_has(text, "  memory of acceptors: leak, 4.0 KiB a cycle\n");
	free(text);
	text = render(&made, "json", false);
	assert_has(text, "\"per_cycle\"");
	free(text);
	made_run_end(&made);
}

static void
text_of_a_survivor(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	text = render(&made, "text", false);
	assert_has(text,
		   "\nSURVIVED: 2,000 of 2,000 connections held for 6.0 s, nothing gave"
		   " way\n");
	assert_has(
	    text, "\nRecommendations\n  1. set an alarm at 80 %: open files of acceptor 0"
		  " at 16,000 of 20,000, which is at about 15,994 connections\n");
	free(text);
	made_run_end(&made);
}

/* Another process writes as soon as the run itself was read. */
static int
write_meanwhile(unsigned trace, void *arg, void *statement, void *sql)
{
	struct made_run *made = arg;
	struct db *other;

	(void)sql;
	if (trace != SQLITE_TRACE_PROFILE || made->run_id == -1 ||
	    strstr(sqlite3_sql(statement), "FROM run ") == NULL)
		return 0;
	made->run_id = -1;
	other = db_open(made->path, DB_WRITE, stderr);
	assert_non_null(other);
	assert_int_equal(db_exec(other, "UPDATE run SET label = 'later';"
					"UPDATE worker_total SET accepted = 77"),
			 0);
	db_close(other);
	return 0;
}

/* Of a run that is being written no report is half of one moment and half of another. */
static void
findings_are_of_one_moment(void **state)
{
	struct made_run made;
	struct findings findings;
	int64_t run_id;

	(void)state;
	begin_broken(&made);
	run_id = made.run_id;
	sqlite3_trace_v2(db_handle(made.db), SQLITE_TRACE_PROFILE, write_meanwhile,
			 &made);
	assert_int_equal(findings_load(&findings, made.db, run_id), 0);
	assert_int_equal(made.run_id, -1);
	assert_null(findings.run.label);
	assert_int_equal(findings.workers[0].accepted, 505);
	assert_true(findings.workers[0].share == 1);
	findings_free(&findings);
	assert_int_equal(findings_load(&findings, made.db, run_id), 0);
	assert_int_equal(findings.workers[0].accepted, 77);
	assert_string_equal(findings.run.label, "later");
	findings_free(&findings);
	made.run_id = run_id;
	made_run_end(&made);
}

/* Where a format has a section, the others have it under the same heading. */
static void
every_format_has_the_same_headings(void **state)
{
	static const char *const formats[] = { "text", "markdown" };
	static const char *const headings[] = {
		"Initial state",
		"Progress",
		"Cost of a connection",
		"Forecast",
		"Recovery (times since the release)",
		"Recommendations",
		"Ruled out",
		"Environment",
	};
	struct made_run made;

	(void)state;
	begin_broken(&made);
	for (size_t i = 0; i < 2; i++) {
		char *text = render(&made, formats[i], false);

		for (size_t k = 0; k < sizeof(headings) / sizeof(headings[0]); k++) {
			char heading[128];

			snprintf(heading, sizeof(heading), "\n%s%s\n",
				 i == 0 ? "" : "## ", headings[k]);
			assert_has(text, heading);
		}
		free(text);
	}
	made_run_end(&made);
}

/* As people name it everywhere, and once as the store does. */
static void
a_resource_has_one_name(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	text = render(&made, "text", false);
	assert_has(text, "\n  acceptors  open files ");
	assert_has(text, " of acceptors ");
	assert_null(strstr(text, "fds of acceptors"));
	for (const char *at = strstr(text, " fds "); at != NULL;) {
		at = strstr(at + 1, " fds ");
		assert_true(at == NULL || at < strstr(text, "\nProgress\n"));
	}
	free(text);
	text = render(&made, "json", false);
	assert_has(text,
		   "\"resource\": \"fds\",\n      \"display_name\": \"open files\"");
	free(text);
	made_run_end(&made);
}

/* What was never analysed, and has next to nothing, is written all the same. */
static void
text_of_a_run_that_goes_on(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;
	char *text;

	(void)state;
	model.state = "running";
	model.end_us = 0;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	text = render(&made, "text", false);
	assert_has(text, "RUNNING: not analysed yet\n");
	free(text);
	made_run_end(&made);
}

static void
colour_only_where_asked(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	text = render(&made, "text", true);
	assert_has(text, "\033[1;31mBROKE\033[0m at 505 held");
	free(text);
	made_run_end(&made);
}

static void
outside_texts_cannot_move_the_terminal(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	made_sql(&made, "UPDATE run SET label = 'über' || char(27) || '[2J' || char(155),"
			" command = 'brink' || char(10) || 'BROKE'");
	made_sql(&made, "UPDATE host SET name = char(7) || 'bell'");
	text = render(&made, "text", false);
	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\007'));
	assert_null(strstr(text, "\xc2\x9b"));
	assert_null(strstr(text, "brink\nBROKE"));
	free(text);
	made_run_end(&made);
}

/* JSON is read back by SQLite's own parser. */
static void
json_has_the_same_numbers(void **state)
{
	struct made_run made;
	char *text;
	struct db_statement *s;

	(void)state;
	begin_broken(&made);
	text = render(&made, "json", false);
	s = db_prepare(made.db,
		       "SELECT json_extract(?2, '$.run.outcome'), json_extract(?2, "
		       "'$.breaking_point.held'),"
		       " json_extract(?2, '$.findings[0].limit_id'),"
		       " json_extract(?2, '$.findings[0].evidence[1].limit_value'),"
		       " json_extract(?2, '$.funnel.established'), json_extract(?2, "
		       "'$.funnel.accepted'),"
		       " json_array_length(?2, '$.levels') = (SELECT count(*) FROM leak),"
		       " json_array_length(?2, '$.failures') WHERE ?1 = 1");
	assert_non_null(s);
	db_bind_int(s, 1, 1);
	db_bind_text(s, 2, text);
	assert_int_equal(db_step(s), 1);
	assert_string_equal(db_text(s, 0), "broke");
	assert_int_equal(db_int(s, 1), 505);
	assert_string_equal(db_text(s, 2), "acceptor-nofile");
	assert_int_equal(db_int(s, 3), 512);
	assert_int_equal(db_int(s, 4), 2000);
	assert_int_equal(db_int(s, 5), 505);
	assert_int_equal(db_int(s, 6), 1);
	assert_int_equal(db_int(s, 7), 1);
	db_finish(s);
	free(text);
	made_run_end(&made);
}

static void
progress_has_the_counts_that_count(void **state)
{
	struct findings findings;
	struct made_run made;
	bool broke = false;

	(void)state;
	begin_broken(&made);
	assert_int_equal(findings_load(&findings, made.db, made.run_id), 0);
	assert_in_range(findings.progress_count, PROGRESS_ROWS, PROGRESS_ROWS + 1);
	assert_int_equal(findings.progress[0].t_us, 0);
	assert_int_equal(findings.progress[findings.progress_count - 1].t_us, 20000000);
	for (size_t i = 0; i < findings.progress_count; i++) {
		broke |= findings.progress[i].t_us == 3600000;
		if (i > 0)
			assert_true(findings.progress[i].t_us >
				    findings.progress[i - 1].t_us);
	}
	assert_true(broke);
	findings_free(&findings);
	made_run_end(&made);
}

static void
exit_code_follows_the_outcome(void **state)
{
	static const struct {
		const char *outcome;
		int weak, code;
	} cases[] = {
		{ "broke", 0, 0 },        { "survived", 0, 0 }, { "crashed", 0, 0 },
		{ "inconclusive", 0, 3 }, { "failed", 0, 1 },   { "broke", 1, 4 },
	};
	struct findings findings;
	struct made_run made;

	(void)state;
	begin_broken(&made);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		made_sql(&made,
			 "UPDATE run SET outcome = '%s';"
			 "UPDATE finding SET weak = %d WHERE kind = 'verdict'",
			 cases[i].outcome, cases[i].weak);
		assert_int_equal(findings_load(&findings, made.db, made.run_id), 0);
		assert_int_equal(report_exit_code(&findings), cases[i].code);
		findings_free(&findings);
	}
	made_sql(&made, "UPDATE finding SET weak = 0");
	made_event(&made, 8000000, "disk-full", "recorder", "the disk is full");
	assert_int_equal(findings_load(&findings, made.db, made.run_id), 0);
	assert_int_equal(report_exit_code(&findings), 4);
	findings_free(&findings);
	made_run_end(&made);
}

static void
unknown_run_is_an_error(void **state)
{
	struct findings findings;
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_int_equal(findings_load(&findings, made.db, 99), -1);
	findings_free(&findings);
	made_run_end(&made);
}

static void
amounts_read_well(void **state)
{
	static const struct {
		enum unit unit;
		double value;
		const char *text;
	} cases[] = {
		{ UNIT_COUNT, 20000, "20,000" },  { UNIT_COUNT, 1.25, "1.25" },
		{ UNIT_COUNT, 1.0001, "1" },      { UNIT_COUNT, -3, "-3" },
		{ UNIT_COUNT, 1234.56, "1,235" }, { UNIT_BYTES, 4608, "4.5 KiB" },
	};
	char text[AMOUNT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(amount(cases[i].unit, cases[i].value, text),
				    cases[i].text);
	assert_string_equal(amount_time(-1, text), "-");
	assert_string_equal(amount_time(10013000, text), "10.013 s");
}

static void
table_aligns_columns(void **state)
{
	struct table table;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	table_begin(&table, "lrl");
	for (size_t i = 0; i < 6; i++)
		table_cell(
		    &table, "%s",
		    (const char *const[]){ "über", "1", "end", "a", "100", "" }[i]);
	table_end(&table, "  ", out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "  über    1  end\n  a     100\n");
	free(text);
}

/* Every column that a section asks for is one of its rows, and has a heading. */
static void
sections_have_their_columns(void **state)
{
	static const struct section *const sections[] = {
		&section_expectations, &section_initial, &section_progress,
		&section_resources,    &section_own,     &section_costs,
		&section_memory,       &section_growth,  &section_forecast,
		&section_recovery,     &section_cycles,  &section_recovery_cycles,
		&section_trends,       &section_latency, &section_ruled_out,
		&section_workers,      &section_limits,  &section_settings,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		for (size_t k = 0; k < section_columns(sections[i]); k++) {
			struct cell cell = section_cell(sections[i], k, NULL, NULL);

			assert_string_equal(cell.column->name,
					    sections[i]->columns[k].name);
			assert_non_null(cell.column->title);
		}
}

/* A column is called the same in all formats. */
static void
a_column_has_one_heading(void **state)
{
	struct made_run made;
	char *text, *markdown;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(&made, "UPDATE leak SET class = 'per-connection', pattern = 'linear'");
	text = render(&made, "text", false);
	markdown = render(&made, "markdown", false);
	assert_has(text, "  pattern  over time  95 % interval  chance\n");
	assert_null(strstr(text, "on connections"));
	assert_has(markdown, "| subject | resource | class | pattern | over time | 95 %"
			     " interval | chance |\n");
	assert_has(markdown, " | recovered | t50 | t90 | t99 | settled | residual |\n");
	free(markdown);
	free(text);
	made_run_end(&made);
}

/* What stayed as it was has no row, and is counted; what failed is in every format. */
static void
full_text_has_no_noise(void **state)
{
	struct made_run made;
	char *text, *markdown;

	(void)state;
	begin_broken(&made);
	made_sql(&made,
		 "UPDATE leak SET peak = base, final = base, leaked = 0, per_second = 0"
		 " WHERE resource <> 'fds'");
	text = render(&made, "text", false);
	markdown = render(&made, "markdown", false);
	assert_has(text, "other resources unchanged\n");
	assert_has(markdown, "other resources unchanged\n");
	assert_has(strstr(text, "Resource breakdown"), "  acceptors  open files ");
	assert_null(
	    strstr(strstr(text, "Resource breakdown"), "  acceptors  processes "));
	assert_has(text, "\nFailed calls\n  worker      call     error   times    first");
	assert_has(markdown, "\n## Failed calls\n\n| worker | call | error | times |");
	free(markdown);
	free(text);
	made_run_end(&made);
}

static size_t
count_lines(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		lines++;
	return lines;
}

static void
assert_narrow(const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		char *line = strndup(text, length);

		if (table_width(line) > 80)
			fail_msg("more than 80 columns: %s", line);
		free(line);
		text += length + (text[length] == '\n');
	}
}

static char *
render_summary(struct made_run *made)
{
	struct report_options options = { 0 };
	struct findings findings;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(findings_load(&findings, made->db, made->run_id), 0);
	report_summary(&findings, &options, out);
	findings_free(&findings);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
summary_answers_on_one_screen(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	begin_broken(&made);
	text = render_summary(&made);
	assert_narrow(text);
	assert_true(count_lines(text) <= 38);
	assert_has(text, "\nBROKE at 505 held, 505 ms after the first attempt\n");
	assert_has(text,
		   "  limit     open files of acceptor 0: 512 of 512 (RLIMIT_NOFILE)");
	assert_has(text, "  evidence  accept4() → EMFILE of acceptor 0, 480 times");
	assert_has(text, "  funnel    2,000 attempted, 2,000 established, 505 accepted,");
	assert_has(text, "  growth    ");
	assert_has(text, "  recovery  ");
	assert_has(text, "\nRecommendations\n  1. raise RLIMIT_NOFILE of the server");
	assert_has(text, "\nall tables: brink show --full 1\n");
	assert_null(strstr(text, "Initial state"));
	free(text);
	made_run_end(&made);
}

/* Whatever there is to say, it stays one screen, and one limit has one alarm. */
static void
summary_stays_one_screen(void **state)
{
	struct made_run made;
	char *text, *alarm;

	(void)state;
	begin_broken(&made);
	made_sql(&made, "UPDATE run SET label = printf('%%.300c', 'x');"
			"UPDATE finding SET text = text || printf('%%.150c', 'y') || ' '"
			" || printf('%%.150c', 'z');"
			"INSERT INTO finding (run_id, rank, kind, text, weak)"
			" SELECT 1, 100 + value, 'recommendation',"
			" 'set an alarm at 80 %%: open files of acceptor ' || value, 0"
			" FROM json_each('[0,1,2,3,4,5,6]')");
	made_sql(&made,
		 "WITH RECURSIVE n (value) AS (VALUES (0) UNION ALL SELECT value + 1"
		 " FROM n WHERE value < 60) INSERT INTO evidence (finding_id, seq, what)"
		 " SELECT (SELECT finding_id FROM finding WHERE kind = 'verdict'),"
		 " 50 + value, 'more of it' FROM n");
	text = render_summary(&made);
	assert_narrow(text);
	if (count_lines(text) > 40)
		fail_msg("more than 40 lines:\n%s", text);
	alarm = strstr(text, "set an alarm");
	assert_true(alarm == NULL || strstr(alarm + 1, "set an alarm") == NULL);
	assert_has(text, "more: brink show --full 1");
	free(text);
	made_run_end(&made);
}

/* What was not looked at yet is not said to be well. */
static void
summary_of_a_run_that_goes_on(void **state)
{
	struct made_model model = made_model_default;
	struct made_run made;
	char *text;

	(void)state;
	model.state = "running";
	model.end_us = 0;
	model.release_us = MADE_NEVER;
	made_run_begin(&made, &model);
	text = render_summary(&made);
	assert_has(text, "RUNNING: not analysed yet\n");
	assert_has(text, "  funnel    ");
	assert_null(strstr(text, "growth"));
	assert_null(strstr(text, "leak"));
	assert_null(strstr(text, "recovery"));
	free(text);
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_says_what_gave_way),
		cmocka_unit_test(next_is_the_same_resource_of_others),
		cmocka_unit_test(full_rate_has_no_schedule),
		cmocka_unit_test(a_forecast_is_in_the_unit_of_its_limit),
		cmocka_unit_test(markdown_has_every_section),
		cmocka_unit_test(markdown_of_nothing_says_so),
		cmocka_unit_test(cycles_have_a_table),
		cmocka_unit_test(text_of_a_survivor),
		cmocka_unit_test(findings_are_of_one_moment),
		cmocka_unit_test(every_format_has_the_same_headings),
		cmocka_unit_test(a_resource_has_one_name),
		cmocka_unit_test(text_of_a_run_that_goes_on),
		cmocka_unit_test(colour_only_where_asked),
		cmocka_unit_test(outside_texts_cannot_move_the_terminal),
		cmocka_unit_test(json_has_the_same_numbers),
		cmocka_unit_test(progress_has_the_counts_that_count),
		cmocka_unit_test(exit_code_follows_the_outcome),
		cmocka_unit_test(unknown_run_is_an_error),
		cmocka_unit_test(amounts_read_well),
		cmocka_unit_test(table_aligns_columns),
		cmocka_unit_test(sections_have_their_columns),
		cmocka_unit_test(a_column_has_one_heading),
		cmocka_unit_test(full_text_has_no_noise),
		cmocka_unit_test(summary_answers_on_one_screen),
		cmocka_unit_test(summary_stays_one_screen),
		cmocka_unit_test(summary_of_a_run_that_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
