"""Places an order and watches it, with stock grpcio and the schemas alone.

  pip install grpcio grpcio-tools
  python -m grpc_tools.protoc -I Proto --python_out=build --grpc_python_out=build \
      $(find Proto/dms Proto/google -name '*.proto')
  PYTHONPATH=build python Clients/Python/examples/place_order.py 127.0.0.1:8421 "$DMS_API_KEY" DEALER SKU
"""

import sys
import uuid

import grpc
from dms.order.v1 import order_service_pb2 as order
from dms.order.v1 import order_service_pb2_grpc as order_grpc

target, key, dealer, sku = sys.argv[1:5]
credentials = [("authorization", f"Bearer {key}")]

with grpc.insecure_channel(target) as channel:
    orders = order_grpc.OrderServiceStub(channel)
    draft = order.OrderDraft(
        dealer_id=dealer, lines=[order.OrderLineDraft(sku=sku, quantity=1)], ship_policy=order.SHIP_POLICY_PARTIAL
    )
    # The request id is made before the first try: a repeat with it can never order twice.
    request = order.PlaceOrderRequest(request_id=str(uuid.uuid4()), order=draft)
    placed = orders.PlaceOrder(request, metadata=credentials, timeout=10).order
    print(f"{placed.order_id}: {order.OrderState.Name(placed.state)}, {placed.total_micros / 1e6:.2f} {placed.currency_code}")

    watch = order.WatchOrdersRequest(order_id=placed.order_id, after_revision=placed.revision - 1)
    for event in orders.WatchOrders(watch, metadata=credentials, timeout=30):
        if event.WhichOneof("event") == "order":
            print(f"revision {event.revision}: {order.OrderState.Name(event.order.state)}")
            break
