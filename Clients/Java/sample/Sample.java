import dms.admin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dms.admin.v1.AdminServiceOuterClass.WhoAmIRequest;
import dms.client.DmsClient;
import dms.client.DmsException;
import dms.client.RequestIds;
import dms.client.StockUpload;
import dms.client.Watch;
import dms.inventory.v1.InventoryServiceGrpc.InventoryServiceBlockingStub;
import dms.inventory.v1.InventoryServiceOuterClass.InventoryEvent;
import dms.inventory.v1.InventoryServiceOuterClass.ListNetworkStockRequest;
import dms.inventory.v1.InventoryServiceOuterClass.MovementEvent;
import dms.inventory.v1.InventoryServiceOuterClass.MovementKind;
import dms.inventory.v1.InventoryServiceOuterClass.SetEvent;
import dms.inventory.v1.InventoryServiceOuterClass.StockLevel;
import dms.inventory.v1.InventoryServiceOuterClass.StockOwnerKind;
import dms.order.v1.OrderServiceGrpc.OrderServiceBlockingStub;
import dms.order.v1.OrderServiceOuterClass.OrderDraft;
import dms.order.v1.OrderServiceOuterClass.OrderLineDraft;
import dms.order.v1.OrderServiceOuterClass.PlaceOrderRequest;
import dms.order.v1.OrderServiceOuterClass.WatchOrdersResponse;
import com.google.protobuf.Timestamp;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What every client can do, against a running server: places an order, streams stock, and breaks a watch off midway.
 *
 * <p>{@code Sample SERVER KEY_FILE DEALER SKU [--pause]}
 *
 * <p>It checks what it does and ends with 1 when something is not as it should be. With --pause it waits twice for a line
 * on standard input, so that the connection can be cut meanwhile.
 */
final class Sample {
  private static final int ORDERS = 10;
  private static final int EVENTS = 500;

  private final DmsClient client;
  private final String dealer;
  private final String sku;
  private final boolean pauses;
  private final BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
  private boolean paused;

