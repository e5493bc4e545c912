"""Request ids: UUIDs that name a write, so that a repeat of it returns the first reply."""

from __future__ import annotations

import secrets
import time
import uuid

#: The namespace of ids that are derived without one; the Swift client derives the same ids from the same names.
DMS_NAMESPACE = uuid.UUID("7d1c1f0e-5a3b-5c1d-8e2f-4b6a9d3c2e10")


def new_request_id() -> str:
    """A new id, never seen before (version 7: time first, so that ids made together lie together).

    A caller that must survive its own crash makes the id and stores it with its document before the first try, or
    derives it from the document with :func:`derived_request_id`.
    """
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFF_FFFF_FFFF
    value = milliseconds << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return str(uuid.UUID(int=value))


def derived_request_id(name: str, namespace: uuid.UUID = DMS_NAMESPACE) -> str:
    """The id that belongs to ``name``: the same for the same name, in every run and every language.

    With it a loader that is run twice doubles nothing: derive the id from what makes the write unique, such as
    ``"invoice/4711"``. Choose another ``namespace`` for another kind of write.
    """
    return str(uuid.uuid5(namespace, name))
