/*
 * The system calls of a worker whose failures are counted.
 */
#ifndef BRINK_MODEL_CALL_H
#define BRINK_MODEL_CALL_H

enum call {
	CALL_NONE,
	CALL_SOCKET,
	CALL_BIND,
	CALL_CONNECT,
	CALL_ACCEPT,
	CALL_SEND,
	CALL_RECV,
	CALL_FORK,
	CALL_EPOLL,
	CALL_MEMORY,
	CALL_SERVE, /* no call: a server refused a connection that it had accepted */
	CALL_OTHER, /* any, where a worker has no row left for another kind */
	CALL_COUNT
};

/* "accept4", "socket", … */
const char *call_name(enum call call);

/* The call of a name, CALL_NONE where there is none. */
enum call call_find(const char *name);

#endif
