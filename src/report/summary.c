#include "report/text.h"

#include <stdlib.h>
#include <string.h>

#include "model/limit.h"
#include "base/escape.h"
#include "base/log.h"
#include "report/amount.h"
#include "report/report.h"

/* One screen. */
#define WIDTH 80
#define LINES 40

/* How much of what may be long is written. */
struct room {
	size_t proof; /* lines of the proof */
	size_t to_do; /* recommendations */
};

/* A text that is written before it is broken into lines. */
struct draft {
	FILE *out;
	char *text;
	size_t size;
};

static void
draft_begin(struct draft *draft)
{
	*draft = (struct draft){ 0 };
	draft->out = open_memstream(&draft->text, &draft->size);
	if (draft->out == NULL)
		fatal("cannot hold a summary");
}

static void
draft_end(struct draft *draft)
{
	if (fclose(draft->out) != 0)
		fatal("cannot hold a summary");
}

/* ------------------------------------------------------------------------------- lines */

/* What follows the first line stands below its text. */
static size_t
hanging_indent(const char *line)
{
	if (strncmp(line, "  ", 2) != 0)
		return 2;
	return line[2] >= '0' && line[2] <= '9' ? 5 : 12;
}

/* Where a line that is too long is to be broken, or its length. */
static size_t
line_break(const char *line, size_t length, size_t width)
{
	size_t columns = 0, blank = 0;

	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\033')
			i += strcspn(line + i, "m") + 1; /* colours take no room */
		if (i >= length)
			break;
		if (line[i] == ' ' && i > 0 && line[i - 1] != ' ')
			blank = i;
		columns += ((unsigned char)line[i] & 0xc0) != 0x80;
		if (columns > width)
			return blank > 0 ? blank : i;
	}
	return length;
}

/* Returns how many lines it became. */
static size_t
write_line(const char *line, size_t length, FILE *out)
{
	size_t indent = hanging_indent(line), lines = 0, width = WIDTH, end;

	do {
		/* A line may not be broken within its own indent. */
		size_t from = lines > 0 ? 0 : strspn(line, " ");

		end = from + line_break(line + from, length - from, width - from);
		fprintf(out, "%*s%.*s\n", lines > 0 ? (int)indent : 0, "", (int)end,
			line);
		lines++;
		while (end < length && line[end] == ' ')
			end++;
		line += end;
		length -= end;
		width = WIDTH - indent;
	} while (length > 0);
	return lines;
}

/* The lines of a text, up to most of them; what is more is said. */
static size_t
write_lines(const char *text, size_t most, const struct findings *f, FILE *out)
{
	size_t lines = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		if (lines >= most) {
			fprintf(out, "  %-9s more: brink show --full %lld\n", "",
				(long long)f->run.run_id);
			return lines + 1;
		}
		lines += write_line(text, length, out);
		text += length + (text[length] == '\n');
	}
	return lines;
}

/* ------------------------------------------------------------------------------- facts */

static void
write_funnel(const struct findings *f, FILE *out)
{
	const struct findings_funnel *n = &f->funnel;
	char t[6][AMOUNT_SIZE];

	fprintf(out,
		"  %-9s %s attempted, %s established, %s accepted, %s served; %s failed,"
		" %s lost\n",
		"funnel", amount(UNIT_COUNT, (double)n->attempted, t[0]),
		amount(UNIT_COUNT, (double)n->established, t[1]),
		amount(UNIT_COUNT, (double)n->accepted, t[2]),
		amount(UNIT_COUNT, (double)n->served, t[3]),
		amount(UNIT_COUNT, (double)n->failed, t[4]),
		amount(UNIT_COUNT, (double)n->lost, t[5]));
}

/* "5.5 KiB of memory per connection: client 41 B, server about 0, kernel 5.5 KiB" */
static void
write_cost(const struct findings *f, FILE *out)
{
	const char *before = ": ";
	char text[AMOUNT_SIZE];

	fprintf(out, "  %-9s ", "cost");
	if (f->cost_count == 0) {
		fputs("not known\n", out);
		return;
	}
	for (size_t i = 0; i < f->cost_count; i++)
		if (strcmp(f->costs[i].side, "total") == 0)
			fprintf(out, "%s of ",
				amount_told(&f->costs[i].bytes, UNIT_BYTES, text));
	fputs("memory per connection", out);
	for (size_t i = 0; i < f->cost_count; i++) {
		if (strcmp(f->costs[i].side, "total") == 0)
			continue;
		fprintf(out, "%s%s %s", before, f->costs[i].side,
			amount_told(&f->costs[i].bytes, UNIT_BYTES, text));
		before = ", ";
	}
	fputc('\n', out);
}

