"""Unary calls of the client library, each side's client against its own server, on one connection."""

import os

from .common import OURS, PEERS, json_of, make_peer, swift_build
from .unary import EchoServer

IN_FLIGHT = {"client.1x100": 100, "client.1x1": 1}
NAMES = list(IN_FLIGHT)


def run(results, order, names, options):
    for product in ("echo-server", "echo-client"):
        swift_build(product)
    for peer in ("grpc_echo_server", "grpc_echo_client"):
        make_peer(peer)
    sides = [tuple(os.path.join(OURS, name) for name in ("echo-server", "echo-client")),
             tuple(os.path.join(PEERS, name) for name in ("grpc_echo_server", "grpc_echo_client"))]
    for name in names:
        rates = {side: [] for side in sides}
        for _ in range(options.pairs):
            for server_program, client_program in sides:
                with EchoServer(server_program, order) as server:
                    outcome = json_of(client_program, str(server.port), order, str(options.seconds),
                                      str(IN_FLIGHT[name]), timeout=options.seconds * 10 + 30)
                rates[server_program, client_program].append(outcome["calls_per_second"])
        if IN_FLIGHT[name] == 1:
            ours, theirs = ([1e6 / rate for rate in rates[side]] for side in sides)
            results.add(name, "us/call", ours, "gRPC C++, asynchronous API", theirs)
        else:
            results.add(name, "calls/s", rates[sides[0]], "gRPC C++, asynchronous API", rates[sides[1]])
