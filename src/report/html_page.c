#include "report/html_page.h"

#include <resolv.h>
#include <sha2.h>
#include <string.h>

#include "config.h"
#include "base/embed.h"
#include "report/html_chart.h"
#include "report/html_data.h"
#include "report/html_terms.h"
#include "report/html_write.h"

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
html_charts(FILE *out, const struct chart_set *set)
{
	if (set->count == 0) {
		html_empty(out, "No sample was stored, so there is nothing to draw.");
		return;
	}
	/* The script puts its controls here. */
	fputs("<div id=\"controls\"></div>\n<div class=\"charts\">\n", out);
	for (size_t i = 0; i < set->count; i++)
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
