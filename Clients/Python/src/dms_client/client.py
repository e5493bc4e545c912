"""A connection to a DMS server."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, Callable

import grpc

from dms_client._generated.dms.admin.v1.admin_service_pb2 import WhoAmIRequest
from dms_client._generated.dms.inventory.v1 import inventory_service_pb2 as inventory_v1
from dms_client._generated.dms.order.v1 import order_service_pb2 as order_v1
from dms_client._generated.services import AdminCalls, InventoryCalls, OrderCalls
from dms_client.address import ConfigurationError, ServerAddress, check_key
from dms_client.calls import CallCore, Method
from dms_client.event_sources import EventSource
from dms_client.retries import RetrySettings
from dms_client.uploading import Upload, UploadOptions, UploadSummary, UploadUpdate
from dms_client.version import __version__
from dms_client.watching import OLDEST, Watch

_WATCH_ORDERS = Method(
    "/dms.order.v1.OrderService/WatchOrders", order_v1.WatchOrdersRequest, order_v1.WatchOrdersResponse)
_WATCH_INVENTORY = Method(
    "/dms.inventory.v1.InventoryService/WatchInventory",
    inventory_v1.WatchInventoryRequest, inventory_v1.WatchInventoryResponse)


class Orders(OrderCalls):
    """The calls of OrderService."""

    def __init__(self, core: CallCore, admin: Admin) -> None:
        super().__init__(core)
        self._admin = admin

    def watch_orders(
        self, after: int = OLDEST, *, dealer_id: str = "", order_id: str = ""
    ) -> Watch[order_v1.Order]:
        """Watches orders after the store revision ``after`` (or :data:`dms_client.OLDEST`, :data:`dms_client.NOW`),
        of one dealer or one order if so asked; see :class:`dms_client.Watch`."""

        def open_stream(revision: int) -> Any:
            request = order_v1.WatchOrdersRequest(after_revision=revision, dealer_id=dealer_id, order_id=order_id)
            return self._core.server_stream(_WATCH_ORDERS, request)

        def resource(message: order_v1.WatchOrdersResponse) -> order_v1.Order | None:
            return message.order if message.WhichOneof("event") == "order" else None

        return Watch(
            after=after, current_revision=self._admin.current_revision, open_stream=open_stream, resource=resource,
            reconnection=self._core.reconnection())


class Inventory(InventoryCalls):
    """The calls of InventoryService."""

    def __init__(self, core: CallCore, admin: Admin) -> None:
        super().__init__(core)
        self._admin = admin

    def watch_inventory(
        self, after: int = OLDEST, *, owner: int = 0, dealer_id: str = "", location_id: str = "",
        skus: tuple[str, ...] = (),
    ) -> Watch[inventory_v1.StockLevel]:
        """Watches balances after the store revision ``after`` (or :data:`dms_client.OLDEST`,
        :data:`dms_client.NOW`); ``owner`` is a StockOwnerKind. See :class:`dms_client.Watch`."""

        def open_stream(revision: int) -> Any:
            request = inventory_v1.WatchInventoryRequest(
                after_revision=revision, dealer_id=dealer_id, location_id=location_id, skus=skus)
            request.owner = owner  # type: ignore[assignment]
            return self._core.server_stream(_WATCH_INVENTORY, request)

        def resource(message: inventory_v1.WatchInventoryResponse) -> inventory_v1.StockLevel | None:
            return message.level if message.WhichOneof("event") == "level" else None

        return Watch(
            after=after, current_revision=self._admin.current_revision, open_stream=open_stream, resource=resource,
            reconnection=self._core.reconnection())

    def upload(
        self, source: EventSource, *, dealer_id: str, source_name: str, epoch: int = 1,
        options: UploadOptions = UploadOptions(), on_update: Callable[[UploadUpdate], None] | None = None,
    ) -> UploadSummary:
        """Sends the events of ``source`` over StreamInventory until it ends and everything is durable, over breaks
        of the connection; see :class:`dms_client.EventSource`.

        ``source_name`` names the reporting system; sequences count within it and within ``epoch``, which goes up
        (from 1) when the source starts them anew. ``on_update`` is told what happens, one update at a time; answers
        wait while it runs. A rejection whose acknowledgement was lost in a break is not told again: list the
        dealer's rejected events. A second upload of the same source takes over; the first then raises ABORTED
        ``FENCED`` and must not start again by itself.
        """
        stream_open = inventory_v1.StreamOpen(dealer_id=dealer_id, source=source_name, epoch=epoch)
        return Upload(self._core, stream_open, source, options, on_update).run()


class Admin(AdminCalls):
    """The calls of AdminService."""

    def current_revision(self) -> int:
        """The store's revision: what is committed from now on is watched after it."""
        return self.who_am_i(WhoAmIRequest()).revision


