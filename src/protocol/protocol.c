#include "protocol/protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct protocol *const protocols[] = { &protocol_echo };

const struct protocol *
protocol_find(const char *name)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strcmp(protocols[i]->name, name) == 0)
			return protocols[i];
	return NULL;
}

void
protocol_keep_words(struct protocol_client *client, const char *data, size_t bytes)
{
	client->words_bytes = bytes < PROTOCOL_WORDS ? bytes : PROTOCOL_WORDS;
	memcpy(client->words, data, client->words_bytes);
}

const struct protocol *
protocol_of(const struct plan *plan)
{
	(void)plan;
	return &protocol_echo;
}

int
protocol_client_init(struct protocol_client *client, const struct protocol *protocol,
		     size_t message_bytes)
{
	*client = (struct protocol_client){
		.protocol = protocol,
		.message = calloc(2, message_bytes),
		.message_bytes = message_bytes,
	};
	return client->message != NULL ? 0 : -1;
}

static ssize_t
broken(struct protocol_client *client, enum call call, int error)
{
	client->call = call;
	client->error = error;
	return -1;
}

ssize_t
protocol_receive(struct protocol_client *client, int fd)
{
	char *buffer = client->message + client->message_bytes;
	ssize_t got = recv(fd, buffer, client->message_bytes, 0);

	if (got == -1 && errno == EAGAIN)
		return 0;
	if (got <= 0)
		return broken(client, CALL_RECV, got == 0 ? 0 : errno);
	client->received_bytes += got;
	return got;
}

ssize_t
protocol_send(struct protocol_client *client, int fd, const char *data, size_t bytes)
{
	ssize_t sent = send(fd, data, bytes, MSG_NOSIGNAL);

	if (sent == -1 && errno == EAGAIN)
		return 0;
	if (sent == -1)
		return broken(client, CALL_SEND, errno);
	client->sent_bytes += sent;
	return sent;
}
