#include "report/html_page.h"
#include "report/report.h"

#include <resolv.h>
#include <sha2.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "model/limit.h"
#include "analyse/rows.h"
#include "base/embed.h"
#include "base/escape.h"
#include "base/log.h"
#include "report/amount.h"
#include "report/chart.h"
#include "report/findings.h"

static const struct {
	char character;
	const char *entity;
} entities[] = {
	{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
	{ '"', "&quot;" }, { '\'', "&#39;" }, { '`', "&#96;" },
};

static bool
write_entity(FILE *out, unsigned char c)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (c == (unsigned char)entities[i].character) {
			fputs(entities[i].entity, out);
			return true;
		}
	return false;
}

static size_t
write_character(FILE *out, const unsigned char *s)
{
	size_t length = *s < 0x80 ? 1 : utf8_length(s);
	bool is_blank = *s == '\n' || *s == '\t';

	if (escape_length((const char *)s) == 0 && !is_blank)
		fputs(UTF8_REPLACEMENT, out);
	else if (!write_entity(out, *s))
		fwrite(s, 1, length, out);
	return length > 0 ? length : 1;
}

void
html_text(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (s != NULL && *s != '\0')
		s += write_character(out, s);
}

void
html_vformat(FILE *out, const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) == -1)
		fatal("cannot hold a text of the report");
	html_text(out, text);
	free(text);
}

void
html_format(FILE *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	html_vformat(out, fmt, args);
	va_end(args);
}

void
html_empty(FILE *out, const char *text)
{
	fputs("<p class=\"empty\">", out);
	html_text(out, text);
	fputs("</p>\n", out);
}

void
html_pair(FILE *out, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	fputs("<div><dt>", out);
	html_text(out, name);
	fputs("</dt><dd>", out);
	html_text(out, value);
	fputs("</dd></div>\n", out);
}

/* ------------------------------------------------------------------------------ words */

static const struct term {
	const char *word, *meaning;
} terms[] = {
	{ "attempted", "connections that a client began with connect()" },
	{ "established",
	  "connections whose handshake was done as the client sees it; the "
	  "kernel does that, whether or not the server ever accepts" },
	{ "accepted", "connections that accept() gave to the server" },
	{ "served", "connections whose first message came back from the server" },
	{ "held", "connections open at the same time and kept open" },
	{ "failed", "attempts that came to nothing" },
	{ "missed",
	  "slots of the schedule that the client side could not start: where there "
	  "are many, the load was not what was asked for" },
	{ "transient", "connections that needed a second SYN but came about" },
	{ "lost", "held connections that the other side ended" },
	{ "breaking point", "the instant, and the connections held then, at which "
			    "connections that should have succeeded stopped succeeding" },
	{ "proven",
	  "the symptom was seen, and the limit was at its ceiling or its kernel "
	  "counter moved, at that moment" },
	{ "likely", "the symptom was seen with one of the two proofs" },
	{ "unexplained",
	  "the symptom alone was seen; no limit was found at its ceiling" },
	{ "weak", "rests on ticks that are missing or late" },
	{ "initial", "median over the baseline, before the first connection" },
	{ "peak", "highest value up to the release" },
	{ "final", "last value before the release" },
	{ "leaked", "final less initial: what was taken, which is not yet a leak" },
	{ "rate", "leaked over the time from the first attempt to the release" },
	{ "per connection",
	  "what each further connection takes, with its 95 % interval" },
	{ "over time",
	  "growth a second while the connections stand still: a leak, where it "
	  "is not 0 within its 95 % interval" },
	{ "class",
	  "what the growth follows: nothing (none), the connections "
	  "(per-connection), the time (per-time), or both; warm-up slows down by "
	  "itself; inconclusive: the still stretches were too short to tell" },
	{ "pattern",
	  "how the level follows the connections: linear, bending up (each costs "
	  "more than the one before), bending down" },
	{ "chance",
	  "how likely a level that does not grow over time would look like this "
	  "one by chance alone" },
	{ "needs",
	  "how long the connections have to stand still for it to be told whether "
	  "the level grows" },
	{ "headroom", "how much of the limit was left at the peak" },
	{ "met at", "connections at which the limit would be met" },
	{ "residual", "what is still taken after the recovery, over the initial level" },
	{ "recovered", "part of what was taken at the peak that came back" },
	{ "settled", "time from the release until the resource was back at its base and "
		     "stayed there" },
	{ "t50",
	  "time from the release until half of it was back; t90 and t99 likewise" },
	{ "t90", "time from the release until 90 % was back" },
	{ "t99", "time from the release until 99 % was back" },
	{ "canary", "a small client that connects anew at a fixed pace: does a newcomer "
		    "still get service?" },
	{ "share", "a worker's part of the connections of its role: 1 where all have the "
		   "same" },
	{ "tick", "one instant at which everything is sampled" },
	{ "release", "the moment at which every connection is let go" },
};

