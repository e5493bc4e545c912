package dms.client;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * Changes in the order of their commits, each at least once, over breaks of the connection.
 *
 * <p>A message counts as handled when the next one is asked for; after a break the watch waits a little and goes on after
 * the last handled revision, so that nothing is skipped. Store the message's revision with what you made of it, and start
 * after it in the next run. One thread reads; {@link #close} may be called from any.
 */
public final class Watch<M> implements AutoCloseable {
  private final Retries.Reconnection reconnection;
  private final Runnable reconnect;
  private final LongFunction<Iterator<M>> open;
  private final ToLongFunction<M> revisionOf;
  private final Context.CancellableContext context = Context.current().withCancellation();
  private Iterator<M> stream;
  private long revision;
  private int resumptions;

  Watch(
      long after,
      Retries.Reconnection reconnection,
      Runnable reconnect,
      LongFunction<Iterator<M>> open,
      ToLongFunction<M> revisionOf) {
    this.revision = after;
    this.reconnection = reconnection;
    this.reconnect = reconnect;
    this.open = open;
    this.revisionOf = revisionOf;
  }

  /** Everything up to this revision has been delivered. */
  public long revision() {
    return revision;
  }

  /** Times that the stream was opened again. */
  public int resumptions() {
    return resumptions;
  }

  /**
   * Waits for the next message.
   *
   * @throws DmsException OUT_OF_RANGE {@code REVISION_COMPACTED} when the server's log no longer reaches back that far
   *     (list everything, and watch after the revision of the first page), CANCELLED once the watch is closed, and every
   *     other error that does not pass
   */
  public M next() {
    while (true) {
      DmsException failure;
      try {
        if (stream == null) context.run(() -> stream = open.apply(revision));
        if (stream.hasNext()) return received(stream.next());
        // Servers end streams that have grown old; that is no fault of anybody.
        failure = new DmsException(Status.Code.UNAVAILABLE, "the server ended the watch");
      } catch (StatusRuntimeException error) {
        failure = DmsException.of(error, "");
      }
      stream = null;
      OptionalLong wait = reconnection.after(failure);
      if (wait.isEmpty()) throw failure;
      resumptions++;
      Retries.sleep(wait.getAsLong());
      reconnect.run();
    }
  }

  private M received(M message) {
    long next = revisionOf.applyAsLong(message);
    if (next < revision) {
      throw new DmsException(Status.Code.INTERNAL, "the watch went back from revision " + revision + " to " + next);
    }
    reconnection.answered();
    revision = next;
    return message;
  }

  /** Ends the stream; whoever waits for a message gets CANCELLED. */
  @Override
  public void close() {
    context.cancel(null);
  }
}
