"""The modules generated from gRPC's test schemas, which the folder in INTEROP_MODULES holds.

Their package has the name of grpcio's own, `grpc`, whose path is therefore extended.
"""

import os

import grpc

grpc.__path__.append(os.path.join(os.environ["INTEROP_MODULES"], "grpc"))

from grpc.testing import empty_pb2, messages_pb2, test_pb2_grpc  # noqa: E402

__all__ = ["empty_pb2", "messages_pb2", "test_pb2_grpc"]