#define TERMS (sizeof(terms) / sizeof(terms[0]))

/* "per connection" has the id "term-per-connection". */
static void
write_id(FILE *out, const char *word)
{
	fputs("term-", out);
	for (; *word != '\0'; word++)
		fputc(*word == ' ' ? '-' : *word, out);
}

void
html_term(FILE *out, const char *word)
{
	for (size_t i = 0; i < TERMS; i++) {
		if (strcmp(terms[i].word, word) != 0)
			continue;
		fputs("<a class=\"term\" href=\"#", out);
		write_id(out, word);
		fputs("\" title=\"", out);
		html_text(out, terms[i].meaning);
		fputs("\">", out);
		html_text(out, word);
		fputs("</a>", out);
		return;
	}
	html_text(out, word);
}

void
html_glossary(FILE *out)
{
	fputs("<dl class=\"glossary\">\n", out);
	for (size_t i = 0; i < TERMS; i++) {
		fputs("<div id=\"", out);
		write_id(out, terms[i].word);
		fputs("\"><dt><dfn>", out);
		html_text(out, terms[i].word);
		fputs("</dfn></dt><dd>", out);
		html_text(out, terms[i].meaning);
		fputs("</dd></div>\n", out);
	}
	fputs("</dl>\n", out);
}

/* ----------------------------------------------------------------------------- tables */

static void write_cell(FILE *out, const char *open, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
write_cell(FILE *out, const char *open, const char *fmt, va_list args)
{
	fputs(open, out);
	html_vformat(out, fmt, args);
	fputs("</td>", out);
}

void
html_cell(FILE *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_cell(out, "<td>", fmt, args);
	va_end(args);
}

void
html_figure(FILE *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_cell(out, "<td class=\"n\">", fmt, args);
	va_end(args);
}

static void
write_heading(FILE *out, const char *title, bool at_right)
{
	fputs(at_right ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">", out);
	html_term(out, title);
	fputs("</th>", out);
}

void
html_table(FILE *out, const char *caption, const char *const *headings, size_t count)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
	html_text(out, caption);
	fputs("</caption><thead><tr>", out);
	for (size_t i = 0; i < count; i++)
		write_heading(out, headings[i] + (headings[i][0] == '>'),
			      headings[i][0] == '>');
	fputs("</tr></thead>\n<tbody>\n", out);
}

void
html_table_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

void
html_aside(FILE *out, const char *text)
{
	fputs("<span class=\"interval\">", out);
	html_text(out, text);
	fputs("</span>", out);
}

/* ------------------------------------------------------------------------------ sections */