/* The first text of a kind, and how many more there are. */
static const char *
first_of(const struct findings *f, const char *kind, size_t *more)
{
	const char *text = NULL;

	*more = 0;
	for (size_t i = 0; i < f->item_count; i++) {
		if (strcmp(f->items[i].kind, kind) != 0)
			continue;
		if (text == NULL)
			text = f->items[i].text;
		else
			++*more;
	}
	return text;
}

static void
write_fact(const char *name, const char *text, size_t more, FILE *out)
{
	char *escaped = escape_text(text);

	fprintf(out, "  %-9s %s", name, escaped);
	if (more > 0)
		fprintf(out, "; and %zu more", more);
	fputc('\n', out);
	free(escaped);
}

/* Levels of the load that were looked at, and those of which nothing can be said. */
static void
write_growth(const struct findings *f, FILE *out)
{
	size_t looked_at = 0, unclear = 0, more;
	const char *leak = first_of(f, "leak", &more);

	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		if (!findings_is_seen(level) || level->class[0] == '\0' ||
		    !findings_is_load(level->kind, level->subject))
			continue;
		looked_at++;
		unclear += strcmp(level->class, "inconclusive") == 0;
	}
	if (leak != NULL)
		write_fact("growth", leak, more, out);
	else if (looked_at == 0)
		write_fact("growth", "not known", 0, out);
	else if (unclear == looked_at)
		write_fact("growth",
			   "not known: nothing was looked at for long enough (--hold)", 0,
			   out);
	else if (unclear == 0)
		write_fact("growth", "nothing was found to leak", 0, out);
	else
		fprintf(out,
			"  %-9s nothing was found to leak, but %zu of %zu resources were"
			" not looked at for long enough (--hold)\n",
			"growth", unclear, looked_at);
}

static void
write_recovery(const struct findings *f, FILE *out)
{
	static const char begins[] = "recovery ";
	size_t more;
	const char *text = first_of(f, "recovery", &more);

	if (text == NULL)
		text = "not measured";
	else if (strncmp(text, begins, strlen(begins)) == 0)
		text += strlen(begins);
	write_fact("recovery", text, more, out);
}

static bool
has_leak(const struct findings *f)
{
	for (size_t i = 0; i < f->item_count; i++)
		if (strcmp(f->items[i].kind, "leak") == 0)
			return true;
	return false;
}

/* What the load would meet first, where nothing gave way; else the proof tells. */
static void
write_ahead(const struct findings *f, FILE *out)
{
	const struct findings_forecast *next = f->broke ? NULL : findings_ahead(f);
	char at[AMOUNT_SIZE];

	if (next != NULL)
		fprintf(out, "  %-9s %s of %s, at about %s connections%s\n", "next",
			display_name_of(next->resource), next->subject,
			amount(UNIT_COUNT, next->at, at),
			has_leak(f) ? ", if the leak leaves time for them" : "");
}

static void
write_notes(const struct findings *f, FILE *out)
{
	size_t more;
	const char *note = first_of(f, "note", &more);

	if (note != NULL)
		write_fact("note", note, more, out);
}

/* Against the run that was to be the measure: how much got worse, and what first. */
static void
write_baseline(const struct findings *f, const struct report_options *options, FILE *out)
{
	const struct comparison *c = f->baseline;
	size_t judged[JUDGEMENTS] = { 0 }, told = 0;

	if (c == NULL) {
		text_baseline(f, options, out);
		return;
	}
	for (size_t i = 0; i < c->contrast_count; i++)
		judged[c->contrasts[i].judgement]++;
	fprintf(out,
		"\nrun %lld (after) against run %lld (before): %zu worse, %zu better,"
		" %zu unsure, %zu the same\n",
		(long long)c->after, (long long)c->before, judged[JUDGED_WORSE],
		judged[JUDGED_BETTER], judged[JUDGED_UNSURE], judged[JUDGED_SAME]);
	for (size_t i = 0; i < c->contrast_count && told < 3; i++)
		if (c->contrasts[i].judgement == JUDGED_WORSE) {
			fprintf(out, "%s%s", told == 0 ? "  worse     " : ", ",
				c->contrasts[i].figure->name);
			told++;
		}
	if (told > 0)
		fputs(judged[JUDGED_WORSE] > told ? ", …\n" : "\n", out);
}

