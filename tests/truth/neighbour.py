"""What others on a host do while a run goes on there.

neighbour.py hold|close|reset PORT COUNT SOURCE: connects so often, and keeps the connections,
closes them, or resets them. neighbour.py listen|bind|udp ADDRESS PORT COUNT: takes that many ports
from PORT on. neighbour.py wait PORT COUNT ADDRESS SOURCE: leaves that many connections to a
listener of its own on ADDRESS in TIME_WAIT. neighbour.py overflow PORT: keeps a listener of its
own overflowing. neighbour.py squat silent|close PORT: joins the SO_REUSEPORT group of a port once
there is one, and accepts nothing, or closes what it accepts. Says "ready" once done, and goes on until its standard input ends.
"""

import resource
import socket
import struct
import sys
import threading
import time

kept = []


def patiently(act):
    until = time.monotonic() + 20
    while True:
        try:
            return act()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def connected(source, port, address="127.0.0.1"):
    s = socket.socket()
    s.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
    s.bind((source, 0))
    s.connect((address, port))
    return s


def strangers(how, port, count, source):
    for _ in range(count):
        s = patiently(lambda: connected(source, port))
        if how == "hold":
            kept.append(s)
            continue
        if how == "reset":
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()


def is_listened(port):
    with open("/proc/net/tcp", encoding="ascii") as sockets:
        return any(f"0100007F:{port:04X} 00000000:0000 0A" in line for line in sockets)


def squat(how, port):
    until = time.monotonic() + 20
    while not is_listened(port) and time.monotonic() < until:
        time.sleep(0.01)
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    s.bind(("127.0.0.1", port))
    s.listen(4096)
    kept.append(s)
    if how == "close":
        threading.Thread(target=close_all, args=(s,), daemon=True).start()


def close_all(listener):
    while True:
        listener.accept()[0].close()


def take(how, address, port, count):
    for i in range(count):
        s = socket.socket(
            socket.AF_INET6 if ":" in address else socket.AF_INET,
            socket.SOCK_DGRAM if how == "udp" else socket.SOCK_STREAM,
        )
        s.bind((address, port + i))
        if how == "listen":
            s.listen()
        kept.append(s)


def listening(address, port, backlog=128):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    s.listen(backlog)
    kept.append(s)
    return s


def leave_waiting(port, count, address, source):
    server = listening(address, port)
    for _ in range(count):
        s = connected(source, port, address)
        other, _ = server.accept()
        s.close()
        other.close()


def overflow(port):
    listening("127.0.0.1", port, 1)
    for _ in range(20):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(("127.0.0.1", port))
        kept.append(s)


def main(how, *args):
    resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
    if how in ("listen", "bind", "udp"):
        take(how, args[0], int(args[1]), int(args[2]))
    elif how == "wait":
        leave_waiting(int(args[0]), int(args[1]), args[2], args[3])
    elif how == "squat":
        squat(args[0], int(args[1]))
    elif how == "overflow":
        overflow(int(args[0]))
    else:
        strangers(how, int(args[0]), int(args[1]), args[2])
    print("ready", flush=True)
    sys.stdin.read()


main(*sys.argv[1:])
