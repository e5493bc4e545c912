package dms.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import google.rpc.ErrorDetails.BadRequest;
import google.rpc.ErrorDetails.ErrorInfo;
import google.rpc.ErrorDetails.PreconditionFailure;
import google.rpc.ErrorDetails.QuotaFailure;
import google.rpc.ErrorDetails.RetryInfo;
import google.rpc.StatusOuterClass;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A failed call. Branch on {@link #reason} first, on {@link #code} where a whole kind of failure is meant. */
public final class DmsException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final Duration RETRY_DELAY_MAX = Duration.ofDays(1);

  private final Status.Code code;
  private final String requestId;
  private String reason = "";
  private transient Map<String, String> metadata = Map.of();
  private final transient List<Violation> violations = new ArrayList<>();
  private Duration retryDelay = Duration.ZERO;

  /** What stands against a call: a field that is wrong, a rule that blocks, or a limit that was passed. */
  public static final class Violation {
    /** The rule's reason code, such as {@code CREDIT_EXCEEDED}; empty for fields and limits. */
    public final String rule;

    /** Where it stands or what it concerns, such as {@code order.lines[3].quantity} or {@code dealer/4711}. */
    public final String subject;

    /** What is wrong and what would be right, as a sentence. */
    public final String description;

    Violation(String rule, String subject, String description) {
      this.rule = rule;
      this.subject = subject;
      this.description = description;
    }
  }

  DmsException(Status.Code code, String message) {
    super(message);
    this.code = code;
    this.requestId = "";
  }

  private DmsException(Status status, Throwable cause, String requestId) {
    super(status.getDescription() == null ? status.getCode().name() : status.getDescription(), cause);
    this.code = status.getCode();
    this.requestId = requestId;
  }

  /** The typed form of what a call throws. */
  public static DmsException of(Throwable error, String requestId) {
    if (error instanceof DmsException) return (DmsException) error;
    DmsException failure = new DmsException(Status.fromThrowable(error), error, requestId);
    Metadata trailers = Status.trailersFromThrowable(error);
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    if (details == null) return failure;
    try {
      failure.read(StatusOuterClass.Status.parseFrom(details));
    } catch (InvalidProtocolBufferException damaged) {
      failure.addSuppressed(damaged); // The code and the message still stand.
    }
    return failure;
  }

  /** The failure of one item of a stream. */
  public static DmsException of(StatusOuterClass.Status status, String requestId) {
    Status known = Status.fromCodeValue(status.getCode()).withDescription(status.getMessage());
    DmsException failure = new DmsException(known, null, requestId);
    try {
      failure.read(status);
    } catch (InvalidProtocolBufferException damaged) {
      failure.addSuppressed(damaged);
    }
    return failure;
  }

  /** The kind of failure. */
  public Status.Code code() {
    return code;
  }

  /** One of {@code dms.error.v1.ErrorReason} without its prefix, such as {@code RULE_BLOCKED}; may be empty. */
  public String reason() {
    return reason;
  }

  /** Facts of the reason by name, such as {@code current_etag}. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Every field, rule and limit that stands against the call. */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** How long the server asks to wait before another try; zero when it does not. */
  public Duration retryDelay() {
    return retryDelay;
  }

  /** The request id under which the write was tried; empty for reads. */
  public String requestId() {
    return requestId;
  }

  /** Whether the same call may succeed a little later: nothing is wrong with the call itself. */
  public boolean isTransient() {
    return code == Status.Code.UNAVAILABLE
        || code == Status.Code.RESOURCE_EXHAUSTED && reason.equals("OVERLOADED");
  }

  /** Whether a write may have been committed although the answer never came. */
  public boolean isOutcomeUnknown() {
    return !requestId.isEmpty()
        && (code == Status.Code.UNAVAILABLE
            || code == Status.Code.DEADLINE_EXCEEDED
            || code == Status.Code.CANCELLED);
  }

  /** Code, reason and message on one line, and each violation on a line of its own. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(code + (reason.isEmpty() ? "" : " " + reason) + ": " + getMessage());
    for (Violation each : violations) {
      text.append("\n  ").append(each.rule.isEmpty() ? "" : each.rule + " ");
      text.append(each.subject).append(": ").append(each.description);
    }
    return text.toString();
  }

  private void read(StatusOuterClass.Status status) throws InvalidProtocolBufferException {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        ErrorInfo info = detail.unpack(ErrorInfo.class);
        reason = info.getReason();
        metadata = info.getMetadataMap();
      } else if (detail.is(BadRequest.class)) {
        for (BadRequest.FieldViolation each : detail.unpack(BadRequest.class).getFieldViolationsList()) {
          violations.add(new Violation("", each.getField(), each.getDescription()));
        }
      } else if (detail.is(PreconditionFailure.class)) {
        for (PreconditionFailure.Violation each : detail.unpack(PreconditionFailure.class).getViolationsList()) {
          violations.add(new Violation(each.getType(), each.getSubject(), each.getDescription()));
        }
      } else if (detail.is(QuotaFailure.class)) {
        for (QuotaFailure.Violation each : detail.unpack(QuotaFailure.class).getViolationsList()) {
          violations.add(new Violation("", each.getSubject(), each.getDescription()));
        }
      } else if (detail.is(RetryInfo.class)) {
        com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
        Duration asked = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
        if (!asked.isNegative()) retryDelay = asked.compareTo(RETRY_DELAY_MAX) > 0 ? RETRY_DELAY_MAX : asked;
      }
    }
  }
}
