"""Why a call failed: the server's answer in full, or what kept the call from getting one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import grpc
from google.protobuf.message import DecodeError, Message

from dms_client._generated.rpc import error_details_pb2, status_pb2

_CODES: dict[int, grpc.StatusCode] = {code.value[0]: code for code in grpc.StatusCode}
_DETAILS_KEY = "grpc-status-details-bin"
_RETRY_DELAY_MAX = 86_400.0


@dataclass(frozen=True)
class FieldViolation:
    """A field of the request that is wrong."""

    #: Where it stands, such as ``order.lines[3].quantity``.
    field: str
    #: What is wrong and what would be right, as a sentence.
    description: str


@dataclass(frozen=True)
class PreconditionViolation:
    """A rule or a state that stands against the call."""

    #: The rule's reason code, such as ``CREDIT_EXCEEDED``.
    rule: str
    #: What it concerns, such as a line or an account.
    subject: str
    #: What is wrong and what would be right, as a sentence.
    description: str


@dataclass(frozen=True)
class QuotaViolation:
    """A limit that was passed."""

    #: What is limited.
    subject: str
    #: The limit, as a sentence.
    description: str


@dataclass(frozen=True)
class Resource:
    """The resource that an error is about."""

    #: What kind, such as ``order``.
    type: str
    #: Its identifier.
    name: str
    #: What about it, as a sentence; may be empty.
    description: str


class DMSError(Exception):
    """A failed call.

    Branch on :attr:`reason` first, it is the most precise; on :attr:`code` where a whole kind of failure is meant.
    :attr:`message` and the violations' descriptions are sentences for people.
    """

    def __init__(self, code: grpc.StatusCode, message: str, reason: str = "") -> None:
        super().__init__(code, message)
        #: The kind of failure.
        self.code = code
        #: What went wrong, as a sentence.
        self.message = message
        #: The precise reason, one of ``dms.error.v1.ErrorReason`` without its prefix, such as ``RULE_BLOCKED``;
        #: empty when none was given.
        self.reason = reason
        #: Every field that is wrong, with INVALID_ARGUMENT.
        self.field_violations: list[FieldViolation] = []
        #: Every rule or state that stands against the call, with FAILED_PRECONDITION.
        self.precondition_violations: list[PreconditionViolation] = []
        #: Every limit that was passed, with RESOURCE_EXHAUSTED.
        self.quota_violations: list[QuotaViolation] = []
        #: How many seconds the server asks to wait before another try.
        self.retry_delay: float | None = None
        #: The resource that is concerned, such as the one that was not found.
        self.resource: Resource | None = None
        #: Facts of the reason by name, such as ``current_etag``.
        self.metadata: dict[str, str] = {}
        #: The request id under which the write was tried. With UNAVAILABLE or DEADLINE_EXCEEDED the write may have
        #: been committed: the same request under the same id settles it.
        self.request_id: str | None = None

    @classmethod
    def from_call(cls, error: grpc.RpcError, request_id: str | None = None) -> DMSError:
        """What gRPC's error says, with the details that travel in ``grpc-status-details-bin``."""
        code = error.code() if hasattr(error, "code") else grpc.StatusCode.UNKNOWN
        message = (error.details() if hasattr(error, "details") else None) or str(error)
        failure = cls(code or grpc.StatusCode.UNKNOWN, message)
        failure.request_id = request_id
        trailer: Any = error.trailing_metadata() if hasattr(error, "trailing_metadata") else None
        for key, value in trailer or ():
            if key == _DETAILS_KEY and isinstance(value, bytes):
                status = _decode(status_pb2.Status, value)
                if status is not None:
                    failure._read(status)
        return failure

    @classmethod
    def from_status(cls, status: status_pb2.Status, request_id: str | None = None) -> DMSError:
        """The failure of one item of a stream."""
        failure = cls(_CODES.get(status.code, grpc.StatusCode.UNKNOWN), status.message)
        failure.request_id = request_id
        failure._read(status)
        return failure

    @property
    def is_transient(self) -> bool:
        """Whether the same call may succeed a little later: nothing is wrong with the call itself."""
        return self.code is grpc.StatusCode.UNAVAILABLE or (
            self.code is grpc.StatusCode.RESOURCE_EXHAUSTED and self.reason == "OVERLOADED")

    @property
    def is_outcome_unknown(self) -> bool:
        """Whether a write may have been committed although the answer never came."""
        return self.request_id is not None and self.code in (
            grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)

    @property
    def remedy(self) -> str | None:
        """What the caller can do about it, as a sentence; None where the message says it already."""
        return _REMEDIES.get(self.reason) or _REMEDIES_OF_CODES.get(self.code)

    def __str__(self) -> str:
        """Code, reason and message on one line, and each violation on a line of its own."""
        head = f"{self.code.name} {self.reason}" if self.reason else self.code.name
        lines = [f"{head}: {self.message}"]
        lines += [f"  {violation.field}: {violation.description}" for violation in self.field_violations]
        lines += [f"  {each.rule} {each.subject}: {each.description}" for each in self.precondition_violations]
        lines += [f"  {violation.subject}: {violation.description}" for violation in self.quota_violations]
        return "\n".join(lines)

    def _read(self, status: status_pb2.Status) -> None:
        """Takes over the details. Unknown and damaged ones are passed over: code and message still stand."""
        for detail in status.details:
            reader = _READERS.get(detail.type_url.rpartition("/")[2])
            if reader is None:
                continue
            message = _decode(reader[0], detail.value)
            if message is not None:
                reader[1](self, message)

    def _read_info(self, info: Any) -> None:
        self.reason = info.reason
        self.metadata = dict(info.metadata)

    def _read_fields(self, request: Any) -> None:
        self.field_violations = [FieldViolation(each.field, each.description) for each in request.field_violations]

    def _read_preconditions(self, failure: Any) -> None:
        self.precondition_violations = [
            PreconditionViolation(each.type, each.subject, each.description) for each in failure.violations]

    def _read_quota(self, failure: Any) -> None:
        self.quota_violations = [QuotaViolation(each.subject, each.description) for each in failure.violations]

    def _read_retry(self, info: Any) -> None:
        if info.HasField("retry_delay"):
            delay = info.retry_delay.seconds + info.retry_delay.nanos / 1e9
            self.retry_delay = min(max(delay, 0.0), _RETRY_DELAY_MAX)

    def _read_resource(self, info: Any) -> None:
        self.resource = Resource(info.resource_type, info.resource_name, info.description)


