#include "cmd/saved_query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/embed.h"
#include "base/log.h"

const char *
saved_query_name(size_t i)
{
	return embedded_queries[i].name;
}

size_t
saved_query_count(void)
{
	size_t count = 0;

	while (embedded_queries[count].name != NULL)
		count++;
	return count;
}

static char *
copy(const char *text, size_t length)
{
	char *copied = strndup(text, length);

	if (copied == NULL)
		fatal("cannot hold a saved query");
	return copied;
}

static bool
is_number(const char *text)
{
	char *end;

	strtod(text, &end);
	return end != text && *end == '\0';
}

/* ":name (default) help" of length bytes; false where it is of another shape. */
static bool
read_parameter(struct saved_parameter *parameter, const char *line, size_t length)
{
	const char *open = memchr(line, '(', length);
	const char *close = memchr(line, ')', length);

	if (open == NULL || close == NULL || open < line + 3 || close < open)
		return false;
	parameter->name = copy(line + 1, (size_t)(open - line - 2));
	parameter->def = copy(open + 1, (size_t)(close - open - 1));
	parameter->help = copy(close + 2, (size_t)(line + length - close - 2));
	parameter->is_number = is_number(parameter->def);
	if (strcmp(parameter->def, "any") == 0) {
		free(parameter->def);
		parameter->def = NULL;
	}
	return true;
}

static void
read_head(struct saved_query *query, FILE *answers)
{
	const char *line = query->sql;

	for (; strncmp(line, "--", 2) == 0; line += strcspn(line, "\n") + 1) {
		const char *text = line + 2 + strspn(line + 2, " ");
		size_t length = strcspn(text, "\n");

		if (text[0] == ':' && query->count < SAVED_QUERY_PARAMETERS)
			query->count += read_parameter(&query->parameters[query->count],
						       text, length);
		else if (length > 0)
			fprintf(answers, "%s%.*s", line == query->sql ? "" : " ",
				(int)length, text);
	}
}

bool
saved_query_read(struct saved_query *query, size_t i)
{
	size_t size;
	FILE *answers;

	*query = (struct saved_query){ 0 };
	if (i >= saved_query_count())
		return false;
	query->name = embedded_queries[i].name;
	query->sql = embedded_queries[i].text;
	answers = open_memstream(&query->answers, &size);
	if (answers == NULL)
		fatal("cannot hold a saved query");
	read_head(query, answers);
	if (fclose(answers) == EOF)
		fatal("cannot hold a saved query");
	return true;
}

bool
saved_query_find(struct saved_query *query, const char *name)
{
	for (size_t i = 0; i < saved_query_count(); i++)
		if (strcmp(saved_query_name(i), name) == 0)
			return saved_query_read(query, i);
	*query = (struct saved_query){ 0 };
	return false;
}

void
saved_query_free(struct saved_query *query)
{
	for (size_t i = 0; i < query->count; i++) {
		free(query->parameters[i].name);
		free(query->parameters[i].def);
		free(query->parameters[i].help);
	}
	free(query->answers);
}
