/*
 * The names and values that people put on runs: "ticket=4711".
 */
#ifndef BRINK_PLAN_TAG_NAME_H
#define BRINK_PLAN_TAG_NAME_H

#include <stddef.h>

#define TAG_NAME_MAX 64

/* NULL where the text up to length is the name of a tag, else what one is. */
const char *tag_name_check(const char *name, size_t length);

#endif