void
html_section_table(FILE *out, const struct section *section, const char *caption)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
	html_text(out, caption != NULL ? caption : section->title);
	fputs("</caption><thead><tr>", out);
	for (size_t i = 0; i < section_columns(section); i++) {
		struct cell cell = section_cell(section, i, NULL, NULL);

		if (section->columns[i].only == SECTION_TEXT)
			continue;
		write_heading(out, cell.column->title,
			      cell.column->style == STYLE_FIGURE);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

/* What a person calls it, and below the subject and, where it is not bare, the name to ask the
 * store by. */
static void
write_resource(FILE *out, const struct cell *cell, bool bare)
{
	const char *resource = COLUMN_OF(char, cell->column, cell->row);
	const char *display_name = display_name_of(resource);

	html_text(out, display_name);
	fputs("<span class=\"interval\">", out);
	html_text(out,
		  COLUMN_OF(char, record_column(cell->record, "subject"), cell->row));
	if (!bare && strcmp(display_name, resource) != 0) {
		fputs(" <code>", out);
		html_text(out, resource);
		fputs("</code>", out);
	}
	fputs("</span>", out);
}

static void
write_styled(FILE *out, const struct cell *cell, const char *text, bool bare)
{
	switch (cell->column->style) {
	case STYLE_RESOURCE:
		write_resource(out, cell, bare);
		break;
	case STYLE_BADGE:
		fputs("<span class=\"badge ", out);
		html_text(out, text);
		fputs("\">", out);
		html_text(out, text);
		fputs("</span>", out);
		break;
	case STYLE_CODE:
		fputs("<code>", out);
		html_text(out, text);
		fputs("</code>", out);
		break;
	case STYLE_TEXT:
	case STYLE_FIGURE:
		html_text(out, text[0] != '\0' ? text : "–");
		break;
	}
}

static void
write_section_cell(FILE *out, const struct cell *cell, bool is_heading, bool bare)
{
	const char *tag = is_heading ? "th" : "td";
	char text[AMOUNT_SIZE], aside[AMOUNT_SIZE];

	fprintf(out, "<%s%s%s>", tag, is_heading ? " scope=\"row\"" : "",
		cell->column->style == STYLE_FIGURE ? " class=\"n\"" : "");
	if (is_heading && cell->column->style == STYLE_TEXT)
		html_term(out, cell_text(cell, text));
	else
		write_styled(out, cell, cell_text(cell, text), bare);
	if (!bare && cell_aside(cell, aside)[0] != '\0')
		html_aside(out, cell_aside(cell, aside));
	fprintf(out, "</%s>", tag);
}

/* The first that is no badge says what the row is of. */
static void
write_section_row(FILE *out, const struct section *section, const struct findings *f,
		  const void *row)
{
	bool has_heading = false;

	fputs("<tr>", out);
	for (size_t i = 0; i < section_columns(section); i++) {
		struct cell cell = section_cell(section, i, f, row);
		bool is_heading = !has_heading && cell.column->style != STYLE_BADGE;

		if (section->columns[i].only == SECTION_TEXT)
			continue;
		write_section_cell(out, &cell, is_heading, section->columns[i].bare);
		has_heading |= is_heading;
	}
	fputs("</tr>\n", out);
}

size_t
html_section_rows(FILE *out, const struct section *section, const struct findings *f,
		  html_shows *shows)
{
	size_t rows = 0;

	for (size_t i = 0; i < section_count(section, f); i++) {
		const void *row = shows != NULL ? record_row(section->record, f, i)
						: section_row(section, f, i);

		if (row == NULL || (shows != NULL && !shows(f, row)))
			continue;
		write_section_row(out, section, f, row);
		rows++;
	}
	return rows;
}

void
html_section_all(FILE *out, const struct section *section, const struct findings *f,
		 html_shows *shows, const char *caption)
{
	html_section_table(out, section, caption);
	html_section_rows(out, section, f, shows);
	html_table_end(out);
}

/* --------------------------------------------------------------------------- the page */

/* In the order in which they stand in their element. The first script makes the second
 * one safe to load. */
static const char *const styles[] = { embedded_uplot_style, embedded_report_style };
static const char *const scripts[] = { embedded_report_guard, embedded_uplot_script,
				       embedded_report_script };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
write_all(FILE *out, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		fputs(texts[i], out);
}

/* 'sha256-…' of the texts as one, as a source of a policy. */
static void
write_hash(FILE *out, const char *const *texts, size_t count)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	char text[SHA256_DIGEST_LENGTH * 2];
	SHA2_CTX hash;

	SHA256Init(&hash);
	for (size_t i = 0; i < count; i++)
		SHA256Update(&hash, (const uint8_t *)texts[i], strlen(texts[i]));
	SHA256Final(digest, &hash);
	(void)b64_ntop(digest, sizeof(digest), text, sizeof(text));
	fprintf(out, "'sha256-%s'", text);
}

/* Without uPlot the drawings stand alone. */
static bool
has_script(const struct html_page *page)
{
	return page->set != NULL && page->set->count > 0 &&
	       embedded_uplot_script[0] != '\0';
}

static int
slot_policy(FILE *out, const struct html_page *page)
{
	fputs("default-src 'none'; base-uri 'none'; form-action 'none'; style-src ", out);
	write_hash(out, styles, COUNT(styles));
	if (has_script(page)) {
		fputs("; script-src ", out);
		write_hash(out, scripts, COUNT(scripts));
	}
	return 0;
}

static int
slot_version(FILE *out, const struct html_page *page)
{
	(void)page;
	fputs(PACKAGE_VERSION, out);
	return 0;
}

static int
slot_title(FILE *out, const struct html_page *page)
{
	html_text(out, page->title);
	return 0;
}

static int
slot_style(FILE *out, const struct html_page *page)
{
	(void)page;
	fputs("<style>", out);
	write_all(out, styles, COUNT(styles));
	fputs("</style>", out);
	return 0;
}

static int
slot_body(FILE *out, const struct html_page *page)
{
	page->body(out, page);
	return 0;
}

static int
slot_script(FILE *out, const struct html_page *page)
{
	if (!has_script(page))
		return 0;
	if (html_data(out, page->set) == -1)
		return -1;
	fputs("<script>", out);
	write_all(out, scripts, COUNT(scripts));
	fputs("</script>", out);
	return 0;
}

/* What stands in the template as {{name}}. */
static const struct {
	const char *name;
	int (*write)(FILE *out, const struct html_page *page);
} slots[] = {
	{ "policy", slot_policy }, { "version", slot_version }, { "title", slot_title },
	{ "style", slot_style },   { "body", slot_body },       { "script", slot_script },
};

