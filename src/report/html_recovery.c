#include "report/html_page.h"

#include "report/amount.h"
#include "report/html_chart.h"
#include "report/html_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
recovery_row(FILE *out, const struct findings_recovery *r, bool cycles)
{
	const int64_t times[] = { r->t50_us, r->t90_us, r->t99_us, r->settled_us };
	char text[AMOUNT_SIZE];

	html_resource_row(out, r->resource, r->subject);
	if (cycles)
		html_figure(out, "%lld", (long long)r->cycle + 1);
	html_figure(out, "%.1f %%", 100 * r->recovered);
	for (size_t i = 0; i < COUNT(times); i++)
		html_figure(out, "%s",
			    times[i] < 0 ? "not reached" : amount_time(times[i], text));
	html_figure(out, "%s", amount(r->unit, r->residual, text));
	fputs("</tr>\n", out);
}

static void
recovery_table(FILE *out, const struct findings *f)
{
	static const char *const plain[] = { "resource", ">recovered", ">t50",     ">t90",
					     ">t99",     ">settled",   ">residual" };
	static const char *const cycled[] = { "resource", ">cycle",   ">recovered",
					      ">t50",     ">t90",     ">t99",
					      ">settled", ">residual" };
	bool cycles = false;

	for (size_t i = 0; i < f->recovery_count; i++)
		cycles |= f->recovery[i].cycle > 0;
	html_table(out, "Recovery", cycles ? cycled : plain,
		   cycles ? COUNT(cycled) : COUNT(plain));
	for (size_t i = 0; i < f->recovery_count; i++)
		if (f->recovery[i].taken &&
		    findings_is_load(f->recovery[i].kind, f->recovery[i].subject))
			recovery_row(out, &f->recovery[i], cycles);
	html_table_end(out);
}

void
html_recovery(FILE *out, const struct findings *f, const struct chart_set *set)
{
	bool any = false;

	html_section(
	    out, "recovery", "Recovery",
	    "Time 0 is the release of all connections. t50, t90 and t99 say when so "
	    "much of what had been taken was back; what never settles is the "
	    "residual.");
	for (size_t i = 0; i < set->count; i++)
		if (set->charts[i].apart)
			html_chart(out, set, i);
	for (size_t i = 0; i < f->recovery_count; i++)
		any |= f->recovery[i].taken;
	if (any)
		recovery_table(out, f);
	else
		html_empty(out,
			   "No recovery was measured: the run ended before the release, "
			   "released nothing, or had taken nothing.");
	html_section_end(out);
}
