"""Places an order and watches it.

    pip install ./Clients/Python
    DMS_SERVER=http://127.0.0.1:8421 DMS_API_KEY=… python Clients/Python/examples/place_order.py DEALER SKU QUANTITY
"""

import sys

import dms_client
from dms_client import order

dealer, sku, quantity = sys.argv[1], sys.argv[2], int(sys.argv[3])

with dms_client.connect_from_environment() as dms:
    draft = order.OrderDraft(dealer_id=dealer, lines=[order.OrderLineDraft(sku=sku, quantity=quantity)])
    # The request id is made before the first try: a repeat with it can never order twice.
    request = order.PlaceOrderRequest(request_id=dms_client.new_request_id(), order=draft)
    try:
        placed = dms.orders.place_order(request).order
    except dms_client.DMSError as error:
        sys.exit(f"{error}\n{error.remedy or ''}".strip())
    total = dms_client.from_micros(placed.total_micros)
    print(f"{placed.order_id}: {order.OrderState.Name(placed.state)}, {total} {placed.currency_code}")

    # After one revision earlier, so that the order's own change is among what comes.
    with dms.orders.watch_orders(after=placed.revision - 1, order_id=placed.order_id) as watch:
        for event in watch:
            if event.resource:
                print(f"revision {event.revision}: {order.OrderState.Name(event.resource.state)}")
                break
