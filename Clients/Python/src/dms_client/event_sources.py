"""Where a stock upload takes its events from, and where it goes back to after a break."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from dms_client._generated.dms.inventory.v1.inventory_service_pb2 import InventoryEvent


class UploadError(Exception):
    """Why an upload cannot go on, other than a failed call; the text says what to do."""


class EventSource(Protocol):
    """A source that outlives the program (a table, a file whose lines count) makes an upload that survives anything:
    the server knows what is durable, and the source can tell what comes after. :class:`ListedEvents` and
    :class:`BufferedEvents` are sources in memory.

    One upload uses a source at a time. :meth:`events` is called in a thread of its own, never twice at once, and
    :meth:`acknowledge` may be called while it waits.
    """

    def resume(self, after: int) -> None:
        """The stream has been opened: everything up to ``after`` is durable at the server, and the next call asks
        for what comes after it. Raises when the source cannot go on from there."""

    def events(self, after: int, limit: int, timeout: float) -> Sequence[InventoryEvent] | None:
        """The next events after ``after``, at most ``limit``, with consecutive sequences from ``after + 1``.

        Waits at most ``timeout`` seconds for the first of them; None when none has come. Empty means that there will
        be no more.
        """

    def acknowledge(self, through: int) -> None:
        """Everything up to ``through`` is durable or rejected, and will not be asked for again unless the server is
        put back to an older state."""


class ListedEvents:
    """Events that are all there from the start, such as the lines of a file: the first has sequence 1.

    Given the same events in every run, an upload that is started again goes on where the last one came to, and one
    that is complete sends nothing.
    """

    def __init__(self, events: Iterable[InventoryEvent]) -> None:
        self._all = list(events)

    def __len__(self) -> int:
        return len(self._all)

    def resume(self, after: int) -> None:
        """Any place is right."""

    def events(self, after: int, limit: int, timeout: float) -> Sequence[InventoryEvent]:
        """The events after the first ``after`` ones."""
        return [_numbered(event, after + place) for place, event in enumerate(self._all[after : after + limit], 1)]

    def acknowledge(self, through: int) -> None:
        """Nothing is let go."""


class BufferedEvents:
    """Events that are handed over one by one while the upload runs, kept until they are durable.

    The sequences go on from the last one that is durable at the server. Events live in memory only: after a crash,
    what was handed over and not acknowledged must be handed over again. At most ``capacity`` are kept;
    :meth:`append` waits while it is full. Safe to use from many threads.
    """

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = max(capacity, 1)
        self._base: int | None = None
        self._kept: deque[InventoryEvent] = deque()
        self._finished = False
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """Events that are not acknowledged yet."""
        with self._changed:
            return len(self._kept)

    def append(self, event: InventoryEvent, timeout: float | None = None) -> None:
        """Hands over the next event; its sequence is set when it is sent. Waits while the buffer is full.

        Raises TimeoutError after ``timeout`` seconds, and :class:`UploadError` after :meth:`finish`.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._finished or len(self._kept) < self._capacity, timeout):
                raise TimeoutError("the buffer is full: the upload is behind")
            if self._finished:
                raise UploadError("no more events are taken: the buffer was told that none would come")
            self._kept.append(event)
            self._changed.notify_all()

    def finish(self) -> None:
        """Says that no more events will come: the upload ends once all are durable."""
        with self._changed:
            self._finished = True
            self._changed.notify_all()

    def resume(self, after: int) -> None:
        """The first opening fixes the sequences; a later one must find its events still here."""
        with self._changed:
            if self._base is None:
                self._base = after
            elif after < self._base:
                raise UploadError(
                    f"the server asks for event {after + 1}, but the oldest that is kept is {self._base + 1}: "
                    "start a new epoch")
            elif after - self._base > len(self._kept):
                raise UploadError(
                    f"the server holds events up to {after} from another upload: give each system a source name of "
                    "its own")

    def events(self, after: int, limit: int, timeout: float) -> Sequence[InventoryEvent] | None:
        """The next events; waits for one to be handed over."""
        with self._changed:
            # What is acknowledged meanwhile moves the base: places are reckoned anew each time.
            self._changed.wait_for(lambda: self._finished or len(self._kept) > self._place(after), timeout)
            place = self._place(after)
            chosen = list(islice(self._kept, place, place + limit))
            if not chosen and not self._finished:
                return None
            return [_numbered(event, after + distance) for distance, event in enumerate(chosen, 1)]

    def acknowledge(self, through: int) -> None:
        """Lets go of what is durable, and lets in who waits."""
        with self._changed:
            while self._base is not None and self._base < through and self._kept:
                self._kept.popleft()
                self._base += 1
            self._changed.notify_all()

    def _place(self, after: int) -> int:
        return after - (self._base or 0)


def _numbered(event: InventoryEvent, sequence: int) -> InventoryEvent:
    numbered = InventoryEvent()
    numbered.CopyFrom(event)
    numbered.sequence = sequence
    return numbered
