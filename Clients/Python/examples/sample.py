"""What every client can do, against a running server: places an order, streams stock, and breaks a watch off midway.

    python Clients/Python/examples/sample.py SERVER KEY_FILE DEALER SKU [--pause]

It checks what it does and ends with 1 when something is not as it should be. The samples of all languages do the same;
with --pause they wait twice for a line on standard input, so that the connection can be cut meanwhile.
"""

import sys
import time

import dms_client
from dms_client import inventory, order

ORDERS = 10
EVENTS = 500

server, key_file, dealer, sku = sys.argv[1:5]
pauses = "--pause" in sys.argv[5:]


def check(holds: bool, sentence: str) -> None:
    if not holds:
        sys.exit(f"not as it should be: {sentence}")


def pause(what: str) -> None:
    if pauses:
        print(f"pause: {what}", flush=True)
        sys.stdin.readline()


def place(dms: dms_client.DMSClient, number: int) -> order.Order:
    """Places the order of this number; the request id comes from its reference, so that a repeat orders nothing."""
    reference = f"PYTHON-{number}"
    draft = order.OrderDraft(
        dealer_id=dealer, customer_reference=reference, lines=[order.OrderLineDraft(sku=sku, quantity=number)])
    request = order.PlaceOrderRequest(request_id=dms_client.derived_request_id(f"{dealer}/{reference}"), order=draft)
    return dms.orders.place_order(request).order


def place_orders(dms: dms_client.DMSClient) -> None:
    first, repeat = place(dms, 1), place(dms, 1)
    check(first.order_id == repeat.order_id, "a repeat with the same request id must not order again")
    total = dms_client.from_micros(first.total_micros)
    print(f"order {first.order_id} placed for {total} {first.currency_code}; its repeat gave the same order")
    try:
        dms.orders.place_order(order.PlaceOrderRequest(order=order.OrderDraft(dealer_id=dealer)))
        check(False, "an order without lines must be refused")
    except dms_client.DMSError as error:
        check(error.reason == "INVALID_FIELD" and bool(error.field_violations), f"{error}")
        print(f"an order without lines is refused: {error.field_violations[0].description}")


def stream_stock(dms: dms_client.DMSClient) -> None:
    """A count of a thousand, then sales of one piece each."""
    events = []
    for number in range(1, EVENTS + 1):
        event = inventory.InventoryEvent(sku=sku)
        event.event_time.FromSeconds(int(time.time()))
        if number == 1:
            event.set.quantity = 1_000
        else:
            event.movement.kind = inventory.MOVEMENT_KIND_SALE
            event.movement.quantity = -1
        events.append(event)
    paused = False

    def on_update(update: dms_client.UploadUpdate) -> None:
        nonlocal paused
        if isinstance(update, dms_client.Acknowledged) and update.last_sequence >= EVENTS // 2 and not paused:
            paused = True
            pause("the stock stream is half way")

    source = dms_client.ListedEvents(events)
    options = dms_client.UploadOptions(batch_max=50, window_max=100)
    summary = dms.inventory.upload(source, dealer_id=dealer, source_name="sample", options=options, on_update=on_update)
    check(summary.last_sequence == EVENTS and summary.rejected_count == 0, f"{summary}")
    stock = inventory.ListNetworkStockRequest(dealer_id=dealer, owner=inventory.STOCK_OWNER_KIND_DEALER, sku=sku)
    on_hand = [level.on_hand_quantity for level in dms.inventory.iter_network_stock(stock)]
    check(on_hand == [1_000 - (EVENTS - 1)], f"{on_hand} on hand")
    print(f"{EVENTS} stock events are durable, the stream was opened again {summary.resumptions} times; {on_hand[0]} on hand")
    again = dms.inventory.upload(source, dealer_id=dealer, source_name="sample")
    check(again.applied_count == 0 and again.last_sequence == EVENTS, f"{again}")


def watch_orders(dms: dms_client.DMSClient) -> None:
    start = dms.admin.current_revision()
    placed = [place(dms, number).order_id for number in range(2, 8)]
    seen: list[str] = []

    def read(watch: dms_client.Watch[order.Order], until: int) -> int:
        """Reads until that many orders have been seen; returns the revision to go on after."""
        revision = watch.revision or 0
        while len(seen) < until:
            event = next(watch)
            if event.resource:
                seen.append(event.resource.order_id)
            revision = event.revision
        return revision

    with dms.orders.watch_orders(after=start, dealer_id=dealer) as watch:
        stored = read(watch, 3)
    # The watch is gone, as when the program ends; a new one goes on after the revision that was stored.
    with dms.orders.watch_orders(after=stored, dealer_id=dealer) as watch:
        read(watch, 5)
        pause("the watch is half way")
        placed += [place(dms, number).order_id for number in range(8, ORDERS + 2)]
        read(watch, ORDERS)
        resumptions = watch.resumptions
    check(seen == placed, f"saw {seen}, placed {placed}")
    print(f"{ORDERS} orders seen once each, over a new watch after revision {stored} and {resumptions} breaks")


with open(key_file, encoding="utf-8") as file:
    key = file.read().strip()
try:
    with dms_client.connect(server, api_key=key) as client:
        place_orders(client)
        stream_stock(client)
        watch_orders(client)
except (dms_client.DMSError, dms_client.ConfigurationError, dms_client.UploadError) as error:
    sys.exit(str(error))
print("everything is as it should be")
