// An HTTP server that keeps connections open: server.js PORT MOST IDLE_MS, where MOST is
// Node's own maximum of connections, or 0 for none.
"use strict";

const [port, most, idle] = process.argv.slice(2).map(Number);
const server = require("node:http").createServer((_request, response) => response.end("served\n"));

server.keepAliveTimeout = idle;
if (most > 0) server.maxConnections = most;
server.listen({ port, host: "127.0.0.1", backlog: 511 });
