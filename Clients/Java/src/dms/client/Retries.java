package dms.client;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** When failed calls are repeated and broken streams are opened again. Times are in milliseconds. */
final class Retries {
  static final int ATTEMPTS_MAX = 12;
  private static final long BACKOFF_FIRST = 50;
  private static final long BACKOFF_MAX = 3_000;
  private static final double BURST = 128;
  private static final double PER_SECOND = 32;

  private Retries() {}

  /** Waits that double up to a bound, each drawn at random from its upper half. */
  static final class Backoff {
    private long next = BACKOFF_FIRST;

    long next() {
      long whole = next;
      next = Math.min(whole * 2, BACKOFF_MAX);
      return ThreadLocalRandom.current().nextLong(whole / 2, whole + 1);
    }

    void reset() {
      next = BACKOFF_FIRST;
    }
  }

  /**
   * Bounds the retries of all calls of a client: a bucket that fills up. When it is empty a retry waits its turn; when a
   * full bucket's worth is waiting already it is refused.
   */
  static final class Allowance {
    private double level = BURST;
    private long filled = System.nanoTime();

    synchronized OptionalLong take() {
      long now = System.nanoTime();
      level = Math.min(BURST, level + (now - filled) / 1e9 * PER_SECOND);
      filled = now;
      if (level - 1 < -BURST) return OptionalLong.empty();
      level -= 1;
      return OptionalLong.of(level >= 0 ? 0 : (long) (-level / PER_SECOND * 1_000));
    }
  }

  /**
   * Decides whether a broken stream is opened again. One that has never answered is given up when the time of an
   * ordinary call is over: the address may be wrong.
   */
  static final class Reconnection {
    private final Backoff backoff = new Backoff();
    private final Duration firstAnswerMax;
    private boolean hasAnswered;
    private long brokenSince;
    private boolean isBroken;

    Reconnection(Duration firstAnswerMax) {
      this.firstAnswerMax = firstAnswerMax;
    }

    void answered() {
      hasAnswered = true;
      isBroken = false;
      backoff.reset();
    }

    /** The wait before the stream is opened again; empty when the error is the caller's. */
    OptionalLong after(DmsException error) {
      if (!error.isTransient()) return OptionalLong.empty();
      if (!isBroken) brokenSince = System.nanoTime();
      isBroken = true;
      long wait = backoff.next() + error.retryDelay().toMillis();
      long broken = (System.nanoTime() - brokenSince) / 1_000_000;
      boolean givesUp = !hasAnswered && broken + wait > firstAnswerMax.toMillis();
      return givesUp ? OptionalLong.empty() : OptionalLong.of(wait);
    }
  }

  /** Waits; an interruption becomes CANCELLED, and the thread stays marked. */
  static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException interruption) {
      throw interrupted();
    }
  }

  static DmsException interrupted() {
    Thread.currentThread().interrupt();
    return new DmsException(io.grpc.Status.Code.CANCELLED, "the thread was interrupted");
  }
}
