/*
 * What a person calls a resource.
 */
#ifndef BRINK_ANALYSE_NOUN_H
#define BRINK_ANALYSE_NOUN_H

#include "base/units.h"

/* "memory" for "rss_bytes"; of what a limit rule is about its noun; else the name. */
const char *noun_of(const char *resource);

/* The unit of a resource, which its name ends with. */
enum unit noun_unit(const char *resource);

#endif
