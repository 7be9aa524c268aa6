#include "report/html_sections.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct entry {
	int64_t t_us;
	size_t order;
	const char *kind, *subject, *text;
	const struct findings_item *item; /* NULL: no evidence */
	const struct findings_evidence *evidence;
	const struct findings_failure *failure;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void
add_entry(struct rows *rows, struct entry entry)
{
	entry.order = rows->count;
	*(struct entry *)rows_add(rows, sizeof(entry)) = entry;
}

static void
add_finding(struct rows *rows, const struct findings_item *item)
{
	if (strcmp(item->kind, "verdict") != 0 && strcmp(item->kind, "consequence") != 0)
		return;
	if (item->t_us >= 0)
		add_entry(rows, (struct entry){ .t_us = item->t_us,
						.kind = item->kind,
						.subject = item->subject,
						.text = item->text });
	for (size_t i = 0; i < item->evidence_count; i++)
		if (item->evidence[i].t_us >= 0)
			add_entry(rows, (struct entry){ .t_us = item->evidence[i].t_us,
							.kind = "evidence",
							.subject = item->subject,
							.text = item->evidence[i].what,
							.item = item,
							.evidence = &item->evidence[i] });
}

static void
gather_entries(struct rows *rows, const struct findings *f)
{
	for (size_t i = 0; i < f->item_count; i++)
		add_finding(rows, &f->items[i]);
	for (size_t i = 0; i < f->failure_count; i++)
		add_entry(rows, (struct entry){ .t_us = f->failures[i].first_us,
						.kind = "failure",
						.subject = f->failures[i].worker,
						.failure = &f->failures[i] });
	for (size_t i = 0; i < f->event_count; i++)
		add_entry(rows, (struct entry){ .t_us = f->events[i].t_us,
						.kind = f->events[i].kind,
						.subject = f->events[i].subject,
						.text = f->events[i].text });
}

static void
entry_text(FILE *out, const struct entry *entry)
{
	char value[AMOUNT_SIZE], limit[AMOUNT_SIZE];

	html_text(out, entry->text);
	if (entry->failure != NULL)
		html_format(
		    out, "first %s() → %s, %s times in its cycle, with %s held",
		    entry->failure->call, entry->failure->error,
		    amount(UNIT_COUNT, (double)entry->failure->count, value),
		    amount(UNIT_COUNT, (double)entry->failure->first_held, limit));
	if (entry->evidence == NULL)
		return;
	if (entry->evidence->value >= 0)
		html_format(out, ": %s",
			    amount(findings_unit(entry->item, entry->evidence),
				   (double)entry->evidence->value, value));
	if (entry->evidence->limit >= 0)
		html_format(out, " of %s",
			    amount(findings_unit(entry->item, entry->evidence),
				   (double)entry->evidence->limit, limit));
}

void
html_evidence(FILE *out, const struct findings *f, const struct chart_set *set)
{
	static const char *const headings[] = { ">time (s)", "kind", "subject", "what" };
	struct rows rows = { 0 };
	const struct entry *entries;

	(void)set;
	gather_entries(&rows, f);
	if (rows.count > 0)
		qsort(rows.data, rows.count, sizeof(*entries), compare_entries);
	entries = rows.data;
	html_section(
	    out, "evidence", "What happened, in order",
	    "The earliest first evidence names the limit; what follows from it is "
	    "listed as a consequence.");
	if (rows.count == 0) {
		html_empty(out, "Nothing failed and nothing was noted.");
	} else {
		html_table(out, "Evidence in time order", headings, COUNT(headings));
		for (size_t i = 0; i < rows.count; i++) {
			fputs("<tr>", out);
			html_figure(out, "%.3f",
				    (double)entries[i].t_us / (double)US_PER_S);
			fputs("<td><span class=\"kind\">", out);
			html_text(out, entries[i].kind);
			fputs("</span></td>", out);
			html_cell(out, "%s", entries[i].subject);
			fputs("<td>", out);
			entry_text(out, &entries[i]);
			fputs("</td></tr>\n", out);
		}
		html_table_end(out);
	}
	html_section_end(out);
	free(rows.data);
}

void
html_ruled_out(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section_begin(out, &section_ruled_out);
	if (section_is_empty(&section_ruled_out, f))
		html_empty(out, "Nothing could be ruled out: too little was stored.");
	else
		html_section_all(out, &section_ruled_out, f, NULL, NULL);
	html_section_end(out);
}
