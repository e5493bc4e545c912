"""The codec: an order decoded and encoded, against C++ and SwiftProtobuf."""

import os

from .common import OURS, PEERS, json_of, make_peer, swift_build

NAMES = ["codec.decode", "codec.encode"]


def run(results, order, options):
    swift_build("codec-bench")
    swift_build("swiftprotobuf-codec")
    make_peer("protobuf_codec")
    programs = {
        "ours": os.path.join(OURS, "codec-bench"),
        "C++ protobuf, arena": os.path.join(PEERS, "protobuf_codec"),
        "SwiftProtobuf": os.path.join(OURS, "swiftprotobuf-codec"),
    }
    runs = {name: [] for name in programs}
    for _ in range(options.pairs):
        for name, program in programs.items():
            runs[name].append(json_of(program, order, str(options.seconds)))
    for direction in ("decode", "encode"):
        times = {name: [run[f"{direction}_ns"] for run in those] for name, those in runs.items()}
        ours = times.pop("ours")
        for peer, theirs in times.items():
            results.add(f"codec.{direction}", "ns", ours, peer, theirs)
