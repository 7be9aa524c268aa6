"""An echo server that is not brink's own: echo_server.py ADDRESS [BACKLOG].

ADDRESS is a port of 127.0.0.1, "[::1]:PORT" or the path of a unix socket. Where accept(2)
fails it stops accepting, as many servers do.
"""

import selectors
import socket
import sys
import time


def listen(address, backlog):
    if address.startswith("["):
        server = socket.socket(socket.AF_INET6)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("::1", int(address.rsplit(":", 1)[1])))
    elif "/" in address:
        server = socket.socket(socket.AF_UNIX)
        server.bind(address)
    else:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", int(address)))
    server.listen(backlog)
    server.setblocking(False)
    return server


def main():
    server = listen(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 128)
    ready = selectors.EpollSelector()
    ready.register(server, selectors.EVENT_READ)
    while True:
        for key, _ in ready.select():
            if key.fileobj is server:
                try:
                    connection = server.accept()[0]
                except BlockingIOError:
                    continue
                except OSError as error:
                    print(error, file=sys.stderr, flush=True)
                    time.sleep(0.05)
                    continue
                connection.setblocking(False)
                ready.register(connection, selectors.EVENT_READ)
                continue
            try:
                data = key.fileobj.recv(65536)
                if data:
                    key.fileobj.send(data)
                    continue
            except OSError:
                pass
            ready.unregister(key.fileobj)
            key.fileobj.close()


main()