  private Sample(DmsClient client, String dealer, String sku, boolean pauses) {
    this.client = client;
    this.dealer = dealer;
    this.sku = sku;
    this.pauses = pauses;
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4) {
      System.err.println("usage: Sample SERVER KEY_FILE DEALER SKU [--pause]");
      System.exit(2);
    }
    String key = Files.readString(Path.of(arguments[1])).strip();
    boolean pauses = arguments.length > 4 && arguments[4].equals("--pause");
    try (DmsClient client = new DmsClient(arguments[0], new DmsClient.Options().apiKey(key))) {
      Sample sample = new Sample(client, arguments[2], arguments[3], pauses);
      sample.placeOrders();
      sample.streamStock();
      sample.watchOrders();
    } catch (DmsException | IllegalStateException | IllegalArgumentException error) {
      System.err.println(error);
      System.exit(1);
    }
    System.out.println("everything is as it should be");
  }

  private static void check(boolean holds, String sentence) {
    if (!holds) throw new IllegalStateException("not as it should be: " + sentence);
  }

  private void pause(String what) {
    if (!pauses) return;
    System.out.println("pause: " + what);
    try {
      input.readLine();
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
  }

  /** Places the order of this number; the request id comes from its reference, so that a repeat orders nothing. */
  private String place(int number) {
    String reference = "JAVA-" + number;
    OrderDraft draft =
        OrderDraft.newBuilder()
            .setDealerId(dealer)
            .setCustomerReference(reference)
            .addLines(OrderLineDraft.newBuilder().setSku(sku).setQuantity(number))
            .build();
    return place(
        PlaceOrderRequest.newBuilder().setRequestId(RequestIds.derive(dealer + "/" + reference)).setOrder(draft).build());
  }

  private String place(PlaceOrderRequest request) {
    return client.call(client.orders(), OrderServiceBlockingStub::placeOrder, request).getOrder().getOrderId();
  }

  private void placeOrders() {
    String first = place(1);
    check(first.equals(place(1)), "a repeat with the same request id must not order again");
    System.out.println("order " + first + " placed; its repeat gave the same order");
    try {
      place(PlaceOrderRequest.newBuilder().setOrder(OrderDraft.newBuilder().setDealerId(dealer)).build());
      check(false, "an order without lines must be refused");
    } catch (DmsException error) {
      check(error.reason().equals("INVALID_FIELD") && !error.violations().isEmpty(), error.toString());
      System.out.println("an order without lines is refused: " + error.violations().get(0).description);
    }
  }

  /** A count of a thousand, then sales of one piece each. */
  private List<InventoryEvent> events(long after, int limit) {
    List<InventoryEvent> events = new ArrayList<>();
    for (long number = after + 1; number <= EVENTS && events.size() < limit; number++) {
      InventoryEvent.Builder event =
          InventoryEvent.newBuilder()
              .setSequence(number)
              .setSku(sku)
              .setEventTime(Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond()));
      if (number == 1) {
        event.setSet(SetEvent.newBuilder().setQuantity(1_000));
      } else {
        event.setMovement(MovementEvent.newBuilder().setKind(MovementKind.MOVEMENT_KIND_SALE).setQuantity(-1));
      }
      events.add(event.build());
    }
    return events;
  }

  private StockUpload upload() {
    return client.upload(dealer, this::events).source("sample", 1).window(50, 100);
  }

  private void streamStock() {
    StockUpload upload =
        upload()
            .onAcknowledged(
                ack -> {
                  if (paused || ack.getLastSequence() < EVENTS / 2) return;
                  paused = true;
                  pause("the stock stream is half way");
                });
    upload.run();
    check(upload.lastSequence() == EVENTS && upload.rejectedCount() == 0, "every event must be durable");
    ListNetworkStockRequest stock =
        ListNetworkStockRequest.newBuilder()
            .setOwner(StockOwnerKind.STOCK_OWNER_KIND_DEALER)
            .setDealerId(dealer)
            .setSku(sku)
            .build();
    List<StockLevel> levels =
        client.call(client.inventory(), InventoryServiceBlockingStub::listNetworkStock, stock).getLevelsList();
    check(levels.size() == 1 && levels.get(0).getOnHandQuantity() == 1_000 - (EVENTS - 1), "every event counts once");
    System.out.printf(
        "%d stock events are durable, the stream was opened again %d times; %d on hand%n",
        EVENTS, upload.resumptions(), levels.get(0).getOnHandQuantity());
    StockUpload again = upload();
    again.run();
    check(again.appliedCount() == 0 && again.lastSequence() == EVENTS, "a second upload must send nothing");
  }

  private void watchOrders() {
    long start =
        client.call(client.admin(), AdminServiceBlockingStub::whoAmI, WhoAmIRequest.getDefaultInstance()).getRevision();
    List<String> placed = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (int number = 2; number < 8; number++) placed.add(place(number));
    long stored;
    try (Watch<WatchOrdersResponse> watch = client.watchOrders(start, dealer)) {
      read(watch, seen, 3);
      stored = watch.revision();
    }
    // The watch is gone, as when the program ends; a new one goes on after the revision that was stored.
    try (Watch<WatchOrdersResponse> watch = client.watchOrders(stored, dealer)) {
      read(watch, seen, 5);
      pause("the watch is half way");
      for (int number = 8; number < ORDERS + 2; number++) placed.add(place(number));
      read(watch, seen, ORDERS);
      check(seen.equals(placed), "saw " + seen + ", placed " + placed);
      System.out.printf(
          "%d orders seen once each, over a new watch after revision %d and %d breaks%n",
          ORDERS, stored, watch.resumptions());
    }
  }

  private static void read(Watch<WatchOrdersResponse> watch, List<String> seen, int until) {
    while (seen.size() < until) {
      WatchOrdersResponse message = watch.next();
      if (message.hasOrder()) seen.add(message.getOrder().getOrderId());
    }
  }
}
