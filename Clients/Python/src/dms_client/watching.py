"""Changes in the order of their commits, each at least once, over breaks of the connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Callable, Generic, TypeVar

import grpc

from dms_client.calls import log
from dms_client.errors import DMSError
from dms_client.retries import Reconnection

#: As ``after``: with the oldest change that the server keeps.
OLDEST = 0
#: As ``after``: with the first change after the iteration has begun.
NOW = -1

_Resource = TypeVar("_Resource")


@dataclass(frozen=True)
class WatchEvent(Generic[_Resource]):
    """A change, or a sign of life."""

    #: Resume after this once the event is handled: store it with what was made of the event. Never falls.
    revision: int
    #: The whole resource at its revision; None for a sign of life: everything up to ``revision`` has been delivered.
    resource: _Resource | None


class Watch(Iterator[WatchEvent[_Resource]], Generic[_Resource]):
    """A watch that goes on by itself.

    An event counts as handled when the next one is asked for. After a break (UNAVAILABLE, a server that restarts,
    ``WATCHER_TOO_SLOW``) the watch waits a little and goes on after the last handled revision, so that nothing is
    skipped; what shared a revision with the break may come twice. Store :attr:`WatchEvent.revision` with what you
    made of the event, and start after it in the next run.

    Raises :class:`DMSError`: OUT_OF_RANGE ``REVISION_COMPACTED`` when the server's log no longer reaches back that
    far (list everything again, and watch after the revision of the first page), and every other error that does not
    pass; UNAVAILABLE only after the outage that the retry settings allow, or when nothing ever answered.

    One thread iterates; :meth:`close` may be called from any.
    """

    def __init__(
        self, *, after: int, current_revision: Callable[[], int], open_stream: Callable[[int], Any],
        resource: Callable[[Any], _Resource | None], reconnection: Reconnection,
    ) -> None:
        self._after = after
        self._current_revision = current_revision
        self._open_stream = open_stream
        self._resource = resource
        self._reconnection = reconnection
        self._revision: int | None = None
        self._stream: Any = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        #: Times that the stream was opened again.
        self.resumptions = 0

    @property
    def revision(self) -> int | None:
        """Everything up to this revision has been delivered; None before the first event was asked for."""
        return self._revision

    def __iter__(self) -> Watch[_Resource]:
        return self

    def __next__(self) -> WatchEvent[_Resource]:
        """The next event; waits for it. The iteration ends when the watch is closed."""
        try:
            return self._next()
        except DMSError:
            if self._closed.is_set():
                raise StopIteration from None
            self.close()
            raise

    def close(self) -> None:
        """Ends the stream; whoever waits for an event sees the iteration end."""
        self._closed.set()
        with self._lock:
            if self._stream is not None:
                self._stream.cancel()
                self._stream = None

    def __enter__(self) -> Watch[_Resource]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _next(self) -> WatchEvent[_Resource]:
        if self._revision is None:
            # Where it is "now" it is asked for, so that a break before the first event skips nothing.
            self._revision = self._current_revision() if self._after == NOW else self._after
        while True:
            stream = self._opened()
            try:
                message = next(stream)
            except StopIteration:
                # Servers end streams that have grown old; that is no fault of anybody.
                failure = DMSError(grpc.StatusCode.UNAVAILABLE, "the server ended the watch")
            except grpc.RpcError as error:
                failure = DMSError.from_call(error)
            else:
                return self._received(message)
            self._pause(failure)

    def _opened(self) -> Any:
        with self._lock:
            if self._closed.is_set():
                raise StopIteration
            if self._stream is None:
                self._stream = self._open_stream(self._revision or 0)
            return self._stream

    def _received(self, message: Any) -> WatchEvent[_Resource]:
        if self._revision is not None and message.revision < self._revision:
            raise DMSError(
                grpc.StatusCode.INTERNAL,
                f"the watch went back from revision {self._revision} to {message.revision}")
        self._reconnection.answered()
        self._revision = message.revision
        return WatchEvent(message.revision, self._resource(message))

    def _pause(self, failure: DMSError) -> None:
        """Waits until the stream may be opened again, or raises when the failure is the caller's."""
        with self._lock:
            self._stream = None
        wait = self._reconnection.wait(failure)
        if wait is None:
            raise failure
        log.info("a watch is resumed in %.3f s after revision %s: %s", wait, self._revision, failure)
        self.resumptions += 1
        self._closed.wait(wait)