/* All where they are few, else those that failed. */
static void
write_expected(const struct findings *f, const struct report_options *options, FILE *out)
{
	size_t passed = 0, told = 0;

	if (f->expected_count <= 5) {
		text_rows(&section_expectations, f, options, out);
		return;
	}
	for (size_t i = 0; i < f->expected_count; i++)
		passed += f->expected[i].passed;
	fprintf(out, "  %-9s %zu of %zu passed\n", "expected", passed, f->expected_count);
	for (size_t i = 0; i < f->expected_count && told < 3; i++)
		if (!f->expected[i].passed) {
			fprintf(out, "  %-9s FAIL %s\n", "", f->expected[i].expression);
			told++;
		}
}

/* ------------------------------------------------------------------------------- to do */

/* Up to the colon a recommendation says what is to be done, behind it to what: advice of one
 * kind about one limit is given once. */
static bool
is_the_same(const struct findings_item *a, const struct findings_item *b)
{
	size_t length = strcspn(a->text, ":");

	return strcmp(a->limit_id, b->limit_id) == 0 && a->text[length] == ':' &&
	       strncmp(a->text, b->text, length + 1) == 0;
}

static bool
was_before(const struct findings *f, size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (strcmp(f->items[i].kind, "recommendation") == 0 &&
		    is_the_same(&f->items[i], &f->items[number]))
			return true;
	return false;
}

static void
write_to_do(const struct findings *f, size_t most, const struct report_options *options,
	    FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->item_count && n < most; i++) {
		const struct findings_item *item = &f->items[i];
		char *text;

		if (strcmp(item->kind, "recommendation") != 0 || was_before(f, i))
			continue;
		if (n++ == 0)
			text_heading("Recommendations", options, out);
		text = escape_text(item->text);
		fprintf(out, "  %zu. %s\n", n, text);
		free(text);
	}
}

/* -------------------------------------------------------------------------- the summary */

static size_t
write_part(void (*write)(const struct findings *f, const struct report_options *options,
			 FILE *out),
	   size_t most, const struct findings *f, const struct report_options *options,
	   FILE *out)
{
	struct draft draft;
	size_t lines;

	draft_begin(&draft);
	write(f, options, draft.out);
	draft_end(&draft);
	lines = write_lines(draft.text, most, f, out);
	free(draft.text);
	return lines;
}

static void
write_verdict(const struct findings *f, const struct report_options *options, FILE *out)
{
	text_title(f, out);
	text_headline(f, options, out);
	text_proof(f, out);
}

static void
write_facts(const struct findings *f, const struct report_options *options, FILE *out)
{
	(void)options;
	write_funnel(f, out);
	if (findings_verdict(f) == NULL)
		return; /* the rest is not looked at yet */
	write_cost(f, out);
	write_growth(f, out);
	write_recovery(f, out);
	write_ahead(f, out);
	write_notes(f, out);
}

/* Returns how many lines it has. */
static size_t
write_summary(const struct findings *f, const struct room *room,
	      const struct report_options *options, FILE *out)
{
	struct draft draft;
	size_t lines;

	lines = write_part(write_verdict, room->proof, f, options, out);
	lines += write_part(write_facts, SIZE_MAX, f, options, out);
	lines += write_part(write_expected, SIZE_MAX, f, options, out);
	lines += write_part(write_baseline, SIZE_MAX, f, options, out);
	draft_begin(&draft);
	write_to_do(f, room->to_do, options, draft.out);
	draft_end(&draft);
	lines += write_lines(draft.text, SIZE_MAX, f, out);
	free(draft.text);
	fprintf(out, "\nall tables: brink show --full %lld\n", (long long)f->run.run_id);
	return lines + 2;
}

void
report_summary(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const struct room rooms[] = {
		{ 18, 3 }, { 14, 3 }, { 14, 2 }, { 10, 2 }, { 8, 1 }
	};
	const size_t count = sizeof(rooms) / sizeof(rooms[0]);

	for (size_t i = 0; i < count; i++) {
		struct draft draft;
		size_t lines;

		draft_begin(&draft);
		lines = write_summary(f, &rooms[i], options, draft.out);
		draft_end(&draft);
		if (lines <= LINES - 2 || i + 1 == count)
			fputs(draft.text, out);
		free(draft.text);
		if (lines <= LINES - 2)
			return; /* two are for the report's path */
	}
}
