"""A server of the interface whose answers a test chooses; on a real socket of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent import futures
from typing import Any, Callable

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import Message

from dms_client._generated.rpc import error_details_pb2, status_pb2

Handler = Callable[[Any, grpc.ServicerContext], Any]


def fail(
    context: grpc.ServicerContext, code: grpc.StatusCode, message: str, reason: str = "", *details: Message
) -> None:
    """Ends a call with a status and its details, as the server does."""
    status = status_pb2.Status(code=code.value[0], message=message)
    info = error_details_pb2.ErrorInfo(reason=reason, domain="dms", metadata={"current_etag": "7"})
    for detail in (info, *details) if reason else details:
        packed = AnyMessage()
        packed.Pack(detail)
        status.details.append(packed)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, message)


class FakeServer:
    """Serves handlers by path; `with` starts and stops it."""

    def __init__(self) -> None:
        self.unary: dict[str, tuple[type[Message], Handler]] = {}
        self.streams: dict[str, tuple[type[Message], Handler]] = {}
        self.exchanges: dict[str, tuple[type[Message], Handler]] = {}
        self.metadata: list[dict[str, Any]] = []
        self.lock = threading.Lock()

    def __enter__(self) -> FakeServer:
        self._server = grpc.server(futures.ThreadPoolExecutor(8))
        self._server.add_generic_rpc_handlers((_Handlers(self),))
        port = self._server.add_insecure_port("127.0.0.1:0")
        self.address = f"http://127.0.0.1:{port}"
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None).wait()


class _Handlers(grpc.GenericRpcHandler):
    def __init__(self, fake: FakeServer) -> None:
        self._fake = fake

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        method = handler_call_details.method
        with self._fake.lock:
            self._fake.metadata.append(dict(handler_call_details.invocation_metadata))
        for table, make in (
            (self._fake.unary, grpc.unary_unary_rpc_method_handler),
            (self._fake.streams, grpc.unary_stream_rpc_method_handler),
            (self._fake.exchanges, grpc.stream_stream_rpc_method_handler),
        ):
            if method in table:
                kind, handler = table[method]
                return make(handler, request_deserializer=kind.FromString, response_serializer=_serialize)
        return None


def _serialize(message: Message) -> bytes:
    return message.SerializeToString()


def each(*steps: Handler) -> Handler:
    """A handler whose first call is answered by the first step, and so on; the last one stays."""
    lock, remaining = threading.Lock(), list(steps)

    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        with lock:
            step = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        return step(request, context)

    return handle


def until_cancelled(context: grpc.ServicerContext) -> Iterator[Any]:
    """Keeps a stream open until the client leaves."""
    gone = threading.Event()
    if context.add_callback(gone.set):
        gone.wait(30)
    yield from ()
