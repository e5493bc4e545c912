"""The server of gRPC's interoperability tests, on gRPC's stock Python library.

Prints one line, "ready PORT", once it listens on loopback, and serves until its standard input ends. INTEROP_MODULES
names the folder of the generated modules.

grpcio shows no handler whether a message came compressed: expect_compressed cannot be honoured, and the cases with it
are not for this server.
"""

import argparse
import sys
import time
from concurrent import futures

import grpc
from schemas import empty_pb2, messages_pb2, test_pb2_grpc

CODES = {code.value[0]: code for code in grpc.StatusCode}
INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


def echo_metadata(context):
    for key, value in context.invocation_metadata():
        if key == INITIAL:
            context.send_initial_metadata(((key, value),))
        elif key == TRAILING:
            context.set_trailing_metadata(((key, value),))


def abort_if_asked(request, context):
    if request.HasField("response_status"):
        context.abort(CODES[request.response_status.code], request.response_status.message)


def replies(request, context):
    """What a request of a stream asks for."""
    abort_if_asked(request, context)
    for parameters in request.response_parameters:
        time.sleep(parameters.interval_us / 1e6)
        if not parameters.compressed.value:
            context.disable_next_message_compression()
        yield messages_pb2.StreamingOutputCallResponse(
            payload=messages_pb2.Payload(type=request.response_type, body=bytes(parameters.size)))


class TestService(test_pb2_grpc.TestServiceServicer):
    def EmptyCall(self, request, context):
        echo_metadata(context)
        return empty_pb2.Empty()

    def UnaryCall(self, request, context):
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        abort_if_asked(request, context)
        return messages_pb2.SimpleResponse(
            payload=messages_pb2.Payload(type=request.response_type, body=bytes(request.response_size)))

    def StreamingInputCall(self, requests, context):
        echo_metadata(context)
        return messages_pb2.StreamingInputCallResponse(
            aggregated_payload_size=sum(len(request.payload.body) for request in requests))

    def StreamingOutputCall(self, request, context):
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        yield from replies(request, context)

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            yield from replies(request, context)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--use_tls", action="store_true")
    parser.add_argument("--certificate", help="a PEM file with the server's certificate")
    parser.add_argument("--key", help="a PEM file with the certificate's key")
    arguments = parser.parse_args()

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=10), options=[("grpc.so_reuseport", 0)])
    test_pb2_grpc.add_TestServiceServicer_to_server(TestService(), server)
    address = f"127.0.0.1:{arguments.port}"
    if arguments.use_tls:
        with open(arguments.key, "rb") as key, open(arguments.certificate, "rb") as certificate:
            credentials = grpc.ssl_server_credentials([(key.read(), certificate.read())])
        port = server.add_secure_port(address, credentials)
    else:
        port = server.add_insecure_port(address)
    server.start()
    print(f"ready {port}", flush=True)
    sys.stdin.read()
    server.stop(2).wait()


if __name__ == "__main__":
    main()
