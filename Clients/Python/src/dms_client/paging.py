"""Lists that are read page by page while they are gone through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Callable, Generic, TypeVar

import grpc

from dms_client.errors import DMSError

_Item = TypeVar("_Item", covariant=True)
_Page = TypeVar("_Page")


class Paged(Generic[_Item, _Page]):
    """Everything that a list holds; each iteration reads it anew.

    Pages are keyset pages: what is inserted meanwhile never makes another item come twice or not at all. Raises
    :class:`DMSError` once the tries for a page are used up; items before it have been delivered.
    """

    def __init__(
        self, fetch: Callable[[Any], _Page], request: Any, items: Callable[[_Page], Iterable[_Item]]
    ) -> None:
        self._fetch = fetch
        self._request = request
        self._items = items

    def __iter__(self) -> Iterator[_Item]:
        """Goes through the items."""
        for page in self.pages():
            yield from self._items(page)

    def pages(self) -> Iterator[_Page]:
        """Goes through the same list as whole answers, for their revision and for progress."""
        request = type(self._request)()
        request.CopyFrom(self._request)
        while True:
            page: Any = self._fetch(request)
            yield page
            token = page.next_page_token
            if not token:
                return
            if token == request.page_token:
                raise DMSError(
                    grpc.StatusCode.INTERNAL,
                    "the server's next page is the page before it: the list would never end")
            request.page_token = token
