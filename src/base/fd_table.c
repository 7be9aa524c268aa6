#include "base/fd_table.h"

#include <sys/mman.h>

void *
fd_table_new(size_t capacity, size_t entry_bytes)
{
	void *table = mmap(NULL, capacity * entry_bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return table != MAP_FAILED ? table : NULL;
}

void *
fd_table_make_room(void *table, size_t *capacity, size_t entry_bytes, int fd)
{
	size_t wanted = *capacity;
	void *grown;

	if ((size_t)fd < wanted)
		return table;
	while (wanted <= (size_t)fd)
		wanted *= 2;
	grown =
	    mremap(table, *capacity * entry_bytes, wanted * entry_bytes, MREMAP_MAYMOVE);
	if (grown == MAP_FAILED)
		return NULL;
	*capacity = wanted;
	return grown;
}