_M = TypeVar("_M", bound=Message)


def _decode(kind: type[_M], data: bytes) -> _M | None:
    message = kind()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return None
    return message


_READERS: dict[str, tuple[type[Message], Any]] = {
    "google.rpc.ErrorInfo": (error_details_pb2.ErrorInfo, DMSError._read_info),
    "google.rpc.BadRequest": (error_details_pb2.BadRequest, DMSError._read_fields),
    "google.rpc.PreconditionFailure": (error_details_pb2.PreconditionFailure, DMSError._read_preconditions),
    "google.rpc.QuotaFailure": (error_details_pb2.QuotaFailure, DMSError._read_quota),
    "google.rpc.RetryInfo": (error_details_pb2.RetryInfo, DMSError._read_retry),
    "google.rpc.ResourceInfo": (error_details_pb2.ResourceInfo, DMSError._read_resource),
}

_LATER = "Try again a little later."
_READ_AGAIN = "Read it again, look at what has changed, and send the change once more."
_REMEDIES = {
    "CREDENTIAL_MISSING": "Set an API key.",
    "CREDENTIAL_INVALID": "Use another API key: this one is unknown, revoked or expired.",
    "ROLE_MISSING": "Ask an administrator for a role that allows it, or use another key.",
    "FIELD_NOT_ALLOWED": "Ask an administrator for a role that allows it, or use another key.",
    "TOO_MANY_ATTEMPTS": "Wait for the stated time, and check the key before you try again.",
    "INVALID_PAGE_TOKEN": "Start again from the first page.",
    "REQUEST_ID_REUSED": "Make a new request id for new content; keep the old one for repeats of the old content.",
    "ETAG_MISMATCH": _READ_AGAIN,
    "BALANCE_MISMATCH": _READ_AGAIN,
    "REVISION_COMPACTED": "List everything again, and watch after the revision of the first page.",
    "REVIEWER_IS_SUBMITTER": "Let another reviewer decide.",
    "FENCED": "Another upload of the same source is running: let it run, or stop it and start this one again.",
    "STALE_EPOCH": "Raise the epoch above the last one of this source.",
    "SNAPSHOT_REQUIRED": "Open the new epoch with a full snapshot.",
    "FEED_IS_AUTHORITY": "Report it through the dealer's own feed, which keeps this stock.",
    "OUTCOME_UNKNOWN": "Send the same request again under the same request id: it will tell what became of it.",
    "OVERLOADED": _LATER,
    "SHUTTING_DOWN": _LATER,
    "STORE_UNAVAILABLE": _LATER,
    "WATCHER_TOO_SLOW": _LATER,
    "STORAGE_FULL": "Free space on the server's disk; nothing was written.",
    "LIMIT_EXCEEDED": "Split the request into smaller ones.",
}
_REMEDIES_OF_CODES = {
    grpc.StatusCode.UNAVAILABLE:
        "Check that the server is running and that its address is right, then try again.",
    grpc.StatusCode.DEADLINE_EXCEEDED: "Try again, or allow more time.",
    grpc.StatusCode.UNIMPLEMENTED: "The server is older than this program: update it.",
    grpc.StatusCode.INTERNAL: "Tell whoever runs the server: its log has the cause.",
    grpc.StatusCode.DATA_LOSS: "Tell whoever runs the server: its log has the cause.",
}
