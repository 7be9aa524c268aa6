#include "report/html_compare.h"

#include <math.h>
#include <string.h>

#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_terms.h"
#include "report/html_write.h"

struct compared {
	const struct findings *runs;
	size_t count;
};

/* ------------------------------------------------------------------- what is not alike */

static const char *
option_of(const struct findings *f, const char *name)
{
	for (size_t i = 0; i < f->option_count; i++)
		if (strcmp(f->options[i].name, name) == 0 && f->options[i].value != NULL)
			return f->options[i].value;
	return "";
}

/* Where a result goes, and how it is told, is no part of what was done. */
static bool
is_course(const char *option)
{
	static const char *const others[] = { "label", "db",     "report", "status",
					      "quiet", "config", "json",   "expect" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(option, others[i]) == 0)
			return false;
	return true;
}

/* A row where the values are not all the same. Returns how many rows that were. */
static size_t
unlike_row(FILE *out, const char *name, const char *const *values, size_t count)
{
	bool alike = true;

	for (size_t i = 1; i < count; i++)
		alike &= strcmp(values[i], values[0]) == 0;
	if (alike)
		return 0;
	fputs("<tr><th scope=\"row\">", out);
	html_text(out, name);
	fputs("</th>", out);
	for (size_t i = 0; i < count; i++)
		html_cell(out, "%s", values[i]);
	fputs("</tr>\n", out);
	return 1;
}

static const char *
host_text(const struct findings *f, size_t field)
{
	const char *const texts[] = { f->host.name, f->host.kernel, f->host.cpu_model,
				      f->run.version };

	return texts[field] != NULL ? texts[field] : "";
}

#define COMPARED_MAX 16

static size_t
unlike_rows(FILE *out, const struct compared *c)
{
	static const char *const fields[] = { "host", "kernel", "processor", "brink" };
	const char *values[COMPARED_MAX];
	const struct findings *first = &c->runs[0];
	size_t rows = 0;

	for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++) {
		for (size_t i = 0; i < c->count; i++)
			values[i] = host_text(&c->runs[i], k);
		rows += unlike_row(out, fields[k], values, c->count);
	}
	for (size_t k = 0; k < first->option_count; k++) {
		if (!is_course(first->options[k].name))
			continue;
		for (size_t i = 0; i < c->count; i++)
			values[i] = option_of(&c->runs[i], first->options[k].name);
		rows += unlike_row(out, first->options[k].name, values, c->count);
	}
	return rows;
}

static void
run_headings(FILE *out, const char *first, const struct compared *c, const char *class)
{
	fputs("<thead><tr><th scope=\"col\">", out);
	html_text(out, first);
	fputs("</th>", out);
	for (size_t i = 0; i < c->count; i++)
		fprintf(out, "<th scope=\"col\"%s>run %lld</th>", class,
			(long long)c->runs[i].run.run_id);
}

static void
write_unlike(FILE *out, const struct compared *c)
{
	html_section(
	    out, "unlike", "What is not alike",
	    "Only like with like: what differs here may explain everything below.");
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>Plan and host"
	      "</caption>",
	      out);
	run_headings(out, "plan or host", c, "");
	fputs("</tr></thead>\n<tbody>\n", out);
	if (unlike_rows(out, c) == 0)
		fprintf(out,
			"<tr><td colspan=\"%zu\">Plan and host are the same.</td></tr>\n",
			c->count + 1);
	fputs("</tbody></table></div>\n", out);
	html_section_end(out);
}

/* ------------------------------------------------------------------------- differences */

/* A figure of a run; low and high are its interval, or the value itself. */
struct reading {
	bool known;
	double value, low, high;
};

static struct reading
exactly(bool known, int64_t value)
{
	return (struct reading){ known, (double)value, (double)value, (double)value };
}

static struct reading
latency_of(const struct findings *f, const char *kind)
{
	for (size_t i = 0; i < f->latency_count; i++)
		if (strcmp(f->latency[i].kind, kind) == 0)
			return exactly(true, f->latency[i].p99_us);
	return exactly(false, 0);
}

