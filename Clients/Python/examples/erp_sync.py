"""How an ERP keeps in step with DMS; every command can be killed at any moment and started again.

    erp_sync.py orders ORDERS.csv               place the orders of a file, eight at a time
    erp_sync.py stock STOCK.csv --dealer 4711   stream what the dealer's system reports
    erp_sync.py follow STATES.csv               write every change of an order's state to a file, for ever

The server and the key come from DMS_SERVER and DMS_API_KEY.

ORDERS.csv has a row for each line of an order: dealer_id, reference, sku, quantity, and perhaps unit and unit_price (the
price that is expected). STOCK.csv grows at its end: event_time (such as 2026-03-01T10:00:00Z), kind (SET for what is on
hand, else RECEIPT, SALE, CUSTOMER_RETURN, ISSUE, ADJUST or DAMAGE), sku, quantity, and perhaps location_id.
"""

from __future__ import annotations

import argparse
import csv
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dms_client
from dms_client import inventory, order

# --- orders ------------------------------------------------------------------------------------------------


def read_orders(path: str) -> list[order.OrderDraft]:
    """The orders of a file, in the order of their first rows."""
    drafts: dict[tuple[str, str], order.OrderDraft] = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["dealer_id"], row["reference"])
            draft = drafts.setdefault(key, order.OrderDraft(dealer_id=key[0], customer_reference=key[1]))
            line = draft.lines.add(sku=row["sku"], quantity=int(row["quantity"]), unit=row.get("unit") or "")
            if row.get("unit_price"):
                line.expected_unit_price_micros = dms_client.to_micros(row["unit_price"])
    return list(drafts.values())


def place(dms: dms_client.DMSClient, draft: order.OrderDraft) -> str | None:
    """Places an order; says why when it is refused. The request id comes from dealer and reference, so that a second
    run of the same file orders nothing twice."""
    request_id = dms_client.derived_request_id(f"erp/order/{draft.dealer_id}/{draft.customer_reference}")
    try:
        placed = dms.orders.place_order(order.PlaceOrderRequest(request_id=request_id, order=draft)).order
    except dms_client.DMSError as error:
        if error.is_transient or error.is_outcome_unknown:
            raise  # The same file, once more, settles it.
        return f"{draft.dealer_id} {draft.customer_reference}: {error}"
    total = dms_client.from_micros(placed.total_micros)
    print(f"{draft.dealer_id} {draft.customer_reference}: {placed.order_id}, {state(placed)}, {total} {placed.currency_code}")
    return None


def place_orders(dms: dms_client.DMSClient, path: str) -> int:
    with ThreadPoolExecutor(max_workers=8) as workers:
        refusals = [refusal for refusal in workers.map(lambda draft: place(dms, draft), read_orders(path)) if refusal]
    for refusal in refusals:
        print(refusal, file=sys.stderr)
    return 1 if refusals else 0


# --- stock -------------------------------------------------------------------------------------------------


def read_stock(path: str) -> Iterator[inventory.InventoryEvent]:
    """The events of a file; the place of a row is its sequence."""
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            event = inventory.InventoryEvent(sku=row["sku"], location_id=row.get("location_id") or "")
            event.event_time.FromJsonString(row["event_time"])
            if row["kind"] == "SET":
                event.set.quantity = int(row["quantity"])
            else:
                kind, quantity = f"MOVEMENT_KIND_{row['kind']}", int(row["quantity"])
                event.movement.CopyFrom(inventory.MovementEvent(kind=kind, quantity=quantity))
            yield event


def stream_stock(dms: dms_client.DMSClient, path: str, dealer: str) -> int:
    """A run goes on where the last one came to; rows that are there already are not sent again."""

    def tell(update: dms_client.UploadUpdate) -> None:
        if isinstance(update, dms_client.Rejected):
            for event in update.events:
                print(f"row {event.sequence}: {event.reason}: {event.message}", file=sys.stderr)

    source = dms_client.ListedEvents(read_stock(path))
    summary = dms.inventory.upload(source, dealer_id=dealer, source_name="erp", on_update=tell)
    print(f"{summary.applied_count} events applied, {summary.rejected_count} rejected, {summary.last_sequence} in all")
    return 1 if summary.rejected_count else 0


# --- states ------------------------------------------------------------------------------------------------


