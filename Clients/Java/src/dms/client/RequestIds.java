package dms.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.UUID;

/** Request ids: UUIDs that name a write, so that a repeat of it returns the first reply. */
public final class RequestIds {
  private static final UUID NAMESPACE = UUID.fromString("7d1c1f0e-5a3b-5c1d-8e2f-4b6a9d3c2e10");
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestIds() {}

  /**
   * A new id, never seen before (version 7: time first). A caller that must survive its own crash stores it with its
   * document before the first try, or derives it.
   */
  public static String create() {
    return text(System.currentTimeMillis() << 16 | RANDOM.nextLong() & 0xFFF, RANDOM.nextLong(), 7);
  }

  /**
   * The id that belongs to a name such as {@code invoice/4711}: the same in every run and every language (version 5 of
   * RFC 9562).
   */
  public static String derive(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(
          ByteBuffer.allocate(16)
              .putLong(NAMESPACE.getMostSignificantBits())
              .putLong(NAMESPACE.getLeastSignificantBits())
              .array());
      ByteBuffer bytes = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
      return text(bytes.getLong(), bytes.getLong(), 5);
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error); // Every Java has SHA-1.
    }
  }

  private static String text(long high, long low, long version) {
    return new UUID(high & ~0xF000L | version << 12, low & 0x3FFF_FFFF_FFFF_FFFFL | Long.MIN_VALUE).toString();
  }
}
