/*
 * A protocol of the user's own, from a file: see PROTOCOLS in brink-run(1).
 */
#ifndef BRINK_PROTOCOL_SCRIPT_FILE_H
#define BRINK_PROTOCOL_SCRIPT_FILE_H

#include <stdio.h>

#include "protocol/protocol.h"

/* The protocol that the file tells; the caller frees it. NULL after writing to why what
 * is wrong and what is allowed, "FILE:LINE: …" where a line is, without a full stop. */
struct protocol *script_file_load(const char *path, FILE *why);

#endif
