/*
 * A directory of a test's own, with files in it.
 */
#ifndef BRINK_TESTS_MADE_TREE_H
#define BRINK_TESTS_MADE_TREE_H

#include <stdbool.h>

struct made_tree {
	char root[64];
};

/* Makes it; paths below are relative to it. Everything that fails fails the test. */
void made_tree_begin(struct made_tree *tree);
/* Removes it and all that is in it. */
void made_tree_end(struct made_tree *tree);

void made_tree_directory(const struct made_tree *tree, const char *path);
void made_tree_file(const struct made_tree *tree, const char *path, const char *text);
bool made_tree_has(const struct made_tree *tree, const char *path);

#endif
