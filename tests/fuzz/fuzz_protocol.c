/* Files of --protocol. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "protocol/script_file.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("protocol", MFD_CLOEXEC);
	struct exchange exchange = { .number = UINT32_MAX };
	struct protocol_client client;
	struct protocol *protocol;
	char path[64], *sentence = NULL;
	size_t length;
	FILE *why = open_memstream(&sentence, &length);

	PROMISED(fd != -1 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	protocol = script_file_load(path, why);
	fclose(why);
	PROMISED((protocol == NULL) == (length > 0));
	if (protocol == NULL)
		PROMISED(strncmp(sentence, path, strlen(path)) == 0 &&
			 strchr(sentence, '\n') == NULL);
	if (protocol != NULL) {
		PROMISED(protocol_client_init(&client, protocol, 64) == 0);
		PROMISED(protocol->say(&client, &exchange) <= client.message_size);
		exchange.again = 1;
		PROMISED(protocol->say(&client, &exchange) <= client.message_size);
		free(client.message);
	}
	free(protocol);
	free(sentence);
	close(fd);
	return 0;
}
