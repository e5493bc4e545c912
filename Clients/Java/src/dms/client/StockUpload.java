package dms.client;

import dms.inventory.v1.InventoryServiceGrpc.InventoryServiceStub;
import dms.inventory.v1.InventoryServiceOuterClass.EventAck;
import dms.inventory.v1.InventoryServiceOuterClass.EventBatch;
import dms.inventory.v1.InventoryServiceOuterClass.InventoryEvent;
import dms.inventory.v1.InventoryServiceOuterClass.StreamInventoryRequest;
import dms.inventory.v1.InventoryServiceOuterClass.StreamInventoryResponse;
import dms.inventory.v1.InventoryServiceOuterClass.StreamOpen;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Sends a dealer's stock events, exactly once in effect, over breaks of the connection and restarts of either side. The
 * thread that runs it sends and answers; gRPC's only hand over what arrives.
 */
public final class StockUpload {
  private static final int RESYNCS_MAX = 3;

  /** Where the events come from. */
  public interface Source {
    /**
     * The events after {@code after}, at most {@code limit}, with consecutive sequences from {@code after + 1}; none when
     * there are no more. Asked again for the same place after a break.
     */
    List<InventoryEvent> events(long after, int limit);
  }

  private final InventoryServiceStub stub;
  private final Retries.Reconnection reconnection;
  private final Runnable reconnect;
  private final String dealerId;
  private final Source source;
  private String sourceName = "pos";
  private long epoch = 1;
  private int batchMax = 200;
  private int windowMax = 2_000;
  private Consumer<EventAck> onAcknowledged = ack -> {};

  private boolean isOpen;
  private boolean sourceEnded;
  private long durable;
  private long sent;
  private int resyncs;
  private long applied;
  private long rejected;
  private int resumptions;

  StockUpload(
      InventoryServiceStub stub, Retries.Reconnection reconnection, Runnable reconnect, String dealerId, Source source) {
    this.stub = stub;
    this.reconnection = reconnection;
    this.reconnect = reconnect;
    this.dealerId = dealerId;
    this.source = source;
  }

  /** Names the reporting system; sequences count within it and within the epoch, which goes up when they start anew. */
  public StockUpload source(String name, long ofEpoch) {
    sourceName = name;
    epoch = ofEpoch;
    return this;
  }

  /** Events in a message, 1 to 1,000, and events that may be under way without an acknowledgement. */
  public StockUpload window(int batch, int window) {
    batchMax = Math.min(Math.max(batch, 1), 1_000);
    windowMax = Math.max(window, 1);
    return this;
  }

  /** Told what has become durable or was rejected; answers wait while it runs. */
  public StockUpload onAcknowledged(Consumer<EventAck> told) {
    onAcknowledged = told;
    return this;
  }

  /** The highest sequence that is durable. */
  public long lastSequence() {
    return durable;
  }

  /** Events that were applied, as the server counted them. */
  public long appliedCount() {
    return applied;
  }

  /** Events that were rejected. */
  public long rejectedCount() {
    return rejected;
  }

  /** Times that the stream was opened again. */
  public int resumptions() {
    return resumptions;
  }

  /**
   * Uploads until the source ends and everything is durable.
   *
   * @throws DmsException for what does not pass; ABORTED {@code FENCED} when a newer upload of the same source has taken
   *     over: this one must not start again by itself
   */
  public void run() {
    while (true) {
      try {
        exchange();
        return;
      } catch (DmsException failure) {
        OptionalLong wait = reconnection.after(failure);
        if (wait.isEmpty()) throw failure;
        resumptions++;
        Retries.sleep(wait.getAsLong());
        reconnect.run();
      }
    }
  }

  /** What the stream brings; one of the two is set, or neither at its end. */
  private static final class Arrival {
    final StreamInventoryResponse response;
    final Throwable error;

    Arrival(StreamInventoryResponse response, Throwable error) {
      this.response = response;
      this.error = error;
    }
  }

  /** Runs one stream to its end; returns when everything is durable. */
  private void exchange() {
    isOpen = false;
    sourceEnded = false;
    // Bounded by the window: the server answers each batch once.
    BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    StreamObserver<StreamInventoryRequest> requests =
        stub.streamInventory(
            new StreamObserver<StreamInventoryResponse>() {
              @Override
              public void onNext(StreamInventoryResponse response) {
                arrivals.add(new Arrival(response, null));
              }

              @Override
              public void onError(Throwable error) {
                arrivals.add(new Arrival(null, error));
              }

              @Override
              public void onCompleted() {
                arrivals.add(new Arrival(null, null));
              }
            });
    boolean isOver = false;
    try {
      StreamOpen open = StreamOpen.newBuilder().setDealerId(dealerId).setSource(sourceName).setEpoch(epoch).build();
      requests.onNext(StreamInventoryRequest.newBuilder().setOpen(open).build());
      boolean isClosed = false;
      while (true) {
        long room = windowMax - (sent - durable);
        if (isOpen && !sourceEnded && room > 0 && arrivals.isEmpty()) {
          sendBatch(requests, (int) Math.min(room, batchMax));
          continue;
        }
        if (isComplete() && !isClosed) {
          isClosed = true;
          requests.onCompleted();
        }
        Arrival arrival = arrivals.take();
        isOver = arrival.response == null;
        if (arrival.error != null) throw DmsException.of(arrival.error, "");
        if (isOver && isComplete()) return;
        if (isOver) throw new DmsException(Status.Code.UNAVAILABLE, "the server ended the stream");
        handle(arrival.response);
      }
    } catch (InterruptedException interruption) {
      throw Retries.interrupted();
    } finally {
      if (!isOver) requests.onError(Status.CANCELLED.asRuntimeException());
    }
  }

  private boolean isComplete() {
    return isOpen && sourceEnded && durable == sent;
  }

  private void sendBatch(StreamObserver<StreamInventoryRequest> requests, int limit) {
    List<InventoryEvent> events = source.events(sent, limit);
    sourceEnded = events.isEmpty();
    if (sourceEnded) return;
    for (InventoryEvent event : events) {
      if (event.getSequence() != ++sent) {
        throw new IllegalStateException("event " + sent + " was to come next, but " + event.getSequence() + " came");
      }
    }
    EventBatch batch = EventBatch.newBuilder().addAllEvents(events).build();
    requests.onNext(StreamInventoryRequest.newBuilder().setBatch(batch).build());
  }

  private void handle(StreamInventoryResponse response) {
    switch (response.getMessageCase()) {
      case OPENED:
        long last = response.getOpened().getLastSequence();
        if (isOpen || last < 0) throw senseless("the stream was opened again or at " + last);
        isOpen = true;
        durable = last;
        sent = last;
        reconnection.answered();
        break;
      case ACK:
        acknowledged(response.getAck());
        break;
      case RESYNC_REQUIRED:
        if (++resyncs > RESYNCS_MAX) throw senseless("it still asks for the same events");
        throw new DmsException(Status.Code.UNAVAILABLE, "the server asks for events again");
      default:
        break;
    }
  }

  private void acknowledged(EventAck ack) {
    if (!isOpen || ack.getLastSequence() > sent) throw senseless("events were acknowledged that were not sent");
    if (ack.getLastSequence() <= durable) return;
    durable = ack.getLastSequence();
    resyncs = 0;
    applied += ack.getAppliedCount();
    rejected += ack.getRejectedCount();
    reconnection.answered();
    onAcknowledged.accept(ack);
  }

  private static DmsException senseless(String what) {
    return new DmsException(Status.Code.INTERNAL, "the server's answers make no sense: " + what);
  }
}
