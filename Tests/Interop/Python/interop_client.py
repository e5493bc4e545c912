"""The client of gRPC's interoperability tests, on gRPC's stock Python library.

Prints a line for every case: its name, "pass" or "fail", the milliseconds that it took, and why it failed, separated
by tabs. Exits with 1 when a case failed. INTEROP_MODULES names the folder of the generated modules.

grpcio shows no caller whether a message came compressed, and compresses all messages of a call or none: the cases
that need more are not here.
"""

import argparse
import queue
import sys
import time

import grpc
from schemas import empty_pb2, messages_pb2, test_pb2_grpc

DEADLINE_SECONDS = 10
INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")


class Failure(Exception):
    """What a case saw that should not be."""


def expect(what, value, expected):
    if value != expected:
        raise Failure(f"{what} is {value!r}, not {expected!r}")


def expect_error(what, call, code, message=None):
    """Expects that `call` raises an error of this code, and of this message if one is given."""
    try:
        call()
    except grpc.RpcError as error:
        expect(f"the code of {what}", error.code(), code)
        if message is not None:
            expect(f"the message of {what}", error.details(), message)
        return
    raise Failure(f"{what} ended well, not with {code}")


def zeros(size):
    return messages_pb2.Payload(body=bytes(size))


def expect_zeros(payload, size):
    expect("the size of the payload", len(payload.body), size)
    expect("a payload of zeros", payload.body == bytes(size), True)


def large(**fields):
    return messages_pb2.SimpleRequest(response_size=314159, payload=zeros(271828), **fields)


def asking(sent, *sizes, **fields):
    return messages_pb2.StreamingOutputCallRequest(
        payload=zeros(sent), response_parameters=[messages_pb2.ResponseParameters(size=size) for size in sizes],
        **fields)


class Requests:
    """The requests of a stream, given one by one; ends with `finish`."""

    END = object()

    def __init__(self):
        self.queue = queue.SimpleQueue()

    def send(self, request):
        self.queue.put(request)

    def finish(self):
        self.queue.put(self.END)

    def __iter__(self):
        return iter(self.queue.get, self.END)


