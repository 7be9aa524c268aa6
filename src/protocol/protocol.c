#include "protocol/protocol.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/script_file.h"

#define BUFFER_BYTES 16384
#define HEADS_MIN    16

/* The beginning of an answer that came in part, or a free place for one. */
struct protocol_head {
	uint32_t next; /* free: as exchange.head */
	uint32_t bytes;
	char text[PROTOCOL_HEAD_BYTES];
};

static const struct protocol *const protocols[] = {
	&protocol_none,  &protocol_echo,      &protocol_http,     &protocol_websocket,
	&protocol_redis, &protocol_memcached, &protocol_postgres, &protocol_mqtt,
	&protocol_smtp,  &protocol_ftp,       &protocol_ssh,      &protocol_banner,
};

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

const struct protocol *
protocol_find(const char *name)
{
	for (size_t i = 0; i < PROTOCOLS; i++)
		if (strcmp(protocols[i]->name, name) == 0)
			return protocols[i];
	return NULL;
}

/* What protocol_load() was last called for. */
static const struct protocol *loaded;

int
protocol_load(const char *name, FILE *why)
{
	loaded = protocol_find(name);
	if (loaded != NULL)
		return 0;
	if (strchr(name, '/') == NULL && access(name, F_OK) == -1) {
		fputs("neither a file nor one of ", why);
		for (size_t i = 0; i < PROTOCOLS; i++)
			fprintf(why, "%s%s", protocols[i]->name,
				i + 2 < PROTOCOLS   ? ", "
				: i + 1 < PROTOCOLS ? " and "
						    : "");
		return -1;
	}
	loaded = script_file_load(name, why);
	return loaded != NULL ? 0 : -1;
}

const struct protocol *
protocol_of(const struct plan *plan)
{
	(void)plan;
	return loaded != NULL ? loaded : &protocol_echo;
}

int
protocol_check(const struct plan *plan, FILE *err)
{
	char *why = NULL;
	size_t size;
	FILE *memo = open_memstream(&why, &size);
	int failed;

	if (memo == NULL)
		return -1;
	failed = protocol_load(plan->protocol, memo);
	if (!failed && !plan_is_external(plan) && !plan_says_nothing(plan) &&
	    loaded->answer == NULL) {
		fputs("needs a --target: brink's own acceptors speak echo", memo);
		failed = -1;
	}
	fclose(memo);
	if (failed)
		fprintf(err, "brink run: --protocol %s: %s\n", plan->protocol, why);
	free(why);
	return failed;
}

static size_t
larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

int
protocol_client_init(struct protocol_client *client, const struct protocol *protocol,
		     size_t message_bytes)
{
	size_t message_size = larger(message_bytes, PROTOCOL_MESSAGE_MAX);
	size_t buffer_size = larger(message_bytes, BUFFER_BYTES);

	*client = (struct protocol_client){
		.protocol = protocol,
		.message = calloc(1, message_size + buffer_size),
		.message_size = message_size,
		.message_bytes = message_bytes,
		.buffer_size = buffer_size,
	};
	if (client->message == NULL)
		return -1;
	client->buffer = client->message + message_size;
	return 0;
}

static ssize_t
broken(struct protocol_client *client, enum call call, int error)
{
	client->call = call;
	client->error = error;
	return -1;
}

static ssize_t
receive(struct protocol_client *client, int fd)
{
	ssize_t got = recv(fd, client->buffer, client->buffer_size, 0);

	if (got == -1 && errno == EAGAIN)
		return 0;
	if (got <= 0)
		return broken(client, CALL_RECV, got == 0 ? 0 : errno);
	client->received_bytes += got;
	return got;
}

static ssize_t
send_some(struct protocol_client *client, int fd, const char *data, size_t bytes)
{
	ssize_t sent = send(fd, data, bytes, MSG_NOSIGNAL);

	if (sent == -1 && errno == EAGAIN)
		return 0;
	if (sent == -1)
		return broken(client, CALL_SEND, errno);
	client->sent_bytes += sent;
	return sent;
}

void
protocol_keep_words(struct protocol_client *client, const char *data, size_t bytes)
{
	const char *end = bytes > 0 ? memchr(data, '\n', bytes) : NULL;

	if (end != NULL)
		bytes = (size_t)(end - data);
	if (bytes > 0 && data[bytes - 1] == '\r')
		bytes--;
	if (bytes > PROTOCOL_WORDS)
		bytes = PROTOCOL_WORDS;
	if (bytes > 0)
		memcpy(client->words, data, bytes);
	client->words_bytes = bytes;
}