enum {
	BROKE_HELD,
	BROKE_AFTER,
	ATTEMPTED,
	ESTABLISHED,
	ACCEPTED,
	SERVED,
	FAILED,
	MISSED,
	LOST,
	CANARY,
	ECHO,
	CONNECT,
	FIGURES
};

static const struct {
	const char *name;
	enum unit unit;
} names[FIGURES] = {
	[BROKE_HELD] = { "breaking point", UNIT_COUNT },
	[BROKE_AFTER] = { "time to it", UNIT_US },
	[ATTEMPTED] = { "attempted", UNIT_COUNT },
	[ESTABLISHED] = { "established", UNIT_COUNT },
	[ACCEPTED] = { "accepted", UNIT_COUNT },
	[SERVED] = { "served", UNIT_COUNT },
	[FAILED] = { "failed", UNIT_COUNT },
	[MISSED] = { "missed", UNIT_COUNT },
	[LOST] = { "lost", UNIT_COUNT },
	[CANARY] = { "canary, 99 %", UNIT_US },
	[ECHO] = { "echo, 99 %", UNIT_US },
	[CONNECT] = { "connect, 99 %", UNIT_US },
};

static struct reading
reading_of(const struct findings *f, int which)
{
	const int64_t counts[] = {
		[ATTEMPTED] = f->funnel.attempted, [ESTABLISHED] = f->funnel.established,
		[ACCEPTED] = f->funnel.accepted,   [SERVED] = f->funnel.served,
		[FAILED] = f->funnel.failed,       [MISSED] = f->funnel.missed,
		[LOST] = f->funnel.lost,
	};

	switch (which) {
	case BROKE_HELD:
		return exactly(f->broke, f->breaking.held);
	case BROKE_AFTER:
		return exactly(f->broke, f->breaking.since_attempt_us);
	case CANARY:
		return latency_of(f, "canary");
	case ECHO:
		return latency_of(f, "echo");
	case CONNECT:
		return latency_of(f, "connect");
	default:
		return exactly(f->funnel.attempted > 0, counts[which]);
	}
}

/* What came of the first run's figure in another. */
static void
write_change(FILE *out, const struct reading *from, const struct reading *to)
{
	bool overlap = from->low <= to->high && to->low <= from->high;

	if (!from->known || !to->known)
		html_figure(out, "–");
	else if (from->value == to->value)
		html_figure(out, "same");
	else if (overlap)
		html_figure(out, "within the intervals");
	else if (fabs(from->value) < 1e-9)
		html_figure(out, "new");
	else
		html_figure(out, "%+.1f %%",
			    100 * (to->value - from->value) / fabs(from->value));
}

static void
write_readings(FILE *out, const struct reading *readings, size_t count, enum unit unit)
{
	char value[AMOUNT_SIZE], interval[AMOUNT_SIZE];

	for (size_t i = 0; i < count; i++) {
		const struct reading *reading = &readings[i];

		fputs("<td class=\"n\">", out);
		html_text(out, amount_known(reading->known, unit, reading->value, value));
		if (reading->known && reading->low < reading->high) {
			const struct findings_estimate estimate = { true, reading->value,
								    reading->low,
								    reading->high };

			fputs("<span class=\"interval\">", out);
			html_text(out, amount_interval(&estimate, unit, interval));
			fputs("</span>", out);
		}
		fputs("</td>", out);
	}
	for (size_t i = 1; i < count; i++)
		write_change(out, &readings[0], &readings[i]);
	fputs("</tr>\n", out);
}

/* A cost that the first run knows, and at least one other. */
static void
write_cost(FILE *out, const struct compared *c, const struct findings_level *level)
{
	struct reading readings[COMPARED_MAX];
	size_t known = 0;

	for (size_t i = 0; i < c->count; i++) {
		const struct findings_level *own = findings_level(
		    &c->runs[i], level->kind, level->subject, level->resource);
		const struct findings_estimate *e =
		    own != NULL ? &own->per_connection : NULL;

		readings[i] = (struct reading){ 0 };
		if (e == NULL || !e->known)
			continue;
		readings[i] = (struct reading){ true, e->value, e->low, e->high };
		known += e->value != 0;
	}
	if (known < 2)
		return;
	fputs("<tr><th scope=\"row\">", out);
	html_format(out, "%s of %s, a connection", level->resource, level->subject);
	fputs("</th>", out);
	write_readings(out, readings, c->count, level->unit);
}

