#include "report/html.h"

#include <stdlib.h>

#include "analyse/rows.h"
#include "report/chart_load.h"
#include "report/findings.h"
#include "report/html_compare.h"
#include "report/html_page.h"
#include "report/html_sections.h"

char *
html_run_name(int64_t run_id, char *buf)
{
	snprintf(buf, HTML_NAME, "run-%lld.html", (long long)run_id);
	return buf;
}

static html_part *const parts[] = {
	html_verdict,  html_advice,    html_expected,    html_timeline, html_funnel,
	html_balance,  html_resources, html_growth,      html_recovery, html_cycles,
	html_evidence, html_ruled_out, html_environment,
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
	int error = 0;

	for (size_t i = 0; i < count; i++)
		error |= findings_load(&runs[i], db, run_ids[i]);
	if (error == 0)
		error = count == 1 ? report_run(out, db, &runs[0])
				   : html_compare(out, db, runs, count);
	for (size_t i = 0; i < count; i++)
		findings_free(&runs[i]);
	free(runs);
	return error;
}