static struct protocol_head *
head_of(const struct protocol_client *client, const struct exchange *exchange)
{
	return exchange->head > 0 ? &client->heads[exchange->head - 1] : NULL;
}

/* Twice as many places. */
static int
add_heads(struct protocol_client *client)
{
	uint32_t size = client->heads_size > 0 ? 2 * client->heads_size : HEADS_MIN;
	struct protocol_head *heads = reallocarray(client->heads, size, sizeof(*heads));

	if (heads == NULL)
		return -1;
	for (uint32_t i = client->heads_size; i < size; i++)
		heads[i].next = i + 1 < size ? i + 2 : 0;
	client->heads_free = client->heads_size + 1;
	client->heads_size = size;
	client->heads = heads;
	return 0;
}

static int
keep_head(struct protocol_client *client, struct exchange *exchange,
	  const struct heard *heard)
{
	struct protocol_head *head = head_of(client, exchange);

	if (head != NULL)
		return 0;
	if (client->heads_free == 0 && add_heads(client) == -1)
		return -1;
	exchange->head = client->heads_free;
	head = head_of(client, exchange);
	client->heads_free = head->next;
	head->bytes = (uint32_t)heard->head_bytes;
	memcpy(head->text, heard->head, heard->head_bytes);
	return 0;
}

static void
forget_head(struct protocol_client *client, struct exchange *exchange)
{
	struct protocol_head *head = head_of(client, exchange);

	if (head == NULL)
		return;
	head->next = client->heads_free;
	client->heads_free = exchange->head;
	exchange->head = 0;
}

static size_t
room_for(size_t bytes, size_t used)
{
	return bytes < PROTOCOL_HEAD_BYTES - used ? bytes : PROTOCOL_HEAD_BYTES - used;
}

/* What came, behind what had come before. */
static struct heard
hear_more(const struct protocol_client *client, const struct exchange *exchange,
	  size_t bytes)
{
	struct protocol_head *head = head_of(client, exchange);
	struct heard heard = { .data = client->buffer, .bytes = bytes };

	if (head == NULL) {
		heard.head = client->buffer;
		heard.head_bytes = room_for(bytes, 0);
	} else {
		size_t more = room_for(bytes, head->bytes);

		memcpy(head->text + head->bytes, client->buffer, more);
		head->bytes += (uint32_t)more;
		heard.head = head->text;
		heard.head_bytes = head->bytes;
	}
	return heard;
}

/* The exchange is over, in whatever way. */
static enum exchange_state
over(struct protocol_client *client, struct exchange *exchange, enum exchange_state state)
{
	forget_head(client, exchange);
	exchange->unsent = 0;
	exchange->answered = 0;
	if (state == EXCHANGE_SERVED)
		exchange->again = 1;
	return state;
}

void
protocol_abandon(struct protocol_client *client, struct exchange *exchange)
{
	struct protocol_head *head = head_of(client, exchange);

	client->words_bytes = 0;
	if (head != NULL)
		protocol_keep_words(client, head->text, head->bytes);
	over(client, exchange, EXCHANGE_FAILED);
}

static enum exchange_state
fail(struct protocol_client *client, struct exchange *exchange)
{
	protocol_abandon(client, exchange);
	return EXCHANGE_FAILED;
}

/* What came is judged: EXCHANGE_SENDS where the next is to be said. */
static enum exchange_state
judge(struct protocol_client *client, struct exchange *exchange, size_t bytes)
{
	struct heard heard = hear_more(client, exchange, bytes);
	enum exchange_state state;

	client->words_bytes = 0;
	client->reply_bytes = 0;
	state = client->protocol->hear(client, exchange, &heard);
	if (state == EXCHANGE_REFUSED) {
		if (client->words_bytes == 0)
			protocol_keep_words(client, heard.head, heard.head_bytes);
		return over(client, exchange, state);
	}
	if (state != EXCHANGE_WAITS)
		forget_head(client, exchange);
	else if (keep_head(client, exchange, &heard) == -1) {
		broken(client, CALL_MEMORY, ENOMEM);
		return fail(client, exchange);
	}
	return state;
}

/* The socket takes nothing any more: what the other side had said before it ended the
 * connection can still be read, and says why. */