class DMSClient:
    """A connection to a DMS server; connects with the first call, and again after breaks.

    Safe to use from many threads; make one and keep it. :func:`connect` makes it.
    """

    def __init__(self, channel: grpc.Channel, core: CallCore) -> None:
        self._channel = channel
        #: The calls of AdminService.
        self.admin = Admin(core)
        #: The calls of OrderService.
        self.orders = Orders(core, self.admin)
        #: The calls of InventoryService.
        self.inventory = Inventory(core, self.admin)

    def close(self) -> None:
        """Ends the connection, and every call and watch that is under way."""
        self._channel.close()

    def __enter__(self) -> DMSClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(
    server: str, *, api_key: str | None = None, root_certificates: bytes | None = None,
    client_certificate: tuple[bytes, bytes] | None = None, server_name: str | None = None,
    plain_text_credentials_allowed: bool = False, timeout: float | None = 30.0,
    retries: RetrySettings = RetrySettings(),
) -> DMSClient:
    """A client of the server at ``http://host:port``, ``https://host:port`` or ``unix:/path``.

    ``api_key`` travels with every call; never in plain text to another machine, unless
    ``plain_text_credentials_allowed`` (for closed networks only). With https the server is trusted by
    ``root_certificates`` (PEM; those that gRPC brings along when None) and must have a certificate for
    ``server_name``, or else for its host; ``client_certificate`` is a certificate chain and its private key, both
    PEM. ``timeout`` is how many seconds a call may take, its retries included, unless the call says otherwise.

    Raises :class:`ConfigurationError`.
    """
    address = ServerAddress.parse(server)
    metadata: tuple[tuple[str, str], ...] = ()
    if api_key is not None:
        check_key(api_key, address, plain_text_credentials_allowed)
        metadata = (("authorization", f"Bearer {api_key}"),)
    options: list[tuple[str, Any]] = [
        ("grpc.primary_user_agent", f"dms-python/{__version__}"),
        # Calls are repeated by CallCore, where the reasons are known, and nowhere below.
        ("grpc.enable_retries", 0),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.min_reconnect_backoff_ms", 1_000),
        ("grpc.max_reconnect_backoff_ms", 3_000),
        # A machine that is gone without a word is noticed, though never by more pings than servers allow.
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.max_receive_message_length", 64 * 1024 * 1024),
        # Clients of one program do not share a connection, so that closing one ends its own calls only.
        ("grpc.use_local_subchannel_pool", 1),
    ]
    if address.secure:
        if server_name is not None:
            options.append(("grpc.ssl_target_name_override", server_name))
        chain, key = client_certificate or (None, None)
        channel = grpc.secure_channel(address.target, grpc.ssl_channel_credentials(root_certificates, key, chain), options)
    else:
        if root_certificates is not None or client_certificate is not None or server_name is not None:
            raise ConfigurationError("certificates are for https; this server's address is another")
        # What is plain goes to the server itself: through a proxy, the key would leave this machine readable.
        options.append(("grpc.enable_http_proxy", 0))
        channel = grpc.insecure_channel(address.target, options)
    return DMSClient(channel, CallCore(channel, metadata, timeout, retries))


def connect_from_environment() -> DMSClient:
    """A client as ``DMS_SERVER`` and ``DMS_API_KEY`` say (``DMS_CA_FILE`` names the PEM file of the certificates to
    trust). Raises :class:`ConfigurationError` and OSError."""
    server = os.environ.get("DMS_SERVER")
    if not server:
        raise ConfigurationError("DMS_SERVER is not set: write the server's address, such as http://127.0.0.1:8421")
    roots: bytes | None = None
    if os.environ.get("DMS_CA_FILE"):
        with open(os.environ["DMS_CA_FILE"], "rb") as file:
            roots = file.read()
    return connect(server, api_key=os.environ.get("DMS_API_KEY") or None, root_certificates=roots)
