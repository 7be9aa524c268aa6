"""An echo server that gives way in a way of one's choice.

Each option is a way: a full house (--most) that turns newcomers away with words, closes them
(--words ''), stops accepting (--full stop), stops answering (--full mute) or lets the oldest go
(--full evict); an end (--crash), a process for each connection (--fork), memory that each
connection takes (--memory-each), an age at which a connection ends (--age).
"""

import argparse
import collections
import os
import selectors
import socket
import sys
import time

option = argparse.ArgumentParser()
option.add_argument("--port", type=int, required=True)
option.add_argument("--backlog", type=int, default=511)
option.add_argument("--most", type=int, default=1 << 30)
option.add_argument("--full", choices=["refuse", "stop", "mute", "evict"], default="refuse")
option.add_argument("--words", default="")
option.add_argument("--crash", type=int, default=1 << 30)
option.add_argument("--fork", type=int, default=0)
option.add_argument("--memory-each", type=int, default=0)
option.add_argument("--age", type=float, default=0)
option.add_argument("--reopen", type=int, default=0)
option = option.parse_args()

events = selectors.DefaultSelector()
held = collections.OrderedDict()  # by when they came
accepted = 0
listener = None


def listen():
    global listener
    listener = socket.create_server(("127.0.0.1", option.port), backlog=option.backlog)
    listener.setblocking(False)
    events.register(listener, selectors.EVENT_READ)


def let_go(connection):
    if held.pop(connection, None) is not None:
        if option.full != "mute" or connection in events.get_map():
            events.unregister(connection)
        connection.close()


def echo(connection):
    try:
        said = connection.recv(65536)
        if said:
            connection.sendall(said)
            return
    except OSError:
        pass
    let_go(connection)


def serve_in_child(connection):
    try:
        child = os.fork()
    except OSError as error:
        print("fork:", error, file=sys.stderr, flush=True)
        connection.close()
        return
    if child == 0:
        listener.close()
        connection.setblocking(True)
        while said := connection.recv(65536):
            connection.sendall(said)
        os._exit(0)
    connection.close()


def take():
    """One newcomer, as a server does that has no better plan for a failure."""
    global accepted
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return
    except OSError as error:
        print("accept:", error, file=sys.stderr, flush=True)
        time.sleep(0.05)
        return
    accepted += 1
    if accepted > option.crash:
        os.abort()
    if option.fork:
        serve_in_child(connection)
        return
    connection.setblocking(False)
    if len(held) >= option.most:
        if option.full == "refuse":
            if option.words:
                connection.sendall(option.words.encode())
            connection.close()
            return
        if option.full == "evict":
            let_go(next(iter(held)))
    memory = bytearray(os.urandom(1) * option.memory_each) if option.memory_each else None
    held[connection] = (time.monotonic(), memory)
    if option.full == "mute" and len(held) > option.most:
        return
    events.register(connection, selectors.EVENT_READ)
    if option.full == "stop" and len(held) >= option.most:
        events.unregister(listener)
    if option.reopen and accepted == option.reopen:
        events.unregister(listener)
        listener.close()
        listen()


listen()
while True:
    if option.fork:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
    for key, _ in events.select(0.1 if option.age or option.fork else None):
        if key.fileobj is listener:
            take()
        else:
            echo(key.fileobj)
    while option.age and held:
        oldest = next(iter(held))
        if time.monotonic() - held[oldest][0] < option.age:
            break
        let_go(oldest)
