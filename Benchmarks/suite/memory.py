"""What idle connections and idle streams keep of the server's memory.

A connection makes one call, as a stock client would make it, and then stays. A stream is a watch that has had its first
event, 100 of them to a connection. There is no peer: the figure is compared with what was asked of the server.
"""

import os
import resource
import socket
import sys

from .common import OURS, fail, framed, swift_build
from .unary import EchoServer

CONNECTIONS = 10_000
STREAMS = 10_000
STREAMS_OF_A_CONNECTION = 100
WARM_CONNECTIONS = 500

CONNECTION_KIB_MAX = 32
STREAM_KIB_MAX = 4

NAMES = ["memory.connection", "memory.stream"]

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, ACK, END_HEADERS = 1, 1, 4
FRAME_HEAD = 9


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def text(value):
    return bytes([len(value)]) + value.encode()


def request_headers(path):
    """A header block as stock clients send it first: what can be indexed goes into the dynamic table."""
    fields = [(":path", path), (":authority", "dms.example.com:7443"), ("te", "trailers"),
              ("content-type", "application/grpc"), ("user-agent", "grpc-python/1.62.1 grpc-c/39.0.0 (linux; chttp2)"),
              ("grpc-accept-encoding", "identity, deflate, gzip"),
              ("authorization", "Bearer dms_k_" + "x" * 40)]
    # 0x83 is :method POST and 0x86 :scheme http of the static table; 0x40 a new name and value, to be indexed.
    return b"\x83\x86" + b"".join(b"\x40" + text(name) + text(value) for name, value in fields)


class Connection:
    """An HTTP/2 connection that sends what it is told and reads frames."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.input = self.socket.makefile("rb")
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))

    def call(self, stream, headers, message):
        body = frame(DATA, END_STREAM, stream, framed(message))
        self.socket.sendall(frame(HEADERS, END_HEADERS, stream, headers) + body)

    def next(self):
        """The next frame that belongs to a stream: its kind, flags and stream."""
        while True:
            head = self.input.read(FRAME_HEAD)
            if len(head) < FRAME_HEAD:
                fail("memory: the server closed a connection")
            length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
            self.input.read(length)
            if kind == SETTINGS and not flags & ACK:
                self.socket.sendall(frame(SETTINGS, ACK, 0))
            stream = int.from_bytes(head[5:], "big")
            if stream:
                return kind, flags, stream


def resident_kib(server):
    with open(f"/proc/{server.process.pid}/statm", encoding="utf-8") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1024


def idle_connection(port, order):
    connection = Connection(port)
    connection.call(1, request_headers("/bench.v1.EchoService/Echo"), order)
    while True:
        kind, flags, _ = connection.next()
        if kind == HEADERS and flags & END_STREAM:
            return connection


def idle_streams(port):
    connection = Connection(port)
    for number in range(STREAMS_OF_A_CONNECTION):
        connection.call(2 * number + 1, request_headers("/bench.v1.StreamService/Watch"), b"")
    begun = 0
    while begun < STREAMS_OF_A_CONNECTION:
        kind, flags, _ = connection.next()
        if flags & END_STREAM:
            fail("memory: a watch ended")
        begun += kind == DATA
    return connection


def run(results, order, names, _options):
    swift_build("echo-server")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < CONNECTIONS + 1_000:
        print(f"  memory: this machine allows {most} open files; skipped", file=sys.stderr)
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    program = os.path.join(OURS, "echo-server")
    with open(order, "rb") as file:
        message = file.read()
    for name in names:
        with EchoServer(program, order) as server:
            # What the first connections need besides themselves, such as buffers that all share, is not theirs.
            kept = [idle_connection(server.port, message) for _ in range(WARM_CONNECTIONS)]
            before = resident_kib(server)
            if name == "memory.connection":
                kept += [idle_connection(server.port, message) for _ in range(CONNECTIONS)]
                each, most = (resident_kib(server) - before) / CONNECTIONS, CONNECTION_KIB_MAX
            else:
                kept += [idle_streams(server.port) for _ in range(STREAMS // STREAMS_OF_A_CONNECTION)]
                each, most = (resident_kib(server) - before) / STREAMS, STREAM_KIB_MAX
            for connection in kept:
                connection.socket.close()
        results.add(name, "KiB", [each], "what it may be", [most])
