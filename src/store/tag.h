/*
 * Names and values that people put on runs.
 */
#ifndef BRINK_STORE_TAG_H
#define BRINK_STORE_TAG_H

#include <stdint.h>

#include "store/db.h"

/* Puts a tag on the run: "NAME=VALUE", in the place of the value that is there, or "NAME", which
 * leaves it, else has "". 0, or -1. */
int tag_put(struct db *db, int64_t run_id, const char *tag);

/* 1 where the tag is taken off, 0 where there was none of the name, -1 on an error. */
int tag_remove(struct db *db, int64_t run_id, const char *name);

/* A statement that gives name and value of each tag of the run, or NULL; the caller
 * finishes it. */
struct db_statement *tag_list(struct db *db, int64_t run_id);

#endif
