#include "analyse/display_name.h"

#include <string.h>

#include "analyse/limit_rule.h"
#include "model/resource.h"

/* What is computed from samples and named like a resource. */
static const struct {
	const char *name, *display_name;
	enum unit unit;
} computed[] = {
	{ "broke_held", "connections at the break", UNIT_COUNT },
	{ "settled_us", "time until all was back", UNIT_US },
};

#define COMPUTED (sizeof(computed) / sizeof(computed[0]))

const char *
display_name_of(const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].display_name != NULL &&
		    strcmp(resources[i].name, resource) == 0)
			return resources[i].display_name;
	for (size_t i = 0; i < COMPUTED; i++)
		if (strcmp(computed[i].name, resource) == 0)
			return computed[i].display_name;
	return limit_rule_display_name(resource);
}

enum unit
display_name_unit(const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(resources[i].name, resource) == 0)
			return resources[i].unit;
	for (size_t i = 0; i < COMPUTED; i++)
		if (strcmp(computed[i].name, resource) == 0)
			return computed[i].unit;
	return UNIT_COUNT;
}
