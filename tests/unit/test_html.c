#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <resolv.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <cmocka.h>

#include "skip.h"

#include "base/embed.h"
#include "made_run.h"
#include "report/frame.h"
#include "report/report.h"
#include "report/html_page.h"

static char *
render(struct made_run *made)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(html_report(out, made->db, &made->run_id, 1), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not there", part);
}

/* The text between begin and the first end behind it; the caller frees it. */
static char *
between(const char *text, const char *begin, const char *end)
{
	const char *from = strstr(text, begin), *to;
	char *part;

	assert_non_null(from);
	from += strlen(begin);
	to = strstr(from, end);
	assert_non_null(to);
	part = strndup(from, (size_t)(to - from));
	assert_non_null(part);
	return part;
}

static void
outside_texts_are_text(void **state)
{
	static const struct {
		const char *text, *html;
	} cases[] = {
		{ "plain · ünï", "plain · ünï" },
		{ "</script><img src=x onerror='a'>",
		  "&lt;/script&gt;&lt;img src=x onerror=&#39;a&#39;&gt;" },
		{ "\"&`", "&quot;&amp;&#96;" },
		{ "a\xff"
		  "b\xc3",
		  "a\xef\xbf\xbd"
		  "b\xef\xbf\xbd" },
		{ "\x01\x7f\xc2\x9b", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "a\xe2\x80\xae"
		  "b",
		  "a\xef\xbf\xbd"
		  "b" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ NULL, "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = NULL;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		assert_non_null(out);
		html_text(out, cases[i].text);
		assert_int_equal(fclose(out), 0);
		assert_string_equal(text, cases[i].html);
		free(text);
	}
}

static void
verdict_comes_first(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	text = render(&made);
	assert_has(text, "<h1><span class=\"outcome\">Broke</span> at 505 held"
			 " connections</h1>");
	assert_has(text, "id=\"verdict-text\">open files of acceptor 0: 512 of 512"
			 " (RLIMIT_NOFILE)</p>");
	assert_has(text, "data-outcome=\"broke\" data-limit=\"acceptor-nofile\""
			 " data-held=\"505\"");
	assert_true(strstr(text, "id=\"verdict\"") < strstr(text, "<svg"));
	free(text);
	made_run_end(&made);
}

/* The stages of a connection in a table and in the verdict: each with its own count. */
static void
every_stage_has_its_own_count(void **state)
{
	static const char *const rows[] = { "attempted|910|980", "established|820|870",
					    "accepted|730|760", "served|640|650" };
	struct made_run made;
	char *text, *table, stage[16], whole[8], broke[8];

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(&made,
		 "UPDATE breaking_point SET attempted = 980, established = 870,"
		 " accepted = 760, served = 650;"
		 "INSERT INTO worker_total VALUES (1, 'forker 0', 910, 820, 0, 640,"
		 " 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'forker', 0),"
		 " (1, 'acceptor 0', 0, 0, 730, 0, 0, 0,"
		 " 0, 0, 0, 0, 0, 0, 0, 0, 'acceptor', 0)");
	text = render(&made);
	assert_has(text, "980 attempted, 870 established, 760 accepted, 650 served");
	table = between(text, "id=\"funnel\"", "</section>");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *row, part[64];

		assert_int_equal(
		    sscanf(rows[i], "%15[^|]|%7[^|]|%7s", stage, whole, broke), 3);
		snprintf(part, sizeof(part), ">%s</", stage);
		row = between(table, part, "</tr>");
		snprintf(part, sizeof(part), ">%s<", whole);
		assert_has(row, part);
		snprintf(part, sizeof(part), ">%s<", broke);
		assert_has(row, part);
		free(row);
	}
	free(table);
	table = between(text, "<th scope=\"row\">acceptor 0</", "</tr>");
	assert_has(table, ">730<");
	free(table);
	free(text);
	made_run_end(&made);
}

