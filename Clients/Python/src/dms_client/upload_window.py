"""An upload's place: what is durable, what is under way, and what to send next. Decides, and does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dms_client.event_sources import UploadError

_BATCH_MAX = 1_000
_RESYNCS_MAX = 3


@dataclass(frozen=True)
class Step:
    """What the sending side does next: take events after ``after`` and send them, wait for an answer, or finish."""

    kind: Literal["fetch", "wait", "finish"]
    after: int = 0
    limit: int = 0


class UploadWindow:
    """A window of at most ``window_max`` unacknowledged events in batches of at most ``batch_max``."""

    def __init__(self, batch_max: int, window_max: int) -> None:
        self._batch_max = min(max(batch_max, 1), _BATCH_MAX)
        self._window_max = max(window_max, 1)
        self._open = False
        self._source_ended = False
        self._resyncs = 0
        #: Highest sequence that is durable or rejected at the server.
        self.durable = 0
        #: Highest sequence sent on the stream that is open.
        self.sent = 0

    @property
    def step(self) -> Step:
        """What to do now."""
        if not self._open:
            return Step("wait")
        if self._source_ended:
            return Step("finish" if self.durable == self.sent else "wait")
        room = self._window_max - (self.sent - self.durable)
        return Step("fetch", self.sent, min(self._batch_max, room)) if room > 0 else Step("wait")

    @property
    def is_complete(self) -> bool:
        """Whether everything that the source had is durable."""
        return self._open and self._source_ended and self.durable == self.sent

    def opened(self, last: int) -> None:
        """The stream is open, and the server holds everything up to ``last``."""
        if self._open or last < 0:
            raise UploadError(f"the server's answers make no sense: the stream was opened again or at {last}")
        self._open = True
        self._source_ended = False
        if last > self.durable:
            self._resyncs = 0
        self.durable = self.sent = last

    def broken(self) -> None:
        """The stream is gone; what was under way will be sent again."""
        self._open = False
        self.sent = self.durable

    def sending(self, sequences: Sequence[int]) -> None:
        """A batch with these sequences is about to be sent; an empty one means that the source has ended."""
        last = self.sent
        for sequence in sequences:
            if sequence != last + 1:
                raise UploadError(
                    f"event {last + 1} was to come next, but the source gave {sequence}: sequences count up by one")
            last = sequence
        if last == self.sent:
            self._source_ended = True
        self.sent = last

    def acknowledged(self, last: int) -> bool:
        """The server says that everything up to ``last`` is durable; False when that was known."""
        if not self._open or last > self.sent:
            raise UploadError(
                f"the server's answers make no sense: event {last} was acknowledged, the last one sent is {self.sent}")
        if last <= self.durable:
            return False
        self.durable = last
        self._resyncs = 0
        return True

    def resync_required(self, expected: int) -> None:
        """The server misses events and takes nothing more on this stream. Raises when opening it again has not helped
        before."""
        self._resyncs += 1
        if self._resyncs > _RESYNCS_MAX:
            raise UploadError(f"the server still asks for event {expected} after it was sent {_RESYNCS_MAX} times")