static int
write_slot(FILE *out, const char *name, size_t length, const struct html_page *page)
{
	for (size_t i = 0; i < COUNT(slots); i++)
		if (strlen(slots[i].name) == length &&
		    strncmp(slots[i].name, name, length) == 0)
			return slots[i].write(out, page);
	return 0;
}

int
html_page(FILE *out, const struct html_page *page)
{
	const char *text = embedded_report_page, *slot, *end;

	while ((slot = strstr(text, "{{")) != NULL) {
		fwrite(text, 1, (size_t)(slot - text), out);
		slot += strlen("{{");
		end = strstr(slot, "}}");
		if (end == NULL ||
		    write_slot(out, slot, (size_t)(end - slot), page) == -1)
			return -1;
		text = end + strlen("}}");
	}
	fputs(text, out);
	return 0;
}

void
html_section(FILE *out, const char *id, const char *title, const char *how)
{
	fprintf(out, "<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">", id,
		id, id);
	html_text(out, title);
	fputs("</h2>\n", out);
	if (how != NULL) {
		fputs("<p class=\"how\">", out);
		html_text(out, how);
		fputs("</p>\n", out);
	}
}

void
html_section_begin(FILE *out, const struct section *section)
{
	html_section(out, section->id, section->title, section->help);
}

void
html_section_end(FILE *out)
{
	fputs("</section>\n", out);
}

void
html_charts(FILE *out, const struct chart_set *set, size_t first)
{
	if (set->count == 0) {
		html_empty(out, "No sample was stored, so there is nothing to draw.");
		return;
	}
	/* The script puts its controls here. */
	fputs("<div id=\"controls\"></div>\n<div class=\"charts\">\n", out);
	for (size_t i = first; i < set->count; i++)
		if (!set->charts[i].apart)
			html_chart(out, set, i);
	fputs("</div>\n", out);
}

size_t
html_items(FILE *out, const struct findings *f, const char *kind, const char *title,
	   const char *list)
{
	size_t rows = 0;

	for (size_t i = 0; i < f->item_count; i++) {
		if (strcmp(f->items[i].kind, kind) != 0)
			continue;
		if (rows == 0 && title != NULL)
			fprintf(out, "<h3>%s</h3>\n", title);
		if (rows++ == 0)
			fprintf(out, "<%s>\n", list);
		fputs("<li>", out);
		if (f->items[i].limit_id[0] != '\0') {
			fputs("<code>", out);
			html_text(out, f->items[i].limit_id);
			fputs("</code> ", out);
		}
		html_text(out, f->items[i].text);
		fputs("</li>\n", out);
	}
	if (rows > 0)
		fprintf(out, "</%s>\n", list);
	return rows;
}

void
html_words(FILE *out)
{
	html_section(out, "words", "Words", NULL);
	html_glossary(out);
	html_section_end(out);
}

/* --------------------------------------------------------------------------- a report */

char *
html_run_name(int64_t run_id, char *buf)
{
	snprintf(buf, HTML_NAME, "run-%lld.html", (long long)run_id);
	return buf;
}

static html_part *const parts[] = {
	html_verdict, html_advice,    html_expected,  html_timeline,    html_funnel,
	html_balance, html_resources, html_growth,    html_recovery,    html_cycles,
	html_more,    html_evidence,  html_ruled_out, html_environment,
};

static void
write_run(FILE *out, const struct html_page *page)
{
	fputs("<main id=\"main\">\n", out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](out, page->arg, page->set);
	html_words(out);
	fputs("</main>\n", out);
}

static int
report_run(FILE *out, struct db *db, const struct findings *f)
{
	struct chart_set set;
	char title[128];
	struct html_page page = { title, &set, write_run, f };
	int error = chart_set_load(&set, db, f);

	snprintf(title, sizeof(title), "brink run %lld: %s", (long long)f->run.run_id,
		 f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state);
	if (error == 0)
		error = html_page(out, &page);
	chart_set_free(&set);
	return error;
}

int
html_report(FILE *out, struct db *db, const int64_t *run_ids, size_t count)
{
	struct findings *runs = rows_alloc(count, sizeof(*runs));
	int error = db_begin_reading(db);
	bool reads = error == 0;

	for (size_t i = 0; i < count && reads; i++)
		error |= findings_load(&runs[i], db, run_ids[i]);
	if (error == 0)
		error = count == 1 ? report_run(out, db, &runs[0])
				   : html_compare(out, db, runs, count);
	for (size_t i = 0; i < count; i++)
		findings_free(&runs[i]);
	free(runs);
	if (reads)
		db_end_reading(db);
	return error;
}