static enum exchange_state
fail_to_send(struct protocol_client *client, int fd, struct exchange *exchange)
{
	enum exchange_state state = EXCHANGE_WAITS;
	enum call call = client->call;
	int error = client->error;
	ssize_t got;

	while (state == EXCHANGE_WAITS && (got = receive(client, fd)) > 0)
		state = judge(client, exchange, (size_t)got);
	if (state == EXCHANGE_REFUSED)
		return state;
	broken(client, call, error);
	return fail(client, exchange);
}

/* Of an exchange that was not refused and has not failed. */
static enum exchange_state
state_of(struct protocol_client *client, struct exchange *exchange)
{
	if (exchange->unsent > 0)
		return EXCHANGE_SENDS;
	if (exchange->answered)
		return over(client, exchange, EXCHANGE_SERVED);
	return EXCHANGE_WAITS;
}

/* Of the message, of that many bytes, what is unsent. */
static enum exchange_state
send_rest(struct protocol_client *client, int fd, struct exchange *exchange, size_t bytes)
{
	ssize_t sent = 0;

	if (exchange->unsent > 0)
		sent = send_some(client, fd, client->message + bytes - exchange->unsent,
				 exchange->unsent);
	if (sent == -1)
		return fail_to_send(client, fd, exchange);
	exchange->unsent -= (uint32_t)sent;
	return state_of(client, exchange);
}

static enum exchange_state
say(struct protocol_client *client, int fd, struct exchange *exchange)
{
	size_t bytes = client->protocol->say(client, exchange);

	exchange->unsent = (uint32_t)bytes;
	return send_rest(client, fd, exchange, bytes);
}

enum exchange_state
protocol_begin(struct protocol_client *client, int fd, struct exchange *exchange)
{
	exchange->unsent = 0;
	exchange->answered = 0;
	if (!client->protocol->overhears) {
		exchange->left = 0;
		exchange->match = 0;
		exchange->flags = 0;
	}
	return say(client, fd, exchange);
}

enum exchange_state
protocol_writable(struct protocol_client *client, int fd, struct exchange *exchange)
{
	return send_rest(client, fd, exchange, client->protocol->say(client, exchange));
}

/* What hear() replies, once the message is out. It is short: a socket that does not take it whole
 * is of no use any more. */
static int
send_reply(struct protocol_client *client, int fd, const struct exchange *exchange)
{
	size_t bytes = exchange->unsent == 0 ? client->reply_bytes : 0;
	ssize_t sent = 0;

	client->reply_bytes = 0;
	if (bytes > 0)
		sent = send_some(client, fd, client->message, bytes);
	if (sent == -1)
		return -1;
	return (size_t)sent == bytes ? 0 : (int)broken(client, CALL_SEND, EAGAIN);
}

ssize_t
protocol_overhear(struct protocol_client *client, int fd, struct exchange *exchange)
{
	ssize_t got = receive(client, fd);
	struct heard heard = { .data = client->buffer };

	client->words_bytes = 0;
	client->reply_bytes = 0;
	if (got <= 0 || !client->protocol->overhears)
		return got;
	heard.bytes = (size_t)got;
	if (client->protocol->hear(client, exchange, &heard) == EXCHANGE_REFUSED)
		return broken(client, CALL_RECV, 0);
	return send_reply(client, fd, exchange) == 0 ? got : -1;
}

enum exchange_state
protocol_readable(struct protocol_client *client, int fd, struct exchange *exchange)
{
	ssize_t got = receive(client, fd);
	enum exchange_state state;

	if (got == 0)
		return state_of(client, exchange);
	if (got == -1) {
		bool whole = client->error == 0 && client->protocol->ends != NULL &&
			     client->protocol->ends(exchange);

		return whole ? over(client, exchange, EXCHANGE_SERVED)
			     : fail(client, exchange);
	}
	state =
	    exchange->answered ? EXCHANGE_SERVED : judge(client, exchange, (size_t)got);
	if (state != EXCHANGE_REFUSED && state != EXCHANGE_FAILED &&
	    send_reply(client, fd, exchange) == -1)
		return fail(client, exchange);
	if (state == EXCHANGE_SENDS)
		return say(client, fd, exchange);
	if (state == EXCHANGE_SERVED)
		exchange->answered = 1;
	if (state == EXCHANGE_SERVED || state == EXCHANGE_WAITS)
		return state_of(client, exchange);
	return state;
}