/* A schedule is kept in time, not in count; what rate was had is said in any case. */
static void
the_rate_that_was_had_is_said(void **state)
{
	static const struct {
		int64_t behind_us; /* of each of two ramps of a second */
		const char *kept, *rate;
	} cases[] = {
		{ 0, "kept", ", 1,000/s of 1,000/s asked" },
		{ 9000, "kept", ", 991/s of 1,000/s asked" },
		{ 31000, "did not keep", ", 970/s of 1,000/s asked, late by 62 ms" },
		{ 3000000, "did not keep", ", 250/s of 1,000/s asked, late by 6.0 s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;
		char *text, part[192];

		made_run_begin(&made, &made_model_default);
		made_sql(&made,
			 "INSERT INTO worker_total VALUES (1, 'forker 0', 2000, 2000, 0,"
			 " 2000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'forker', 0);"
			 "UPDATE phase SET begun_us = (SELECT p.from_us + 999000 + %lld"
			 " FROM phase p WHERE p.seq = phase.seq - 1 AND p.name = 'ramp')",
			 (long long)cases[i].behind_us);
		made_analyse(&made);
		text = render(&made);
		snprintf(part, sizeof(part),
			 "The clients %s their schedule: 2,000 of 2,000 connections begun"
			 "%s<",
			 cases[i].kept, cases[i].rate);
		assert_has(text, part);
		free(text);
		made_run_end(&made);
	}
}

/* A run of three cycles is one run; a line joins the runs of one plan alone. */
static void
the_index_has_a_row_a_run_and_a_line_a_plan(void **state)
{
	struct made_run made;
	char *text = NULL;
	size_t size, rows = 0, lines = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(&made,
		 "INSERT INTO cycle (run_id, cycle, from_us, attempted, accepted) VALUES"
		 " (1, 1, 1, 600, 500), (1, 2, 2, 600, 500);"
		 "UPDATE cycle SET attempted = 600, accepted = 500;"
		 "INSERT INTO run (run_id, started_unix_us, ended_us, state, outcome, "
		 "label, plan,"
		 " command, version, host_id, boot_id, supervisor_pid, supervisor_start,"
		 " held_peak)"
		 " SELECT 2, started_unix_us, ended_us, state, outcome, label,"
		 " json_set(plan, '$.hold', 1), command, version, host_id, boot_id,"
		 " supervisor_pid, supervisor_start, 490 FROM run WHERE run_id = 1");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM v_history"), 2);
	assert_int_equal(
	    made_int(&made, "SELECT attempted FROM v_history WHERE run_id = 1"), 1800);
	assert_int_equal(html_index(out, made.db), 0);
	assert_int_equal(fclose(out), 0);
	assert_has(text, "<h1>2 runs</h1>");
	/* The plan changed once, in what is said of it, and is marked in the charts of both. */
	assert_has(text, "1 run from run 2 on: hold 3.0 s → 1 us</span>");
	assert_has(text, "<title>the plan changed: run 2</title>");
	/* A line of one run is no point that nobody sees. */
	assert_has(text, "h.8\"/>");
	assert_has(text, "<span class=\"badge\">3 cycles</span>");
	for (const char *p = text; (p = strstr(p, "<tr><th scope=\"row\"")) != NULL; p++)
		rows++;
	assert_int_equal(rows, 2);
	/* Of "most held", which both have. */
	for (const char *p = strstr(text, "id=\"title-1-held\"");
	     (p = strstr(p, "<path class=\"line")) != NULL &&
	     p < strstr(strstr(text, "id=\"title-1-held\""), "</svg>");
	     p++)
		lines++;
	assert_int_equal(lines, 2);
	free(text);
	made_run_end(&made);
}

/* Runs of different labels are no trend. */
static void
the_index_has_charts_for_each_label(void **state)
{
	static const char copy[] =
	    "INSERT INTO run (run_id, started_unix_us, ended_us, state, outcome, label,"
	    " plan, command, version, host_id, boot_id, supervisor_pid, supervisor_start,"
	    " held_peak) SELECT %d, started_unix_us, ended_us, state, '%s', '%s', plan,"
	    " command, version, host_id, boot_id, supervisor_pid, supervisor_start, 490"
	    " FROM run WHERE run_id = 1";
	struct made_run made;
	char *text = NULL, *first;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(&made, copy, 2, "survived", "b <2>");
	made_sql(&made, copy, 3, "survived", "b <2>");
	made_sql(&made, copy, 4, "survived", "alone");
	made_sql(&made, copy, 5, "interrupted", "b <2>");
	made_sql(&made, copy, 6, "survived", "a");
	made_sql(&made, copy, 7, "survived", "a");
	assert_int_equal(html_index(out, made.db), 0);
	assert_int_equal(fclose(out), 0);
	first = between(text, "<h3><bdi>a</bdi></h3>", "<h3><bdi>b &lt;2&gt;</bdi></h3>");
	assert_has(first, "2 runs from run 6 on");
	assert_has(first, "run-7.html");
	assert_null(strstr(first, "run-3.html"));
	free(first);
	first = between(text, "<h3><bdi>b &lt;2&gt;</bdi></h3>", "</section>");
	assert_has(first, "run-3.html");
	assert_null(strstr(first, "run-5.html"));
	assert_null(strstr(first, "<bdi>alone"));
	free(first);
	free(text);
	made_run_end(&made);
}

static void
the_side_is_held_against_a_schedule_that_there_was(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_broken(&made, 505);
	made_sql(&made,
		 "INSERT INTO worker_total VALUES (1, 'forker 0', 600, 600, 0, 505,"
		 " 600, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'forker', 0)");
	made_analyse(&made);
	text = render(&made);
	assert_has(text, "The clients kept their schedule: 600 of 600 connections begun");
	free(text);
	made_sql(&made, "UPDATE run SET plan = json_set(plan, '$.rate', 0)");
	text = render(&made);
	assert_has(text, "The server sets the pace at full rate: 600 of 600 connections");
	free(text);
	made_run_end(&made);
}

static void
growth_says_what_a_look_needs(void **state)
{
	struct made_run made;
	char *page, *text;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(
	    &made,
	    "UPDATE leak SET class = 'none', needed_s = 0, pattern = NULL;"
	    "UPDATE leak SET class = 'both', over_time = 1024, over_time_low = 1000,"
	    " over_time_high = 2048, trend_p = 0.001, per_connection = 512,"
	    " per_connection_low = 500, per_connection_high = 520,"
	    " pattern = 'bending up'"
	    " WHERE kind = 'group' AND subject = 'clients' AND resource = 'rss_bytes';"
	    "UPDATE leak SET class = 'inconclusive', over_time = NULL, needed_s = 42"
	    " WHERE kind = 'group' AND subject = 'acceptors' AND resource = 'fds'");
	page = render(&made);
	text = between(page, "<section id=\"growth\"", "</section>");
	/* What grows comes first. */
	assert_has(text,
		   "<tbody>\n<tr><th scope=\"row\">memory<span class=\"interval\">clients"
		   "</span></th><td><span class=\"badge "
		   "both\">both</span></td>"
		   "<td class=\"n\">512 B<span class=\"interval\">500 B .. 520 B</span>"
		   "</td><td>bending up</td><td class=\"n\">1.0 KiB/s<span"
		   " class=\"interval\">1000 B .. 2.0 KiB</span></td>"
		   "<td class=\"n\">0.001</td><td class=\"n\">–</td></tr>");
	assert_has(text, "<span class=\"badge inconclusive\">inconclusive</span>");
	assert_has(text, "<td class=\"n\">42.0 s</td></tr>");
	assert_has(text, "Nothing was found to leak.");
	free(text);
	free(page);
	made_run_end(&made);
}

static void
cycles_have_their_break_rest_and_trend(void **state)
{
	struct made_run made;
	char *page, *text;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	page = render(&made);
	assert_null(strstr(page, "id=\"cycles\""));
	free(page);
	made_sql(&made,
		 "INSERT INTO cycle VALUES (1, 1, 1, 2, 3, 'partial', 'memory: <1 KiB>',"
		 " NULL, 50000, NULL, 60000000, 9, 9, 9, 9, 0, 0, 0, 0, 0);"
		 "INSERT INTO cycle_trend VALUES (1, 'group', 'rss_bytes', 'acceptors',"
		 " 3, 4096, 4000, 5000, 'leak')");
	page = render(&made);
	text = between(page, "<section id=\"cycles\"", "</section>");
	assert_has(text, "<th scope=\"row\" class=\"n\">1</th><td class=\"n\">505</td>"
			 "<td>acceptor-nofile</td>");
	assert_has(text, "<th scope=\"row\" class=\"n\">2</th><td class=\"n\">–</td>"
			 "<td>–</td><td>partial</td><td class=\"n\">–</td>"
			 "<td class=\"n\">0.05 s</td><td class=\"n\">–</td>"
			 "<td class=\"n\">60.00 s</td><td>memory: &lt;1 KiB&gt;</td>");
	assert_has(text, "memory<span class=\"interval\">acceptors</span></th>"
			 "<td><span"
			 " class=\"badge leak\">leak</span></td><td class=\"n\">4.0 KiB"
			 "<span class=\"interval\">3.9 KiB .. 4.9 KiB</span></td>"
			 "<td class=\"n\">3</td>");
	free(text);
	text = between(page, "<ul class=\"tiles\">", "</ul>");
	assert_has(text, ">Partial</p>");
	assert_has(text, "memory: &lt;1 KiB&gt; (cycle 2, the least of 2)");
	assert_has(text, "open files (server)");
	free(text);
	free(page);
	made_run_end(&made);
}

/* What nobody needs to see is counted, and what few want to see is folded away. */
static void
tables_have_what_happened(void **state)
{
	struct made_run made;
	char *page, *text, *open;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(
	    &made,
	    "UPDATE leak SET peak = base, final = base, leaked = 0, per_second = 0,"
	    " class = 'none', needed_s = NULL WHERE resource <> 'fds';"
	    "INSERT INTO leak (run_id, cycle, kind, subject, resource, base, peak, final,"
	    " leaked, per_second, n) VALUES (1, 0, 'group', 'observers', 'fds', 1, 9, 9,"
	    " 8, 1, 5)");
	page = render(&made);
	text = between(page, "<section id=\"resources\"", "</section>");
	open = between(page, "<section id=\"resources\"", "<details>");
	assert_has(open, ">acceptors <code>fds</code></span>");
	assert_null(strstr(open, "rss_bytes"));
	assert_null(strstr(open, "observers"));
	assert_has(open, " other resources unchanged.</p>");
	assert_has(text, "<summary>What brink itself takes (1)</summary>");
	assert_has(text, ">observers <code>fds</code></span>");
	assert_has(text, "<summary>Process by process (");
	free(open);
	free(text);
	text = between(page, "<section id=\"growth\"", "</section>");
	assert_has(text, " other resources did not grow.</p>");
	free(text);
	free(page);
	made_run_end(&made);
}

static void
the_next_limit_is_in_sight(void **state)
{
	static const char forecast[] =
	    "INSERT INTO forecast (run_id, made_at_us, made_at_held, rank, resource,"
	    " subject, limit_value, at_connections, low, high) VALUES (1, 90000000, 500,"
	    " 0, 'fds', 'acceptor 0', 512, 505, 505, 505), (1, 90000000, 500, 1, 'held',"
	    " 'clients', 28232, 28232, 28232, 28232)";
	struct made_run made;
	char *page, *text;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	made_sql(&made, "DELETE FROM forecast");
	made_sql(&made, forecast);
	page = render(&made);
	text = between(page, "id=\"next-limit\"", "</p>");
	assert_has(text, "with that raised: ephemeral ports of clients, at about 28,232");
	assert_true(strstr(page, "id=\"next-limit\"") < strstr(page, "<svg"));
	free(text);
	free(page);
	made_run_end(&made);
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	made_sql(&made, "DELETE FROM forecast");
	made_sql(&made, forecast);
	page = render(&made);
	text = between(page, "id=\"next-limit\"", "</p>");
	assert_has(text, "Next limit: open files of acceptor 0, at about 505");
	free(text);
	free(page);
	made_run_end(&made);
}

/* Of several cycles the first tile that a reader sees must not be of the best. */
static void
the_tiles_show_the_cycle_that_recovered_least(void **state)
{
	static const struct {
		const char *first, *second, *shown;
	} cases[] = {
		{ "full", "partial", ">Partial</p>" },
		{ "none", "full", ">None</p>" },
		{ "full", "full", ">Full</p>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made_run made;
		char *page, *text;

		made_run_begin(&made, &made_model_default);
		made_analyse(&made);
		made_sql(&made,
			 "UPDATE cycle SET recovered = '%s';"
			 "INSERT INTO cycle (run_id, cycle, from_us, recovered)"
			 " VALUES (1, 1, 15000000, '%s')",
			 cases[i].first, cases[i].second);
		page = render(&made);
		text = between(page, "<ul class=\"tiles\">", "</ul>");
		assert_has(text, cases[i].shown);
		free(text);
		free(page);
		made_run_end(&made);
	}
}

/* Each cycle opens all connections anew, and holds no more of them for that. */
static void
the_tiles_show_what_was_held_at_once(void **state)
{
	struct made_run made;
	char *page, *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_analyse(&made);
	made_sql(&made, "UPDATE cycle SET attempted = 2000, established = 2000, lost = 0;"
			"INSERT INTO cycle (run_id, cycle, from_us, attempted,"
			" established, lost) VALUES (1, 1, 15000000, 2000, 2000, 0)");
	page = render(&made);
	text = between(page, "<ul class=\"tiles\">", "</ul>");
	assert_has(text, ">2,000</p><p class=\"of\">of 2,000 asked for</p>");
	free(text);
	free(page);
	made_run_end(&made);
}

static void
expectations_pass_or_fail(void **state)
{
	struct made_run made;
	char *page, *text;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	page = render(&made);
	assert_null(strstr(page, "id=\"expectations\""));
	free(page);
	made_sql(&made, "INSERT INTO expectation (run_id, seq, expression, figure, bound,"
			" value, value_low, value_high, passed) VALUES"
			" (1, 0, 'held >= 500', 'held', 500, 505, 505, 506, 1),"
			" (1, 1, 'held >= 600', 'held', 600, NULL, NULL, NULL, 0)");
	page = render(&made);
	text = between(page, "<section id=\"expectations\"", "</section>");
	assert_has(text, "badge pass\">pass</span></td><th scope=\"row\"><code>held &gt;="
			 " 500</code></th><td class=\"n\">505</td><td class=\"n\">505 .. "
			 "506</td>");
	assert_has(text, "badge FAIL\">FAIL</span></td><th scope=\"row\"><code>held &gt;="
			 " 600</code></th><td class=\"n\">not known</td>");
	free(text);
	free(page);
	made_run_end(&made);
}

static void
every_cycle_has_its_recovery_curves(void **state)
{
	struct made_run made;
	char *page, *chart;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	page = render(&made);
	assert_has(page, ">What was still taken after the release</h3>");
	assert_null(strstr(page, "id=\"chart-recovery-curves-2\""));
	free(page);
	made_sql(
	    &made,
	    "INSERT INTO cycle SELECT run_id, 1, from_us, release_us, to_us, recovered,"
	    " remains, settled_us, service_us, latency_us, ports_us, attempted,"
	    " established, accepted, served, failed, missed, transient, lost, released"
	    " FROM cycle;"
	    "INSERT INTO phase SELECT run_id, 99, 1, name, from_us + 1000000, to_us,"
	    " target, NULL FROM phase WHERE name = 'recovery';"
	    "CREATE TEMP TABLE again AS SELECT * FROM recovery;"
	    "UPDATE again SET cycle = 1;"
	    "DELETE FROM again WHERE resource = 'fds' AND subject = 'clients';"
	    "INSERT INTO recovery SELECT * FROM again");
	page = render(&made);
	assert_has(page, ">What was still taken after the release of cycle 1</h3>");
	chart = between(page, "id=\"chart-recovery-curves\"", "</figure>");
	assert_has(chart, "open files of clients");
	free(chart);
	chart = between(page, "id=\"chart-recovery-curves-2\"", "</figure>");
	assert_has(chart, ">What was still taken after the release of cycle 2</h3>");
	assert_has(chart, "open files of acceptors");
	assert_null(strstr(chart, "open files of clients"));
	/* Of its own cycle: from 0.2 s before the release on. */
	assert_has(chart, "<td class=\"n\">-0.2</td>");
	free(chart);
	free(page);
	made_run_end(&made);
}

static void
charts_say_what_they_leave_out(void **state)
{
	struct made_run made;
	char *page, *chart;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	page = render(&made);
	chart = between(page, "id=\"chart-acceptor-fds\"", "</figure>");
	assert_null(strstr(chart, "Drawn are"));
	free(chart);
	free(page);
	made_sql(&made, "WITH RECURSIVE n (i) AS (SELECT 90 UNION ALL SELECT i + 1 FROM n"
			" WHERE i < 98)"
			" INSERT INTO subject (run_id, kind, subject, name)"
			" SELECT 1, 'process', i, 'acceptor ' || i FROM n");
	page = render(&made);
	chart = between(page, "id=\"chart-acceptor-fds\"", "</figure>");
	assert_has(chart, "those that came highest.");
	free(chart);
	free(page);
	made_run_end(&made);
}

static void
same_store_gives_the_same_bytes(void **state)
{
	struct made_run made;
	char *first, *second;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	first = render(&made);
	second = render(&made);
	assert_string_equal(first, second);
	free(second);
	free(first);
	made_run_end(&made);
}

static void
assert_allowed(const char *page, const char *begin, const char *end)
{
	char *text = between(page, begin, end), base64[64], source[80];
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX hash;

	SHA256Init(&hash);
	SHA256Update(&hash, (const uint8_t *)text, strlen(text));
	SHA256Final(digest, &hash);
	assert_true(b64_ntop(digest, sizeof(digest), base64, sizeof(base64)) > 0);
	snprintf(source, sizeof(source), "'sha256-%s'", base64);
	assert_has(page, source);
	free(text);
}

static void
policy_allows_what_is_there(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_broken(&made, 505);
	made_analyse(&made);
	text = render(&made);
	assert_has(text, "content=\"default-src 'none';");
	assert_allowed(text, "<style>", "</style>");
	if (embedded_uplot_script[0] != '\0')
		assert_allowed(text, "<script>", "</script>");
	else
		assert_null(strstr(text, "<script"));
	free(text);
	made_run_end(&made);
}

/* What is in the data element, unpacked; the caller frees it. */
static unsigned char *
unpack(const char *page)
{
	char *base64 = between(page, "id=\"data\">", "</script>");
	size_t length = strlen(base64), room = 1 << 22;
	unsigned char *packed = malloc(length), *raw = malloc(room);
	z_stream z = { 0 };
	int size;

	assert_non_null(packed);
	assert_non_null(raw);
	size = b64_pton(base64, packed, length);
	assert_true(size > 18);
	/* RFC 1952: no name, no time. */
	assert_int_equal(packed[3], 0);
	assert_memory_equal(packed + 4, "\0\0\0\0", 4);
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	z.next_in = packed;
	z.avail_in = (unsigned)size;
	z.next_out = raw;
	z.avail_out = (unsigned)room;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(inflateEnd(&z), Z_OK);
	free(packed);
	free(base64);
	return raw;
}

static uint64_t
read_varint(const unsigned char **at)
{
	uint64_t value = 0;
	int shift = 0;

	for (; **at & 0x80; (*at)++, shift += 7)
		value |= (uint64_t)(**at & 0x7f) << shift;
	value |= (uint64_t) * (*at)++ << shift;
	return value;
}

/* Reads a column of values that are all known; the caller frees it. */
static int64_t *
read_column(const unsigned char **at, int64_t rows)
{
	int64_t *values = calloc((size_t)rows, sizeof(*values)), last = 0;

	assert_non_null(values);
	for (int64_t i = 0; i < rows; i++) {
		uint64_t value = read_varint(at);

		assert_true(value > 0);
		value--;
		last += (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
		values[i] = last;
	}
	return values;
}

/* The axis and the first column, held by the clients, are what the store has. */
static void
data_are_the_samples(void **state)
{
	struct made_run made;
	char *page;
	unsigned char *raw;
	const unsigned char *at;
	int64_t rows, *x, *held;

	(void)state;
	if (embedded_uplot_script[0] == '\0')
		skip_because("uPlot is not built in: the page has no data");
	made_run_broken(&made, 505);
	made_analyse(&made);
	page = render(&made);
	raw = unpack(page);
	at = raw + 4 + (raw[0] | raw[1] << 8 | raw[2] << 16 | raw[3] << 24);
	rows = made_int(&made, "SELECT count(*) FROM tick");
	x = read_column(&at, rows);
	assert_int_equal(*at++, 1);
	held = read_column(&at, rows);
	for (int64_t i = 0; i < rows; i += 17) {
		assert_int_equal(x[i], made_int(&made,
						"SELECT t_us FROM tick"
						" ORDER BY tick LIMIT 1 OFFSET %d",
						(int)i));
		assert_int_equal(held[i],
				 made_int(&made,
					  "SELECT held FROM v_progress WHERE tick ="
					  " (SELECT tick FROM tick ORDER BY tick"
					  " LIMIT 1 OFFSET %d)",
					  (int)i));
	}
	free(held);
	free(x);
	free(raw);
	free(page);
	made_run_end(&made);
}

static void
runs_without_samples_explain_themselves(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "DELETE FROM tick; DELETE FROM host_sample; DELETE FROM"
			" netns_sample; DELETE FROM group_sample; DELETE FROM"
			" worker_sample; DELETE FROM process_sample; DELETE FROM"
			" listener_sample; DELETE FROM cgroup_sample; DELETE FROM phase");
	text = render(&made);
	assert_has(text, "Not one sample was stored");
	assert_has(text, "there is nothing to draw");
	assert_null(strstr(text, "<script"));
	free(text);
	made_run_end(&made);
}

static const struct frame_want host_wants[] = {
	{ "host", "host", "files", FRAME_VALUE },
	{ "host", "host", "forks_total", FRAME_RATE },
	{ "host", "host", "slab_bytes+anon_bytes", FRAME_VALUE },
};

/* A run with so many samples of the host, ten a second, in the place of its own. */
static void
make_host(struct made_run *made, int ticks)
{
	made_run_begin(made, &made_model_default);
	made_sql(made, "DELETE FROM tick; DELETE FROM host_sample");
	made_sql(made,
		 "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
		 " WHERE i + 1 < %d)"
		 " INSERT INTO tick SELECT %lld, i, i * 100000, 0, 0 FROM n",
		 ticks, (long long)made->run_id);
	made_sql(made, "INSERT INTO host_sample (run_id, tick, subject, files,"
		       " forks_total, slab_bytes, anon_bytes)"
		       " SELECT run_id, tick, 0, 100, tick * 3, 1000, 24 FROM tick");
}

static void
frame_reads_sums_and_rates(void **state)
{
	struct made_run made;
	struct frame frame;
	size_t rates = 0;

	(void)state;
	make_host(&made, 100);
	made_sql(&made, "UPDATE host_sample SET files = NULL WHERE tick = 7");
	assert_int_equal(
	    frame_load(&frame, made.db, made.run_id, 0, INT64_MAX, host_wants, 3), 0);
	assert_int_equal(frame.rows, 100);
	assert_int_equal(frame.read, 100);
	assert_int_equal(frame.x[99], 9900000);
	assert_int_equal(frame.columns[0][6], 100);
	assert_int_equal(frame.columns[0][7], FRAME_NONE);
	assert_int_equal(frame_at(&frame, 0, 7), 100);
	assert_int_equal(frame.columns[2][50], 1024);
	for (size_t i = 0; i < frame.rows; i++)
		if (frame.columns[1][i] != FRAME_NONE) {
			assert_int_equal(frame.columns[1][i], 30000);
			rates++;
		}
	assert_int_equal(rates, 9); /* one a second, but for the first */
	assert_int_equal(frame_row(&frame, 450000), 4);
	assert_int_equal(frame_row(&frame, -1), frame.rows);
	frame_free(&frame);
	assert_int_equal(
	    frame_load(&frame, made.db, made.run_id, 5000000, 8999999, host_wants, 3), 0);
	assert_int_equal(frame.rows, 40);
	assert_int_equal(frame.x[0], 5000000);
	frame_free(&frame);
	made_run_end(&made);
}

/* What is known of a part would look like a drop. */
static void
a_sum_that_is_partly_unknown_is_unknown(void **state)
{
	static const struct frame_want wants[] = {
		{ "group", "@(acceptors|clients)", "fds", FRAME_VALUE },
		{ "host", "host", "slab_bytes+anon_bytes", FRAME_VALUE },
	};
	struct made_run made;
	struct frame frame;
	int64_t before;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "UPDATE group_sample SET fds = NULL WHERE tick = 50 AND subject ="
			" (SELECT subject FROM subject WHERE kind = 'group'"
			"  AND name = 'clients');"
			"UPDATE host_sample SET slab_bytes = NULL, anon_bytes = 5");
	assert_int_equal(frame_load(&frame, made.db, made.run_id, 0, INT64_MAX, wants, 2),
			 0);
	before = frame.columns[0][49];
	assert_true(before > 0);
	assert_int_equal(frame.columns[0][50], FRAME_NONE);
	assert_int_equal(frame_at(&frame, 0, 50), before);
	assert_int_equal(frame.columns[1][50], FRAME_NONE);
	frame_free(&frame);
	made_run_end(&made);
}

/* One tick up, and another down, among so many are not lost. */
static void
frame_keeps_lowest_and_highest(void **state)
{
	struct made_run made;
	struct frame frame;
	int64_t low, high;
	size_t at;

	(void)state;
	make_host(&made, FRAME_POINTS + 1000);
	made_sql(&made, "UPDATE host_sample SET files = 9000 WHERE tick = 123456;"
			"UPDATE host_sample SET files = 3 WHERE tick = 123457");
	assert_int_equal(
	    frame_load(&frame, made.db, made.run_id, 0, INT64_MAX, host_wants, 1), 0);
	assert_true(frame.rows <= FRAME_POINTS);
	assert_int_equal(frame.read, FRAME_POINTS + 1000);
	assert_int_equal(frame_range(&frame, 0, 0, frame.rows, &low, &high), 0);
	assert_int_equal(low, 3);
	assert_int_equal(high, 9000);
	for (at = 0; frame.columns[0][at] != 9000; at++)
		;
	/* In the order in which they came, where they came. */
	assert_true(frame.columns[0][at + 1] == 3 || frame.columns[0][at + 2] == 3);
	assert_true(llabs(frame.x[at] - INT64_C(12345600000)) <= 500000);
	for (size_t row = 1; row < frame.rows; row++)
		assert_true(frame.x[row] >= frame.x[row - 1]);
	frame_free(&frame);
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outside_texts_are_text),
		cmocka_unit_test(verdict_comes_first),
		cmocka_unit_test(every_stage_has_its_own_count),
		cmocka_unit_test(the_rate_that_was_had_is_said),
		cmocka_unit_test(the_index_has_a_row_a_run_and_a_line_a_plan),
		cmocka_unit_test(the_index_has_charts_for_each_label),
		cmocka_unit_test(the_side_is_held_against_a_schedule_that_there_was),
		cmocka_unit_test(growth_says_what_a_look_needs),
		cmocka_unit_test(cycles_have_their_break_rest_and_trend),
		cmocka_unit_test(tables_have_what_happened),
		cmocka_unit_test(the_next_limit_is_in_sight),
		cmocka_unit_test(the_tiles_show_the_cycle_that_recovered_least),
		cmocka_unit_test(the_tiles_show_what_was_held_at_once),
		cmocka_unit_test(expectations_pass_or_fail),
		cmocka_unit_test(every_cycle_has_its_recovery_curves),
		cmocka_unit_test(charts_say_what_they_leave_out),
		cmocka_unit_test(same_store_gives_the_same_bytes),
		cmocka_unit_test(policy_allows_what_is_there),
		cmocka_unit_test(data_are_the_samples),
		cmocka_unit_test(runs_without_samples_explain_themselves),
		cmocka_unit_test(frame_reads_sums_and_rates),
		cmocka_unit_test(a_sum_that_is_partly_unknown_is_unknown),
		cmocka_unit_test(frame_keeps_lowest_and_highest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
