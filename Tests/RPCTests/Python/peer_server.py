"""A stock grpcio server that the client is tested against.

Serves the service test.Peer with methods over plain bytes, of all four kinds. Prints one line
"ready ADDRESS" once it listens, and ends when its standard input is closed.
"""

import argparse
import os
import sys
import threading
import time
from concurrent import futures

import grpc

CODES = {code.value[0]: code for code in grpc.StatusCode}


class Peer(grpc.GenericRpcHandler):
    def __init__(self):
        self.lock = threading.Lock()
        self.changed = threading.Condition(self.lock)
        self.attempts = {}
        self.ended = {}

    def service(self, details):
        method = details.method.rpartition("/")[2]
        service = details.method.split("/")[1]
        if service != "test.Peer":
            return None
        for prefix, make in (
            ("unary", grpc.unary_unary_rpc_method_handler),
            ("server", grpc.unary_stream_rpc_method_handler),
            ("client", grpc.stream_unary_rpc_method_handler),
            ("bidi", grpc.stream_stream_rpc_method_handler),
        ):
            function = getattr(self, prefix + "_" + method, None)
            if function is not None:
                return make(function)
        return None

    # Unary.

    def unary_Echo(self, request, context):
        return request

    def unary_Metadata(self, request, context):
        """Sends the metadata named x-… back, as initial and as trailing metadata, and lists all names."""
        own = [(k, v) for k, v in context.invocation_metadata() if k.startswith("x-")]
        context.send_initial_metadata(own)
        context.set_trailing_metadata(own)
        return "\n".join(
            f"{k}={v if isinstance(v, str) else v.hex()}" for k, v in context.invocation_metadata()
        ).encode()

    def unary_TimeRemaining(self, request, context):
        remaining = context.time_remaining()
        return b"none" if remaining is None or remaining > 1e6 else str(int(remaining * 1000)).encode()

    def unary_Fail(self, request, context):
        """CODE message: fails so, with details and a trailing metadatum."""
        code, _, message = request.decode().partition(" ")
        context.set_trailing_metadata((("grpc-status-details-bin", b"\x08\x03details\x00"), ("x-why", "test")))
        context.abort(CODES[int(code)], message)

    def unary_Hang(self, request, context):
        """KEY: answers only when the call is over."""
        self.wait_for_end(request.decode(), context)
        return b""

    def unary_Ended(self, request, context):
        """KEY: waits until a hanging call of that key was seen to end, then tells how many were."""
        key = request.decode()
        with self.changed:
            self.changed.wait_for(lambda: key in self.ended, timeout=30)
            return str(self.ended.get(key, 0)).encode()

    def unary_Connection(self, request, context):
        """The client's own address."""
        return context.peer().encode()

    def unary_Bytes(self, request, context):
        """A reply of that many bytes."""
        return bytes(int(request))

    def unary_Compressed(self, request, context):
        """A compressed reply of that many bytes."""
        context.set_compression(grpc.Compression.Gzip)
        return bytes(int(request))

    def unary_Flaky(self, request, context):
        """KEY N: UNAVAILABLE for the first N attempts, then the number of this attempt."""
        key, times = request.decode().split(" ")
        with self.lock:
            self.attempts[key] = attempt = self.attempts.get(key, 0) + 1
        previous = dict(context.invocation_metadata()).get("grpc-previous-rpc-attempts", "0")
        if attempt <= int(times):
            context.abort(grpc.StatusCode.UNAVAILABLE, "flaky")
        return f"{attempt} {previous}".encode()

    def unary_Crash(self, request, context):
        os._exit(9)

    # Server streaming.

    def server_Repeat(self, request, context):
        """COUNT SIZE: so many messages of so many bytes, the first four bytes being the number."""
        count, size = (int(part) for part in request.decode().split(" "))
        for number in range(count):
            yield number.to_bytes(4, "big") + bytes(max(size - 4, 0))

    def server_CompressedRepeat(self, request, context):
        """As Repeat, with every second message compressed."""
        context.set_compression(grpc.Compression.Gzip)
        for number, message in enumerate(self.server_Repeat(request, context)):
            if number % 2:
                context.disable_next_message_compression()
            yield message

    def server_Endless(self, request, context):
        """KEY: one message, then silence until the call is over."""
        yield b"first"
        self.wait_for_end(request.decode(), context)

    def server_FailAfter(self, request, context):
        """N messages, then DATA_LOSS."""
        for number in range(int(request)):
            yield str(number).encode()
        context.abort(grpc.StatusCode.DATA_LOSS, "lost after " + request.decode())

    def server_FlakyStream(self, request, context):
        """KEY N: UNAVAILABLE before the first message for N attempts, then two messages."""
        yield self.unary_Flaky(request, context)
        yield b"last"

    # Client streaming.

    def client_Count(self, requests, context):
        messages = size = 0
        for request in requests:
            messages += 1
            size += len(request)
        return f"{messages} {size}".encode()

    def client_FirstOnly(self, requests, context):
        """Answers after the first message, with the client still sending."""
        return next(requests)

    def client_Gated(self, requests, context):
        """Reads nothing until Open was called, then counts."""
        with self.changed:
            self.changed.wait_for(lambda: self.attempts.get("gate", 0) > 0, timeout=20)
        return self.client_Count(requests, context)

    def unary_Open(self, request, context):
        with self.changed:
            self.attempts["gate"] = 1
            self.changed.notify_all()
        return b""

    # Bidirectional.

    def bidi_EchoAll(self, requests, context):
        yield from requests

    def bidi_HangUp(self, requests, context):
        """Echoes one message, then fails while the client may be sending."""
        yield next(requests)
        context.abort(grpc.StatusCode.ABORTED, "hung up")

    def wait_for_end(self, key, context):
        over = threading.Event()
        if not context.add_callback(over.set):
            over.set()
        over.wait(timeout=60)
        with self.changed:
            self.ended[key] = self.ended.get(key, 0) + 1
            self.changed.notify_all()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", default="127.0.0.1:0")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--client-roots")
    parser.add_argument("--option", action="append", default=[], help="NAME=INTEGER, a channel argument")
    arguments = parser.parse_args()

    options = [("grpc.max_receive_message_length", 64 << 20), ("grpc.so_reuseport", 0)]
    for option in arguments.option:
        name, _, value = option.partition("=")
        options.append((name, int(value)))
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=64), options=options)
    server.add_generic_rpc_handlers((Peer(),))
    if arguments.certificate:
        roots = open(arguments.client_roots, "rb").read() if arguments.client_roots else None
        credentials = grpc.ssl_server_credentials(
            [(open(arguments.key, "rb").read(), open(arguments.certificate, "rb").read())],
            root_certificates=roots,
            require_client_auth=roots is not None,
        )
        port = server.add_secure_port(arguments.address, credentials)
    else:
        port = server.add_insecure_port(arguments.address)
    if port == 0:
        sys.exit("cannot listen on " + arguments.address)
    server.start()
    print("ready", port, flush=True)
    sys.stdin.read()
    server.stop(0)


if __name__ == "__main__":
    main()
