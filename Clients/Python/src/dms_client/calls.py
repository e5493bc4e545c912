"""How calls are made: the credential, the deadline and the request id are added, what may be repeated is repeated,
and every failure becomes a :class:`DMSError`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Callable, Generic, TypeVar

import grpc
from google.protobuf.message import Message

from dms_client.errors import DMSError
from dms_client.request_ids import new_request_id
from dms_client.retries import Reconnection, RetryAllowance, RetryLoop, RetrySettings

_Request = TypeVar("_Request", bound=Message)
_Response = TypeVar("_Response", bound=Message)

log = logging.getLogger("dms_client")


@dataclass(frozen=True)
class Method(Generic[_Request, _Response]):
    """A method of the interface."""

    #: Its path, such as ``/dms.order.v1.OrderService/GetOrder``.
    path: str
    request: type[_Request]
    response: type[_Response]


class CallCore:
    """Makes calls over one channel. Safe to use from many threads."""

    def __init__(
        self, channel: grpc.Channel, metadata: tuple[tuple[str, str], ...], timeout: float | None, retries: RetrySettings
    ) -> None:
        self.channel = channel
        self.metadata = metadata
        self.timeout = timeout
        self.retries = retries
        self._allowance = RetryAllowance(retries.retries_burst, retries.retries_per_second)
        self._callables: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def read(self, method: Method[_Request, _Response], request: _Request, timeout: float | None) -> _Response:
        """Makes a call that changes nothing."""
        return self._repeating(method, request, timeout, None)

    def write(self, method: Method[_Request, _Response], request: Any, timeout: float | None) -> _Response:
        """Makes a call that writes, under the request's id or a new one, which stays over all tries."""
        if not request.request_id:
            identified = type(request)()
            identified.CopyFrom(request)
            identified.request_id = new_request_id()
            request = identified
        return self._repeating(method, request, timeout, request.request_id)

    def server_stream(self, method: Method[_Request, _Response], request: _Request) -> Any:
        """Opens a stream of answers, which has no deadline. What it yields and raises is gRPC's own."""
        return self._callable("unary_stream", method)(request, metadata=self.metadata)

    def exchange(self, method: Method[_Request, _Response], requests: Iterator[_Request]) -> Any:
        """Opens a stream in both directions, which has no deadline. What it yields and raises is gRPC's own."""
        return self._callable("stream_stream", method)(requests, metadata=self.metadata)

    def reconnection(self) -> Reconnection:
        """The patience of a stream."""
        return Reconnection(self.retries, self.timeout)

    def _repeating(
        self, method: Method[_Request, _Response], request: _Request, timeout: float | None, request_id: str | None
    ) -> _Response:
        call: Callable[..., _Response] = self._callable("unary_unary", method)
        patience = self.timeout if timeout is None else timeout
        deadline = None if patience is None else time.monotonic() + patience
        loop = RetryLoop(self.retries, self._allowance)
        while True:
            try:
                return call(request, timeout=patience, metadata=self.metadata)
            except grpc.RpcError as error:
                failure = DMSError.from_call(error, request_id)
                remaining = None if deadline is None else deadline - time.monotonic()
                wait = loop.wait(failure, remaining)
                if wait is None:
                    raise failure from error
            log.debug("%s is tried again in %.3f s: %s %s", method.path, wait, failure.code.name, failure.reason)
            time.sleep(wait)
            patience = None if deadline is None else max(deadline - time.monotonic(), 0.001)

    def _callable(self, kind: str, method: Method[Any, Any]) -> Any:
        with self._lock:
            found = self._callables.get((kind, method.path))
            if found is None:
                found = getattr(self.channel, kind)(
                    method.path,
                    request_serializer=method.request.SerializeToString,
                    response_deserializer=method.response.FromString,
                )
                self._callables[kind, method.path] = found
            return found


class Calls:
    """A service's calls; the generated classes are built on it."""

    def __init__(self, core: CallCore) -> None:
        self._core = core
