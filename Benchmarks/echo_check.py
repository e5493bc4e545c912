"""Calls an echo server once through stock gRPC and compares the reply with the request, byte for byte:
`echo_check.py PORT ORDER`."""

import sys

import grpc

port, path = sys.argv[1:]
with open(path, "rb") as file:
    order = file.read()
with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
    echo = channel.unary_unary("/bench.v1.EchoService/Echo")
    if echo(order, timeout=10) != order:
        raise SystemExit("the reply differs from the request")
