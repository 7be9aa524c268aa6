#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/http.h"
#include "cmd/operands.h"
#include "cmd/reader.h"
#include "report/report.h"

/* Pages that are kept, and for how long: as many as look on make one page a time. */
#define PAGES   8
#define KEPT_US (2 * US_PER_S)
/* A run that goes on is looked at again so soon. */
#define REFRESH_S 2

struct serve_options {
	char *db, *listen;
};

#define AT(member) .offset = offsetof(struct serve_options, member)

static const struct option_spec specs[] = {
	COMMON_DB(struct serve_options),
	{ .name = "listen",
	  .type = OPTION_TEXT,
	  AT(listen),
	  .def = "127.0.0.1:8017",
	  .arg = "ADDRESS:PORT",
	  .group = "options",
	  .help = "where to listen; port 0: any that is free" },
};

/* It listens before it confines itself. */
static const struct option_table options = {
	.command = "serve",
	.operands = "",
	.summary =
	    "the history and every run's report in a browser, live while a run goes"
	    " on",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

/* A page as it was made a moment ago. */
struct page {
	char path[HTTP_PATH_SIZE];
	int64_t made_us;
	struct http_response response;
};

struct site {
	struct db *db;
	struct page pages[PAGES];
};

/* -------------------------------------------------------------------------------- the pages */

static void
fill_id(struct db_statement *s, void *row)
{
	*(int64_t *)row = db_int(s, 0);
}

/* What is asked for again and again is of what is newest, and bounded. */
static const char metrics_sql[] =
    "SELECT run_id FROM (SELECT max(run_id) AS run_id FROM run WHERE ?1 = 0 AND outcome"
    " IS NOT NULL GROUP BY label ORDER BY 1 DESC LIMIT 100) ORDER BY run_id";

static int
write_metrics(FILE *out, struct db *db)
{
	struct rows rows = { 0 };
	int rc = rows_load(&rows, sizeof(int64_t), db, metrics_sql, 0, NULL, fill_id);

	if (rc == 0)
		rc = openmetrics_write(db, rows.data, rows.count, out);
	free(rows.data);
	return rc;
}

/* The run of "/run-17.html", or -1. */
static int64_t
run_of(const char *path)
{
	char name[HTML_NAME];
	long long run_id;

	if (sscanf(path, "/run-%18lld.html", &run_id) != 1 ||
	    strcmp(path + 1, html_run_name(run_id, name)) != 0)
		return -1;
	return run_id;
}

/* 0, or -1 where it cannot be read. */
static int
write_run(FILE *out, struct db *db, int64_t run_id, struct http_response *response)
{
	int64_t goes_on = db_query_int(
	    db, "SELECT state = 'running' FROM run WHERE run_id = ?1", run_id, -1);

	if (goes_on == -1) {
		response->status = 404;
		return 0;
	}
	response->refresh_s = goes_on != 0 ? REFRESH_S : 0;
	return html_report(out, db, &run_id, 1);
}

static int
write_page(FILE *out, struct db *db, const char *path, struct http_response *response)
{
	int64_t run_id = run_of(path);

	response->status = 200;
	response->type = "text/html; charset=utf-8";
	if (run_id != -1)
		return write_run(out, db, run_id, response);
	if (strcmp(path, "/") == 0 || strcmp(path, "/index.html") == 0)
		return html_index(out, db);
	if (strcmp(path, "/metrics") == 0) {
		response->type = "application/openmetrics-text; version=1.0.0;"
				 " charset=utf-8";
		return write_metrics(out, db);
	}
	response->status = 404;
	return 0;
}

static void
make_page(struct site *site, const char *path, struct http_response *response)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int rc;

	if (out == NULL)
		fatal("cannot hold a page");
	rc = db_is_moved(site->db)
		 ? db_refuse(site->db, "the database was deleted or replaced")
		 : write_page(out, site->db, path, response);
	if (fclose(out) != 0)
		fatal("cannot hold a page");
	if (rc == -1) {
		log_warnx("%s cannot be made: %s", path, db_error(site->db));
		response->status = 500;
	}
	if (response->status == 200)
		response->body = http_body(text, size);
	else
		free(text);
}

/* The page of that path, or the one that was made first. */
static struct page *
page_of(struct site *site, const char *path)
{
	struct page *oldest = &site->pages[0];

	for (size_t i = 0; i < PAGES; i++) {
		if (strcmp(site->pages[i].path, path) == 0)
			return &site->pages[i];
		if (site->pages[i].made_us < oldest->made_us)
			oldest = &site->pages[i];
	}
	return oldest;
}

static void
answer(const char *path, struct http_response *response, void *arg)
{
	struct site *site = arg;
	struct page *page = page_of(site, path);
	int64_t now_us = clock_us();

	if (strcmp(page->path, path) != 0 || now_us - page->made_us >= KEPT_US) {
		http_body_leave(page->response.body);
		*page = (struct page){ .made_us = now_us };
		strlcpy(page->path, path, sizeof(page->path));
		make_page(site, path, &page->response);
	}
	*response = page->response;
	if (response->body != NULL)
		response->body->users++;
}

/* ------------------------------------------------------------------------------ the command */

static int
serve_site(struct http_server *server, struct serve_options *given)
{
	struct site site = { 0 };

	server->answer = answer;
	server->arg = &site;
	reader_confine(&options, given);
	site.db = db_open(given->db, DB_READ, stderr);
	if (site.db == NULL)
		return EXIT_FAILED;
	printf("http://%s/?token=%s\n", server->host, server->token);
	if (command_flush() == EXIT_DONE && http_serve(server) == -1)
		log_warn("the browsers cannot be waited for");
	for (size_t i = 0; i < PAGES; i++)
		http_body_leave(site.pages[i].response.body);
	db_close(site.db);
	return EXIT_FAILED;
}

static int
serve(const void *options_given, int count, char **operands)
{
	const struct serve_options *asked = options_given;
	struct serve_options given = *asked;
	struct http_server server = { .listener = -1 };
	int code;

	(void)count;
	(void)operands;
	if (http_listen(&server, given.listen, stderr) == -1)
		return EXIT_USAGE;
	code = serve_site(&server, &given);
	if (given.db != asked->db)
		free(given.db);
	return code;
}

int
command_serve(int argc, char **argv)
{
	struct serve_options given = { 0 };

	return operands_call(&options, argc, argv, &given, serve);
}
