#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_tree.h"

typedef char path_text[256];

static const char *
full_path(const struct made_tree *tree, const char *path, path_text full)
{
	snprintf(full, sizeof(path_text), "%s/%s", tree->root, path);
	return full;
}

void
made_tree_begin(struct made_tree *tree)
{
	strlcpy(tree->root, "/tmp/brink-tree.XXXXXX", sizeof(tree->root));
	assert_non_null(mkdtemp(tree->root));
}

void
made_tree_end(struct made_tree *tree)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", tree->root);
	assert_int_equal(system(command), 0);
}

void
made_tree_directory(const struct made_tree *tree, const char *path)
{
	path_text full;

	assert_int_equal(mkdir(full_path(tree, path, full), 0700), 0);
}

void
made_tree_file(const struct made_tree *tree, const char *path, const char *text)
{
	path_text full;
	FILE *file = fopen(full_path(tree, path, full), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

bool
made_tree_has(const struct made_tree *tree, const char *path)
{
	path_text full;

	return access(full_path(tree, path, full), F_OK) == 0;
}
