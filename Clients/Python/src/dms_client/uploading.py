"""Sends a dealer's stock events, exactly once in effect, over breaks of the connection and restarts of either side."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable, Union

import grpc

from dms_client._generated.dms.inventory.v1.inventory_service_pb2 import (
    EventAck,
    EventBatch,
    InventoryEvent,
    RejectedEvent,
    StreamInventoryRequest,
    StreamInventoryResponse,
    StreamOpen,
    StreamOpened,
)
from dms_client.calls import CallCore, Method, log
from dms_client.errors import DMSError
from dms_client.event_sources import EventSource, UploadError
from dms_client.upload_window import UploadWindow

_STREAM = Method(
    "/dms.inventory.v1.InventoryService/StreamInventory", StreamInventoryRequest, StreamInventoryResponse)
# How long a source is asked to wait for events before the state of the stream is looked at again.
_SOURCE_TIMEOUT = 0.25


@dataclass(frozen=True)
class Opened:
    """The stream is open; everything up to ``last_sequence`` is durable."""

    last_sequence: int


@dataclass(frozen=True)
class Acknowledged:
    """Everything up to ``last_sequence`` is durable."""

    last_sequence: int


@dataclass(frozen=True)
class Rejected:
    """The server did not apply these events, and never will; the others are not concerned."""

    events: Sequence[RejectedEvent]


@dataclass(frozen=True)
class Interrupted:
    """The stream broke, and is opened again after ``retry_after`` seconds."""

    error: DMSError
    retry_after: float


UploadUpdate = Union[Opened, Acknowledged, Rejected, Interrupted]


@dataclass
class UploadSummary:
    """What an upload came to."""

    #: The highest sequence that is durable.
    last_sequence: int = 0
    #: Events that were applied, as the server counted them.
    applied_count: int = 0
    #: Events that had been sent before, as the server counted them.
    duplicate_count: int = 0
    #: Events that were rejected.
    rejected_count: int = 0
    #: Times that the stream was opened again.
    resumptions: int = 0


@dataclass(frozen=True)
class UploadOptions:
    """How an upload sends."""

    #: Events in a message, 1 to 1,000. Fewer are sent when fewer are at hand: nothing waits for a batch to fill.
    batch_max: int = 200
    #: Events that may be under way without an acknowledgement.
    window_max: int = 2_000


@dataclass
class _State:
    window: UploadWindow
    summary: UploadSummary = field(default_factory=UploadSummary)
    #: Counts the streams, so that what belongs to an old one keeps off.
    stream: int = 0
    #: What the source raised, for the thread that runs the upload.
    failure: BaseException | None = None


class Upload:
    """One upload: opens the stream, learns what is durable, takes what comes after from the source, sends it in
    batches with a bounded number of events under way, and tells the source what has become durable."""

    def __init__(
        self, core: CallCore, stream_open: StreamOpen, source: EventSource, options: UploadOptions,
        on_update: Callable[[UploadUpdate], None] | None,
    ) -> None:
        self._core = core
        self._open = stream_open
        self._source = source
        self._on_update = on_update or (lambda update: None)
        self._reconnection = core.reconnection()
        self._state = _State(UploadWindow(options.batch_max, options.window_max))
        self._moved = threading.Condition()
        # One call of the source's `events` at a time, an old stream's last one included, and none while it resumes.
        self._source_lock = threading.Lock()

    def run(self) -> UploadSummary:
        """Uploads until the source ends and everything is durable.

        Raises :class:`DMSError` for a call that fails in a way that does not pass (ABORTED ``FENCED`` when a newer
        upload of the same source has taken over: this one must not start again by itself), :class:`UploadError`,
        and whatever the source or ``on_update`` raises.
        """
        while True:
            try:
                self._exchange()
                self._state.summary.last_sequence = self._state.window.durable
                return self._state.summary
            except DMSError as error:
                self._pause(error)

    def _pause(self, error: DMSError) -> None:
        with self._moved:
            self._state.window.broken()
        wait = self._reconnection.wait(error)
        if wait is None:
            raise error
        self._state.summary.resumptions += 1
        log.info("the upload of %s is resumed in %.3f s: %s", self._open.dealer_id, wait, error)
        self._on_update(Interrupted(error, wait))
        time.sleep(wait)

    def _exchange(self) -> None:
        """Runs one stream to its end; returns when everything is durable."""
        with self._moved:
            self._state.stream += 1
            number = self._state.stream
        call = self._core.exchange(_STREAM, self._requests(number, lambda: call.cancel()))
        try:
            for response in call:
                self._handle(response)
        except grpc.RpcError as error:
            if self._state.failure is not None:
                raise self._state.failure from None
            raise DMSError.from_call(error) from error
        finally:
            with self._moved:
                self._state.stream += 1
                self._moved.notify_all()
            call.cancel()
        if self._state.failure is not None:
            raise self._state.failure
        if not self._state.window.is_complete:
            raise DMSError(grpc.StatusCode.UNAVAILABLE, "the server ended the stream")

    # --- sending: in a thread of gRPC's ---

    def _requests(self, number: int, give_up: Callable[[], object]) -> Iterator[StreamInventoryRequest]:
        yield StreamInventoryRequest(open=self._open)
        while True:
            try:
                with self._moved:
                    self._moved.wait_for(
                        lambda: self._state.stream != number or self._state.window.step.kind != "wait")
                    if self._state.stream != number or self._state.window.step.kind == "finish":
                        return
                events = self._fetch(number)
            except BaseException as error:
                self._state.failure = error
                give_up()
                return
            if events:
                yield StreamInventoryRequest(batch=EventBatch(events=events))

    def _fetch(self, number: int) -> Sequence[InventoryEvent] | None:
        with self._source_lock:
            with self._moved:
                if self._state.stream != number:
                    return None
                step = self._state.window.step
            if step.kind != "fetch":
                return None
            events = self._source.events(step.after, step.limit, _SOURCE_TIMEOUT)
            if events is None:
                return None
            with self._moved:
                if self._state.stream != number:
                    return None
                self._state.window.sending([event.sequence for event in events])
            return events

    # --- receiving: in the caller's thread ---

    def _handle(self, response: StreamInventoryResponse) -> None:
        kind = response.WhichOneof("message")
        if kind == "opened":
            self._opened(response.opened)
        elif kind == "ack":
            self._acknowledged(response.ack)
        elif kind == "resync_required":
            expected = response.resync_required.expected_sequence
            with self._moved:
                self._state.window.resync_required(expected)
            raise DMSError(grpc.StatusCode.UNAVAILABLE, f"the server asks for event {expected} again")

    def _opened(self, opened: StreamOpened) -> None:
        last = opened.last_sequence
        # The source first: nothing asks it for events before the window is open.
        with self._source_lock:
            self._source.resume(last)
            self._source.acknowledge(last)
        with self._moved:
            self._state.window.opened(last)
            self._moved.notify_all()
        self._reconnection.answered()
        self._on_update(Opened(last))

    def _acknowledged(self, ack: EventAck) -> None:
        with self._moved:
            # What an earlier answer has covered was counted then.
            known = self._state.window.durable
            if not self._state.window.acknowledged(ack.last_sequence):
                return
            self._moved.notify_all()
        self._reconnection.answered()
        rejected = [event for event in ack.rejected if event.sequence > known]
        self._state.summary.applied_count += ack.applied_count
        self._state.summary.duplicate_count += ack.duplicate_count
        self._state.summary.rejected_count += len(rejected)
        self._source.acknowledge(ack.last_sequence)
        if rejected:
            self._on_update(Rejected(rejected))
        self._on_update(Acknowledged(ack.last_sequence))


__all__ = [
    "Acknowledged", "EventSource", "Interrupted", "Opened", "Rejected", "Upload", "UploadError", "UploadOptions",
    "UploadSummary", "UploadUpdate",
]
