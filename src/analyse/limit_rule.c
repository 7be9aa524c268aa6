#include "analyse/limit_rule.h"

#include <string.h>

const char *
limit_rule_display_name(const char *resource)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		if (limit_rules[i].resource != NULL &&
		    strcmp(limit_rules[i].resource, resource) == 0)
			return limit_rules[i].display_name;
	return resource;
}

void
limit_rule_advice(const struct limit_rule *rule, const char *value, char *buf,
		  size_t size)
{
	buf[0] = '\0';
	for (const char *p = rule->advice; *p != '\0'; p++) {
		const char one[2] = { *p, '\0' };

		strlcat(buf, *p == '@' ? value : one, size);
	}
}

enum unit
limit_rule_unit(const struct limit_rule *rule)
{
	bool is_bytes = rule->resource != NULL && strstr(rule->resource, "bytes") != NULL;

	return is_bytes ? UNIT_BYTES : UNIT_COUNT;
}

const struct limit_rule *
limit_rule_find(const char *id)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		if (strcmp(limit_rules[i].id, id) == 0)
			return &limit_rules[i];
	return NULL;
}