static void
write_differences(FILE *out, const struct compared *c)
{
	html_section(
	    out, "differences", "Differences",
	    "Against the first run. Where both readings have an interval and these "
	    "overlap, the runs do not tell them apart.");
	fputs(
	    "<div class=\"scroll\" tabindex=\"0\"><table><caption>Differences</caption>",
	    out);
	run_headings(out, "figure", c, " class=\"n\"");
	for (size_t i = 1; i < c->count; i++)
		fprintf(out, "<th scope=\"col\" class=\"n\">%lld against %lld</th>",
			(long long)c->runs[i].run.run_id,
			(long long)c->runs[0].run.run_id);
	fputs("</tr></thead>\n<tbody>\n", out);
	for (int which = 0; which < FIGURES; which++) {
		struct reading readings[COMPARED_MAX];

		for (size_t i = 0; i < c->count; i++)
			readings[i] = reading_of(&c->runs[i], which);
		fputs("<tr><th scope=\"row\">", out);
		html_term(out, names[which].name);
		fputs("</th>", out);
		write_readings(out, readings, c->count, names[which].unit);
	}
	for (size_t i = 0; i < c->runs[0].level_count; i++)
		if (findings_is_load(c->runs[0].levels[i].kind,
				     c->runs[0].levels[i].subject))
			write_cost(out, c, &c->runs[0].levels[i]);
	fputs("</tbody></table></div>\n", out);
	html_section_end(out);
}

/* --------------------------------------------------------------------------- the page */

static void
write_verdicts(FILE *out, const struct compared *c)
{
	fputs("<header class=\"verdict\"><p class=\"kicker\">brink</p><h1>", out);
	html_format(out, "%zu runs compared", c->count);
	fputs("</h1>\n<dl class=\"facts\">\n", out);
	for (size_t i = 0; i < c->count; i++) {
		const struct findings *f = &c->runs[i];
		const struct findings_item *verdict = findings_verdict(f);
		char held[AMOUNT_SIZE];

		fputs("<div><dt>", out);
		html_format(out, "run %lld", (long long)f->run.run_id);
		if (f->run.label != NULL) {
			fputs(" · <bdi>", out);
			html_text(out, f->run.label);
			fputs("</bdi>", out);
		}
		fputs("</dt><dd><strong>", out);
		html_text(out, f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state);
		fputs("</strong>", out);
		if (f->broke)
			html_format(out, " at %s held",
				    amount(UNIT_COUNT, (double)f->breaking.held, held));
		fputs(": ", out);
		html_text(out, verdict != NULL ? verdict->text : "no verdict");
		fputs("</dd></div>\n", out);
	}
	fputs("</dl></header>\n", out);
}

static void
write_page(FILE *out, const struct html_page *page)
{
	const struct compared *c = page->arg;

	fputs("<main id=\"main\">\n", out);
	write_verdicts(out, c);
	write_unlike(out, c);
	write_differences(out, c);
	html_section(
	    out, "timeline", "Laid over each other",
	    "0 is the first attempt of each run. Solid vertical lines are breaking "
	    "points.");
	html_charts(out, page->set);
	html_section_end(out);
	html_words(out);
	fputs("</main>\n", out);
}

int
html_compare(FILE *out, struct db *db, const struct findings *runs, size_t count)
{
	struct compared compared = { runs, count < COMPARED_MAX ? count : COMPARED_MAX };
	struct chart_set set;
	struct html_page page = { "brink: runs compared", &set, write_page, &compared };
	int error = chart_set_compare(&set, db, runs, compared.count);

	if (error == 0)
		error = html_page(out, &page);
	chart_set_free(&set);
	return error;
}
