"""When failed calls are repeated and broken streams are opened again."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import Callable

from dms_client.errors import DMSError


@dataclass(frozen=True)
class RetrySettings:
    """How failed calls are repeated and broken streams are resumed; times are in seconds.

    Only what is safe is repeated: reads, and writes under the request id of their first try. Only failures that pass
    are met with another try: UNAVAILABLE, and RESOURCE_EXHAUSTED ``OVERLOADED`` after the delay that the server asks
    for.
    """

    #: Tries of one call in all, 1 or more; 1 turns retries off. The call's timeout bounds them too.
    attempts_max: int = 12
    #: The wait before the first retry; it doubles with each, and each is drawn at random between a half and the
    #: whole of it.
    backoff_first: float = 0.05
    #: The longest wait between two tries, unless the server asks for a longer one.
    backoff_max: float = 3.0
    #: Retries that the client may make at once, all calls together.
    retries_burst: int = 128
    #: Retries a second that the client may make from then on; what is beyond waits its turn.
    retries_per_second: int = 32
    #: How long a stream that was open may stay broken before it fails; for ever when None.
    outage_max: float | None = None

    @classmethod
    def none(cls) -> RetrySettings:
        """Every failure is the caller's at once."""
        return cls(attempts_max=1, outage_max=0.0)


class Backoff:
    """Waits that double up to a bound, each drawn at random between a half and the whole of it, so that callers who
    failed together do not come back together."""

    def __init__(self, settings: RetrySettings) -> None:
        self._settings = settings
        self._next = 0.0
        self.reset()

    def wait(self) -> float:
        """The wait before the next try; the one after it will be up to twice as long."""
        whole = self._next
        self._next = min(whole * 2, max(self._settings.backoff_max, 0.0))
        return whole * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begins again with the first wait."""
        self._next = min(max(self._settings.backoff_first, 0.0), max(self._settings.backoff_max, 0.0))


class RetryAllowance:
    """Bounds the retries of all calls of a client, so that a server that struggles is not drowned by those who come
    back: a bucket of ``burst`` retries that fills up by ``per_second``.

    When the bucket is empty a retry waits its turn; when a full bucket's worth is waiting already it is refused.
    """

    def __init__(self, burst: int, per_second: int, now: Callable[[], float] = time.monotonic) -> None:
        self._burst = float(max(burst, 0))
        self._per_second = float(max(per_second, 0))
        self._now = now
        self._level = self._burst
        self._filled = now()
        self._lock = threading.Lock()

    def take(self) -> float | None:
        """Takes a retry and says how many seconds to wait before making it; None when it is refused."""
        with self._lock:
            now = self._now()
            self._level = min(self._burst, self._level + max(now - self._filled, 0.0) * self._per_second)
            self._filled = now
            if self._level < 1 and not (self._per_second > 0 and self._level - 1 >= -self._burst):
                return None
            self._level -= 1
            return 0.0 if self._level >= 0 else -self._level / self._per_second

    def give_back(self) -> None:
        """Gives back a retry that was taken and will not be made."""
        with self._lock:
            self._level = min(self._burst, self._level + 1)


class RetryLoop:
    """Decides, failure by failure, whether a call is tried again, and after how long."""

    def __init__(self, settings: RetrySettings, allowance: RetryAllowance) -> None:
        self._settings = settings
        self._allowance = allowance
        self._backoff = Backoff(settings)
        self._attempts = 0

    def wait(self, error: DMSError, remaining: float | None) -> float | None:
        """The wait before the next try after ``error``; None when the error is the caller's.

        ``remaining`` is what is left of the call's time: a wait that would use it up is not begun.
        """
        self._attempts += 1
        if self._attempts >= self._settings.attempts_max or not error.is_transient:
            return None
        # What the server asks for is the least; the jitter stays on top of it.
        wait = self._backoff.wait() + (error.retry_delay or 0.0)
        if remaining is not None and wait >= remaining:
            return None
        queue = self._allowance.take()
        if queue is None:
            return None
        wait = max(wait, queue)
        if remaining is not None and wait >= remaining:
            self._allowance.give_back()
            return None
        return wait


class Reconnection:
    """Decides whether a broken stream is opened again, and after how long.

    A stream that has never answered is given up when the time of an ordinary call is over: the address may be wrong.
    One that has answered before is resumed for as long as ``outage_max`` allows.
    """

    def __init__(
        self, settings: RetrySettings, first_answer_max: float | None, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._outage_max = settings.outage_max
        self._first_answer_max = first_answer_max
        self._backoff = Backoff(settings)
        self._now = now
        self._has_answered = False
        self._broken_since: float | None = None

    def answered(self) -> None:
        """The stream has brought something: a later break is a new one."""
        self._has_answered = True
        self._broken_since = None
        self._backoff.reset()

    def wait(self, error: DMSError) -> float | None:
        """The wait before the stream is opened again after ``error``; None when the error is the caller's."""
        if not error.is_transient:
            return None
        now = self._now()
        if self._broken_since is None:
            self._broken_since = now
        wait = self._backoff.wait() + (error.retry_delay or 0.0)
        patience = self._outage_max if self._has_answered else self._first_answer_max
        if patience is not None and now - self._broken_since + wait > patience:
            return None
        return wait