class StateFile:
    """A file of states, and the place up to which it is complete.

    A row is on disk before the next change is asked for, and a change that comes again is not written again: every
    change has exactly one row, however often the program is killed.
    """

    COLUMNS = ("revision", "order_revision", "order_id", "dealer_id", "reference", "state", "total", "currency_code")

    def __init__(self, path: str) -> None:
        self._cursor_path = Path(path + ".cursor")
        self._seen: dict[str, int] = {}
        #: Everything up to this store revision is in the file.
        self.cursor = int(self._cursor_path.read_text()) if self._cursor_path.exists() else dms_client.OLDEST
        self._file = open(path, "a+", newline="", encoding="utf-8")
        self._writer = csv.writer(self._file)
        self._read()

    def _read(self) -> None:
        self._file.seek(0)
        text = self._file.read()
        whole = text[: text.rfind("\n") + 1]
        if whole != text:  # A row that was being written when the program died.
            self._file.truncate(len(whole.encode()))
        if not whole:
            self._append(self.COLUMNS)
        for row in csv.DictReader(whole.splitlines()):
            self._seen[row["order_id"]] = int(row["order_revision"])
            self.cursor = max(self.cursor, int(row["revision"]))

    def write(self, revision: int, changed: order.Order) -> bool:
        """Notes a change; False when it was there already."""
        if changed.revision <= self._seen.get(changed.order_id, 0):
            return False
        self._append((
            revision, changed.revision, changed.order_id, changed.dealer_id, changed.customer_reference, state(changed),
            dms_client.from_micros(changed.total_micros), changed.currency_code))
        self._seen[changed.order_id] = changed.revision
        self.cursor = max(self.cursor, revision)
        return True

    def note(self, revision: int) -> None:
        """Notes that everything up to `revision` is in the file."""
        self.cursor = revision
        new = self._cursor_path.with_suffix(".new")
        with open(new, "w", encoding="utf-8") as file:
            file.write(str(revision))
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self._cursor_path)

    def _append(self, row: tuple[object, ...]) -> None:
        self._writer.writerow(row)
        self._file.flush()
        os.fsync(self._file.fileno())


def state(changed: order.Order) -> str:
    return order.OrderState.Name(changed.state).removeprefix("ORDER_STATE_")


def read_anew(dms: dms_client.DMSClient, states: StateFile) -> None:
    """The change log no longer reaches back to the cursor: what every order is now stands for what is missing."""
    pages = dms.orders.iter_orders(order.ListOrdersRequest(page_size=1_000, omit_lines=True)).pages()
    first = next(pages)
    for page in (first, *pages):
        for each in page.orders:
            states.write(states.cursor, each)
    states.note(first.revision)


def follow(dms: dms_client.DMSClient, path: str, rows_max: int | None) -> int:
    states = StateFile(path)
    rows = 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    while True:
        try:
            with dms.orders.watch_orders(after=states.cursor) as watch:
                for event in watch:
                    if event.resource:
                        rows += states.write(event.revision, event.resource)
                    else:
                        states.note(event.revision)
                    if rows_max is not None and rows >= rows_max:
                        return 0
        except dms_client.DMSError as error:
            if error.reason != "REVISION_COMPACTED":
                raise
            read_anew(dms, states)
        except KeyboardInterrupt:
            return 0


# --- the command line --------------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("orders").add_argument("file")
    stock = commands.add_parser("stock")
    stock.add_argument("file")
    stock.add_argument("--dealer", required=True)
    states = commands.add_parser("follow")
    states.add_argument("file")
    states.add_argument("--rows", type=int, help="end after so many rows")
    arguments = parser.parse_args()
    try:
        with dms_client.connect_from_environment() as dms:
            if arguments.command == "orders":
                return place_orders(dms, arguments.file)
            if arguments.command == "stock":
                return stream_stock(dms, arguments.file, arguments.dealer)
            return follow(dms, arguments.file, arguments.rows)
    except (dms_client.DMSError, dms_client.ConfigurationError, dms_client.UploadError, OSError, ValueError) as error:
        print(f"erp_sync: {error}", file=sys.stderr)
        if isinstance(error, dms_client.DMSError) and error.remedy:
            print(error.remedy, file=sys.stderr)
        return 7 if isinstance(error, dms_client.DMSError) and error.is_transient else 1


if __name__ == "__main__":
    sys.exit(main())
