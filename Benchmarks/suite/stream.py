"""Streams of events of a hundred bytes, one way, under h2load, against gRPC C++."""

import os
import re
import tempfile

from .common import GRPC_PREFIX, OURS, PEERS, fail, framed, make_peer, output_of, swift_build
from .unary import EchoServer

EVENTS = 100_000  # of one call
CALLS = 10
EVENT_BYTES = 100

METHODS = {"stream.server": "Download", "stream.client": "Upload"}
NAMES = list(METHODS)


def varint(number):
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(encoded + bytes([number]))


def number_field(field, number):
    return bytes([field << 3]) + varint(number)


def text_field(field, text):
    return bytes([field << 3 | 2, len(text)]) + text.encode()


def event():
    """The event that both servers send, as a client sends it."""
    encoded = (
        number_field(1, (1 << 21) + 1) + text_field(2, "dealers/10-4711") + text_field(3, "SKU-0815-0042-XL")
        + text_field(4, "warehouses/main") + number_field(5, 12) + number_field(6, 1_763_990_400_000_001)
        + text_field(7, "counted by hand, after closing"))
    if len(encoded) != EVENT_BYTES:
        fail(f"an event has {len(encoded)} bytes")
    return encoded


def events_a_second(server, method, body):
    """Runs the calls one after another; every event must have come, and every call must have been answered."""
    text = output_of(
        "timeout", "120", "h2load", "-n", str(CALLS), "-c", "1", "-m", "1", "-w", "24", "-W", "24", "-t", "1", "-d",
        body, "-H", "content-type: application/grpc", "-H", "te: trailers",
        f"http://127.0.0.1:{server.port}/bench.v1.StreamService/{method}", text=True)
    number, unit = re.search(r"finished in ([\d.]+)(us|ms|s)", text).groups()
    seconds = float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]
    succeeded = int(re.search(r"(\d+) succeeded", text)[1])
    data = int(re.search(r"\((\d+)\) data", text)[1])
    if method == "Download":
        expected = EVENTS * (GRPC_PREFIX + EVENT_BYTES)
    else:
        expected = len(framed(number_field(1, EVENTS) + number_field(2, 12 * EVENTS)))
    if succeeded != CALLS or data != CALLS * expected:
        fail(f"{server.program}: {succeeded} of {CALLS} calls succeeded, with {data} bytes of replies:\n{text}")
    return CALLS * EVENTS / seconds


def run(results, order, names, options):
    swift_build("echo-server")
    make_peer("grpc_echo_server")
    ours, theirs = os.path.join(OURS, "echo-server"), os.path.join(PEERS, "grpc_echo_server")
    for name in names:
        method = METHODS[name]
        with tempfile.NamedTemporaryFile() as body:
            body.write(framed(number_field(1, EVENTS)) if method == "Download" else framed(event()) * EVENTS)
            body.flush()
            rates = {ours: [], theirs: []}
            for _ in range(options.pairs):
                for program in rates:
                    with EchoServer(program, order) as server:
                        rates[program].append(events_a_second(server, method, body.name))
        results.add(name, "events/s", rates[ours], "gRPC C++, callback API", rates[theirs])
