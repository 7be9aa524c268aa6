#include "model/call.h"

#include <string.h>

static const char *const names[CALL_COUNT] = {
	[CALL_NONE] = "none",       [CALL_SOCKET] = "socket",  [CALL_BIND] = "bind",
	[CALL_CONNECT] = "connect", [CALL_ACCEPT] = "accept4", [CALL_SEND] = "send",
	[CALL_RECV] = "recv",       [CALL_FORK] = "fork",      [CALL_EPOLL] = "epoll_ctl",
	[CALL_MEMORY] = "malloc",   [CALL_SERVE] = "serve",    [CALL_OTHER] = "other",
};

const char *
call_name(enum call call)
{
	return names[call];
}

enum call
call_find(const char *name)
{
	for (int call = CALL_NONE + 1; call < CALL_COUNT; call++)
		if (strcmp(names[call], name) == 0)
			return (enum call)call;
	return CALL_NONE;
}
