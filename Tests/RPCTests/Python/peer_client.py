"""A client on gRPC's stock Python library, for the server's tests.

    peer_client.py TARGET CASE [--ca FILE] [--cert FILE --key FILE]

Calls methods of test.Service with messages of plain bytes; prints "ok" when it saw what it should.
"""

import argparse
import sys
import threading

import grpc

SERVICE = "/test.Service/"


def unary(channel, method):
    return channel.unary_unary(SERVICE + method)


def fails(call, code, text=None):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()}: {error.details()}"
        assert text is None or error.details() == text, error.details()
        return error
    raise AssertionError(f"should have failed with {code}")


def echo(channel):
    reply, call = unary(channel, "Echo").with_call(
        b"hello",
        metadata=(("x-echo", "before"), ("x-echo-bin", b"\x00\xff\x80"), ("x-echo-bin", b"second")),
        timeout=30,
    )
    assert reply == b"hello"
    assert ("x-echo", "before") in call.initial_metadata(), call.initial_metadata()
    trailing = [value for name, value in call.trailing_metadata() if name == "x-echo-bin"]
    assert trailing == [b"\x00\xff\x80", b"second"], trailing
    assert unary(channel, "Echo")(b"", timeout=30) == b""


def many(channel):
    """A thousand calls at once over one connection, each with its own answer."""
    calls = [unary(channel, "Echo").future(b"message %d" % index, timeout=60) for index in range(1000)]
    for index, call in enumerate(calls):
        assert call.result() == b"message %d" % index


def status(channel):
    for code in grpc.StatusCode:
        number = code.value[0]
        if number == 0:
            continue
        text = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n"
        error = fails(lambda: unary(channel, "Fail")(f"{number}|{text}".encode(), timeout=30), code, text)
        trailing = dict(error.trailing_metadata())
        assert trailing["x-reason"] == "asked for", trailing
        assert trailing["grpc-status-details-bin"] == bytes([8, 9, 18, 3]) + b"abc", trailing


def unknown(channel):
    error = fails(lambda: unary(channel, "Crash")(b"", timeout=30), grpc.StatusCode.UNKNOWN)
    assert "password" not in error.details() and "1234" not in error.details(), error.details()
    fails(lambda: unary(channel, "Nope")(b"", timeout=30), grpc.StatusCode.UNIMPLEMENTED,
          "unknown method Nope of service test.Service")
    fails(lambda: channel.unary_unary("/nope.Service/Echo")(b"", timeout=30), grpc.StatusCode.UNIMPLEMENTED,
          "unknown service nope.Service")


def streams(channel):
    collect = channel.stream_unary(SERVICE + "Collect")
    reply, call = collect.with_call((b"%d," % index for index in range(500)), timeout=60)
    assert reply == b"".join(b"%d," % index for index in range(500))
    assert dict(call.trailing_metadata())["x-count"] == "500"
    assert collect(iter(()), timeout=30) == b""

    count_range = channel.unary_stream(SERVICE + "Range")
    replies = list(count_range(b"300 2000", timeout=60))
    assert replies == [bytes([index % 256]) * 2000 for index in range(300)]
    assert list(count_range(b"0 0", timeout=30)) == []
    fails(lambda: list(count_range(b"nonsense", timeout=30)), grpc.StatusCode.INVALID_ARGUMENT, "not two numbers")

    chat = channel.stream_stream(SERVICE + "Chat")
    assert list(chat(iter(()), timeout=30)) == []
    assert list(chat(iter([b"a" * size for size in (0, 1, 65535, 65536, 1000000)]), timeout=60)) == [
        b"a" * size for size in (0, 1, 65535, 65536, 1000000)]


def ping_pong(channel):
    """Each message is sent only after the answer to the one before."""
    turn = threading.Semaphore(1)

    def requests():
        for index in range(100):
            turn.acquire()
            yield b"%d" % index

    for index, reply in enumerate(channel.stream_stream(SERVICE + "Chat")(requests(), timeout=60)):
        assert reply == b"%d" % index
        turn.release()


