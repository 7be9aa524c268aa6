#include "run/children.h"

#include <signal.h>
#include <stdlib.h>

int
children_init(struct children *children, int32_t capacity)
{
	children->count = 0;
	children->capacity = capacity;
	children->child = calloc((size_t)capacity, sizeof(struct child));
	return children->child == NULL ? -1 : 0;
}

void
children_free(struct children *children)
{
	free(children->child);
}

void
children_add(struct children *children, pid_t pid, enum role role, int32_t slot)
{
	struct child added = { .pid = pid, .role = role, .slot = slot };

	for (int32_t i = 0; i < children->count; i++)
		if (children->child[i].pid == 0) {
			children->child[i] = added;
			return;
		}
	if (children->count < children->capacity)
		children->child[children->count++] = added;
}

bool
children_take(struct children *children, pid_t pid, struct child *child)
{
	for (int32_t i = 0; i < children->count; i++)
		if (children->child[i].pid == pid) {
			*child = children->child[i];
			children->child[i].pid = 0;
			return true;
		}
	return false;
}

static bool
counts(const struct child *child, enum role role)
{
	if (child->pid == 0)
		return false;
	if (role == ROLE_NONE)
		return child->role != ROLE_SAMPLER && child->role != ROLE_RECORDER;
	return child->role == role;
}

int32_t
children_alive(const struct children *children, enum role role)
{
	int32_t alive = 0;

	for (int32_t i = 0; i < children->count; i++)
		alive += counts(&children->child[i], role);
	return alive;
}

void
children_kill(const struct children *children, enum role role)
{
	for (int32_t i = 0; i < children->count; i++)
		if (counts(&children->child[i], role))
			kill(children->child[i].pid, SIGKILL);
}
