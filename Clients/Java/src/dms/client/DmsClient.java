package dms.client;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dms.admin.v1.AdminServiceGrpc;
import dms.admin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import dms.inventory.v1.InventoryServiceGrpc;
import dms.inventory.v1.InventoryServiceGrpc.InventoryServiceBlockingStub;
import dms.inventory.v1.InventoryServiceOuterClass.WatchInventoryRequest;
import dms.inventory.v1.InventoryServiceOuterClass.WatchInventoryResponse;
import dms.order.v1.OrderServiceGrpc;
import dms.order.v1.OrderServiceGrpc.OrderServiceBlockingStub;
import dms.order.v1.OrderServiceOuterClass.WatchOrdersRequest;
import dms.order.v1.OrderServiceOuterClass.WatchOrdersResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import javax.net.ssl.SSLException;

/**
 * A client of a server. Connects with the first call, and again after breaks; make one and keep it. Safe to use from
 * many threads.
 */
public final class DmsClient implements AutoCloseable {
  private final ManagedChannel channel;
  private final Duration timeout;
  private final Metadata metadata;
  private final Retries.Allowance allowance = new Retries.Allowance();

  /** How a client connects. */
  public static final class Options {
    private String apiKey;
    private File rootCertificates;
    private boolean plainTextCredentialsAllowed;
    private Duration timeout = Duration.ofSeconds(30);

    /** Travels with every call, never in plain text to another machine. */
    public Options apiKey(String key) {
      apiKey = key;
      return this;
    }

    /** The PEM file of the certificates that an https server is trusted by; those of Java when it is not set. */
    public Options rootCertificates(File file) {
      rootCertificates = file;
      return this;
    }

    /** Sends the key in plain text even to another machine. For closed networks only. */
    public Options allowPlainTextCredentials() {
      plainTextCredentialsAllowed = true;
      return this;
    }

    /** How long a call may take, its retries included. */
    public Options timeout(Duration most) {
      timeout = most;
      return this;
    }
  }

  /**
   * A client of the server at {@code http://host:port} or {@code https://host:port}.
   *
   * @throws IllegalArgumentException when the address or the key cannot be used
   */
  public DmsClient(String server, Options options) {
    ServerAddress address = ServerAddress.parse(server);
    timeout = options.timeout;
    metadata = new Metadata();
    if (options.apiKey != null) {
      check(options, address);
      metadata.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + options.apiKey);
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host, address.port)
            .userAgent("dms-java")
            // Calls are repeated by `call`, where the reasons are known, and nowhere below.
            .disableRetry()
            .maxInboundMessageSize(64 << 20)
            // A machine that is gone without a word is noticed, though never by more pings than servers allow.
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS);
    if (address.secure) {
      if (options.rootCertificates != null) {
        try {
          builder.sslContext(GrpcSslContexts.forClient().trustManager(options.rootCertificates).build());
        } catch (SSLException error) {
          throw new IllegalArgumentException("the certificates cannot be used: " + error.getMessage(), error);
        }
      }
    } else {
      // What is plain goes to the server itself: through a proxy, the key would leave this machine readable.
      builder.usePlaintext().proxyDetector(target -> null);
    }
    channel = builder.build();
  }

  private static void check(Options options, ServerAddress address) {
    if (!options.apiKey.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException(
          "the API key holds blanks or unprintable characters: copy it again, without line ends");
    }
    if (!address.secure && !address.isLocal() && !options.plainTextCredentialsAllowed) {
      throw new IllegalArgumentException(
          "the API key would travel in plain text to " + address.host + ": use https, or allow plain text explicitly");
    }
  }

  /** The calls of OrderService, for {@link #call}. */
  public OrderServiceBlockingStub orders() {
    return prepared(OrderServiceGrpc.newBlockingStub(channel));
  }

  /** The calls of InventoryService, for {@link #call}. */
  public InventoryServiceBlockingStub inventory() {
    return prepared(InventoryServiceGrpc.newBlockingStub(channel));
  }

  /** The calls of AdminService, for {@link #call}. */
  public AdminServiceBlockingStub admin() {
    return prepared(AdminServiceGrpc.newBlockingStub(channel));
  }

  /** Adds the credential to a stub. */
  <S extends AbstractStub<S>> S prepared(S stub) {
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  /**
   * Makes a call, such as {@code client.call(client.orders(), OrderServiceBlockingStub::placeOrder, request)}, and
   * repeats it after failures that pass. A request that writes and has no request id gets one, which stays over all
   * tries.
   *
   * @throws DmsException when it fails
   */
  public <S extends AbstractStub<S>, Q extends Message, R> R call(S stub, BiFunction<S, Q, R> method, Q request) {
    FieldDescriptor field = request.getDescriptorForType().findFieldByName("request_id");
    Q sent = field == null ? request : identified(request, field);
    String requestId = field == null ? "" : (String) sent.getField(field);
    long deadline = System.nanoTime() + timeout.toNanos();
    Retries.Backoff backoff = new Retries.Backoff();
    for (int attempt = 1; ; attempt++) {
      try {
        return method.apply(stub.withDeadlineAfter(deadline - System.nanoTime(), TimeUnit.NANOSECONDS), sent);
      } catch (StatusRuntimeException error) {
        DmsException failure = DmsException.of(error, requestId);
        if (!failure.isTransient() || attempt >= Retries.ATTEMPTS_MAX) throw failure;
        // What the server asks for is the least; the jitter stays on top of it.
        long wait = backoff.next() + failure.retryDelay().toMillis();
        if (!fits(wait, deadline)) throw failure;
        OptionalLong turn = allowance.take();
        if (turn.isEmpty() || !fits(turn.getAsLong(), deadline)) throw failure;
        Retries.sleep(Math.max(wait, turn.getAsLong()));
        channel.resetConnectBackoff();
      }
    }
  }

  private static boolean fits(long milliseconds, long deadline) {
    return milliseconds < (deadline - System.nanoTime()) / 1_000_000;
  }

  @SuppressWarnings("unchecked") // A builder of a message builds messages of its class.
  private static <Q extends Message> Q identified(Q request, FieldDescriptor field) {
    if (!((String) request.getField(field)).isEmpty()) return request;
    return (Q) request.toBuilder().setField(field, RequestIds.create()).build();
  }

  /** Watches orders after a store revision (0: from the oldest change that is kept), of one dealer unless empty. */
  public Watch<WatchOrdersResponse> watchOrders(long after, String dealerId) {
    return new Watch<>(
        after,
        reconnection(),
        channel::resetConnectBackoff,
        revision ->
            orders().watchOrders(
                WatchOrdersRequest.newBuilder().setAfterRevision(revision).setDealerId(dealerId).build()),
        WatchOrdersResponse::getRevision);
  }

  /** Watches balances in the same way. */
  public Watch<WatchInventoryResponse> watchInventory(long after, String dealerId) {
    return new Watch<>(
        after,
        reconnection(),
        channel::resetConnectBackoff,
        revision ->
            inventory().watchInventory(
                WatchInventoryRequest.newBuilder().setAfterRevision(revision).setDealerId(dealerId).build()),
        WatchInventoryResponse::getRevision);
  }

  /** A stock upload of a dealer's events; {@link StockUpload#run} sends them. */
  public StockUpload upload(String dealerId, StockUpload.Source source) {
    return new StockUpload(
        prepared(InventoryServiceGrpc.newStub(channel)), reconnection(), channel::resetConnectBackoff, dealerId, source);
  }

  private Retries.Reconnection reconnection() {
    return new Retries.Reconnection(timeout);
  }

  /** Ends the connection, and every call and watch that is under way. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