def large(channel):
    body = bytes(range(256)) * 4096 * 4
    assert unary(channel, "Echo")(body[:-1] + b"!", timeout=60) == body[:-1] + b"!"
    assert unary(channel, "Echo")(body, timeout=60) == body
    fails(lambda: unary(channel, "Echo")(body + b"!", timeout=60), grpc.StatusCode.RESOURCE_EXHAUSTED)
    fails(lambda: unary(channel, "Echo")(b"x" * (5 << 20), timeout=60), grpc.StatusCode.RESOURCE_EXHAUSTED)
    assert unary(channel, "Echo")(b"still here", timeout=30) == b"still here"


def compressed(channel):
    """Requests, replies and both compressed, by every kind of call that streams or does not."""
    body = b"compress me " * 20000
    for metadata in (), (("x-compress", "always"),):
        for compression in None, grpc.Compression.Gzip:
            options = {"timeout": 60, "metadata": metadata, "compression": compression}
            for size in 0, 1, len(body):
                assert unary(channel, "Echo")(body[:size], **options) == body[:size]
            assert channel.stream_unary(SERVICE + "Collect")(iter([body, b"", b"x"]), **options) == body + b"x"
            assert list(channel.stream_stream(SERVICE + "Chat")(iter([body, b"", body]), **options)) == [body, b"", body]
    fails(lambda: unary(channel, "Echo")(bytes(5 << 20), timeout=60, compression=grpc.Compression.Gzip),
          grpc.StatusCode.RESOURCE_EXHAUSTED)
    fails(lambda: unary(channel, "Echo")(body, timeout=60, compression=grpc.Compression.Deflate),
          grpc.StatusCode.UNIMPLEMENTED)


def probing(channel):
    """Much and large, both ways: gRPC measures the bandwidth with pings meanwhile."""
    body = bytes(100_000)
    assert sum(len(reply) for reply in channel.unary_stream(SERVICE + "Range")(b"300 100000", timeout=60)) == 30_000_000
    assert sum(len(reply) for reply in channel.stream_stream(SERVICE + "Chat")(
        (body for _ in range(200)), timeout=60)) == 20_000_000
    assert len(channel.stream_unary(SERVICE + "Collect")((body for _ in range(100)), timeout=60)) == 10_000_000
    for _ in range(50):
        assert unary(channel, "Echo")(body, timeout=30) == body


def deadline(channel):
    """The first message proves that the handler runs before the deadline passes."""
    unary(channel, "Echo")(b"", timeout=60)
    call = channel.unary_stream(SERVICE + "Watch")(b"", timeout=5)
    assert next(call) == b"hello"
    fails(lambda: next(call), grpc.StatusCode.DEADLINE_EXCEEDED)


def cancel(channel):
    call = channel.unary_stream(SERVICE + "Watch")(b"", timeout=60)
    assert next(call) == b"hello"
    call.cancel()
    fails(lambda: next(call), grpc.StatusCode.CANCELLED)


def traced(channel):
    """By hand, as W3C Trace Context has it; then not."""
    good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    for parent in good, "00-nonsense-01":
        metadata = (("traceparent", parent), ("tracestate", "vendor=1"))
        assert unary(channel, "Echo")(b"x", metadata=metadata, timeout=30) == b"x"


def refused(channel):
    """The connection does not come about."""
    try:
        grpc.channel_ready_future(channel).result(timeout=2)
    except grpc.FutureTimeoutError:
        return
    raise AssertionError("should not have connected")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("case")
    parser.add_argument("--ca")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    arguments = parser.parse_args()

    def contents(path):
        return open(path, "rb").read() if path else None

    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1),
               ("grpc.ssl_target_name_override", "localhost")] if arguments.ca else [
        ("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    if arguments.ca:
        credentials = grpc.ssl_channel_credentials(
            contents(arguments.ca), contents(arguments.key), contents(arguments.cert))
        channel = grpc.secure_channel(arguments.target, credentials, options)
    else:
        channel = grpc.insecure_channel(arguments.target, options)
    with channel:
        globals()[arguments.case](channel)
    print("ok")


if __name__ == "__main__":
    sys.exit(main())