class Cases:
    def __init__(self, channel):
        self.tests = test_pb2_grpc.TestServiceStub(channel)
        self.unimplemented = test_pb2_grpc.UnimplementedServiceStub(channel)

    def empty_unary(self):
        expect("the reply", self.tests.EmptyCall(empty_pb2.Empty(), timeout=DEADLINE_SECONDS), empty_pb2.Empty())

    def large_unary(self):
        expect_zeros(self.tests.UnaryCall(large(), timeout=DEADLINE_SECONDS).payload, 314159)

    def client_compressed_unary(self):
        def call(claims_compressed, compression):
            request = large(expect_compressed=messages_pb2.BoolValue(value=claims_compressed))
            return self.tests.UnaryCall(request, timeout=DEADLINE_SECONDS, compression=compression)

        expect_error(
            "the plain call that claims to be compressed", lambda: call(True, grpc.Compression.NoCompression),
            grpc.StatusCode.INVALID_ARGUMENT)
        expect_zeros(call(True, grpc.Compression.Gzip).payload, 314159)
        expect_zeros(call(False, grpc.Compression.NoCompression).payload, 314159)

    def client_streaming(self):
        requests = (messages_pb2.StreamingInputCallRequest(payload=zeros(size)) for size in (27182, 8, 1828, 45904))
        reply = self.tests.StreamingInputCall(requests, timeout=DEADLINE_SECONDS)
        expect("the sum of the sizes", reply.aggregated_payload_size, 74922)

    def server_streaming(self):
        sizes = [31415, 9, 2653, 58979]
        request = messages_pb2.StreamingOutputCallRequest(
            response_parameters=[messages_pb2.ResponseParameters(size=size) for size in sizes])
        replies = list(self.tests.StreamingOutputCall(request, timeout=DEADLINE_SECONDS))
        expect("the number of replies", len(replies), len(sizes))
        for reply, size in zip(replies, sizes):
            expect_zeros(reply.payload, size)

    def ping_pong(self):
        requests = Requests()
        replies = self.tests.FullDuplexCall(iter(requests), timeout=DEADLINE_SECONDS)
        for sent, asked in ((27182, 31415), (8, 9), (1828, 2653), (45904, 58979)):
            requests.send(asking(sent, asked))
            expect_zeros(next(replies).payload, asked)
        requests.finish()
        expect("what follows the last reply", next(replies, None), None)

    def empty_stream(self):
        expect("the replies", list(self.tests.FullDuplexCall(iter(()), timeout=DEADLINE_SECONDS)), [])

    def custom_metadata(self):
        def expect_echo(call, what):
            initial = [value for key, value in call.initial_metadata() if key == INITIAL[0]]
            trailing = [value for key, value in call.trailing_metadata() if key == TRAILING[0]]
            expect(f"initial metadata of {what}", initial, [INITIAL[1]])
            expect(f"trailing metadata of {what}", trailing, [TRAILING[1]])

        reply, call = self.tests.UnaryCall.with_call(large(), timeout=DEADLINE_SECONDS, metadata=(INITIAL, TRAILING))
        expect_zeros(reply.payload, 314159)
        expect_echo(call, "the unary call")

        stream = self.tests.FullDuplexCall(
            iter([asking(271828, 314159)]), timeout=DEADLINE_SECONDS, metadata=(INITIAL, TRAILING))
        replies = list(stream)
        expect("the number of replies", len(replies), 1)
        expect_zeros(replies[0].payload, 314159)
        expect_echo(stream, "the stream")

    def status_code_and_message(self):
        message = "test status message"
        status = messages_pb2.EchoStatus(code=2, message=message)
        expect_error(
            "the unary call",
            lambda: self.tests.UnaryCall(
                messages_pb2.SimpleRequest(response_status=status), timeout=DEADLINE_SECONDS),
            grpc.StatusCode.UNKNOWN, message)
        request = messages_pb2.StreamingOutputCallRequest(response_status=status)
        expect_error(
            "the stream", lambda: list(self.tests.FullDuplexCall(iter([request]), timeout=DEADLINE_SECONDS)),
            grpc.StatusCode.UNKNOWN, message)

    def special_status_message(self):
        message = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
        request = messages_pb2.SimpleRequest(response_status=messages_pb2.EchoStatus(code=2, message=message))
        expect_error(
            "the call", lambda: self.tests.UnaryCall(request, timeout=DEADLINE_SECONDS),
            grpc.StatusCode.UNKNOWN, message)

    def unimplemented_method(self):
        expect_error(
            "the call of a method that is not served",
            lambda: self.tests.UnimplementedCall(empty_pb2.Empty(), timeout=DEADLINE_SECONDS),
            grpc.StatusCode.UNIMPLEMENTED)

    def unimplemented_service(self):
        expect_error(
            "the call of a service that is not served",
            lambda: self.unimplemented.UnimplementedCall(empty_pb2.Empty(), timeout=DEADLINE_SECONDS),
            grpc.StatusCode.UNIMPLEMENTED)

    def cancel_after_begin(self):
        requests = Requests()
        call = self.tests.StreamingInputCall.future(iter(requests), timeout=DEADLINE_SECONDS)
        call.cancel()
        requests.finish()
        expect("that the call is cancelled", call.cancelled(), True)
        expect("the code of the call", call.code(), grpc.StatusCode.CANCELLED)

    def cancel_after_first_response(self):
        requests = Requests()
        call = self.tests.FullDuplexCall(iter(requests), timeout=DEADLINE_SECONDS)
        requests.send(asking(27182, 31415))
        expect_zeros(next(call).payload, 31415)
        call.cancel()
        requests.finish()
        expect_error("the call", lambda: next(call), grpc.StatusCode.CANCELLED)

    def timeout_on_sleeping_server(self):
        requests = Requests()
        requests.send(asking(27182))
        call = self.tests.FullDuplexCall(iter(requests), timeout=0.001)
        expect_error("the call", lambda: list(call), grpc.StatusCode.DEADLINE_EXCEEDED)
        requests.finish()


def channel(arguments):
    address = f"{arguments.server_host}:{arguments.server_port}"
    # Each case has a connection of its own, as it would have in a program of its own.
    options = [("grpc.use_local_subchannel_pool", 1)]
    if not arguments.use_tls:
        return grpc.insecure_channel(address, options)
    if arguments.server_host_override:
        options.append(("grpc.ssl_target_name_override", arguments.server_host_override))
    with open(arguments.authority, "rb") as file:
        return grpc.secure_channel(address, grpc.ssl_channel_credentials(file.read()), options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server_host", default="127.0.0.1")
    parser.add_argument("--server_port", type=int, required=True)
    parser.add_argument("--server_host_override")
    parser.add_argument("--test_case", required=True, help="the cases to run, separated by commas")
    parser.add_argument("--use_tls", action="store_true")
    parser.add_argument("--authority", help="a PEM file with the authority that vouches for the server")
    arguments = parser.parse_args()

    failures = 0
    for name in arguments.test_case.split(","):
        start = time.monotonic()
        outcome, reason = "pass", ""
        with channel(arguments) as connection:
            try:
                getattr(Cases(connection), name)()
            except (Failure, grpc.RpcError) as error:
                outcome, reason = "fail", " ".join(str(error).split())
                failures += 1
        print(f"{name}\t{outcome}\t{(time.monotonic() - start) * 1000:.1f}\t{reason}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
