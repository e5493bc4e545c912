package dms.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's address as users write it: {@code http://host:port} or {@code https://host:port}. */
public final class ServerAddress {
  private static final Pattern FORM =
      Pattern.compile("(https?)://(\\[[0-9A-Fa-f:.%]+\\]|[^\\s/?#@:\\[\\]]+)(?::([0-9]{1,5}))?/?");
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");

  final String host;
  final int port;
  final boolean secure;

  private ServerAddress(String host, int port, boolean secure) {
    this.host = host;
    this.port = port;
    this.secure = secure;
  }

  /**
   * Reads an address. The port may be left out for the scheme's own; an IPv6 host stands in brackets.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static ServerAddress parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (parts.matches() && text.chars().allMatch(each -> each < 0x80)) {
      boolean secure = parts.group(1).equals("https");
      int port = parts.group(3) != null ? Integer.parseInt(parts.group(3)) : secure ? 443 : 80;
      if (port >= 1 && port <= 65_535) {
        return new ServerAddress(parts.group(2).replaceAll("[\\[\\]]", ""), port, secure);
      }
    }
    throw new IllegalArgumentException(
        "the server address \"" + text + "\" cannot be read: write http://host:port or https://host:port");
  }

  /** Whether what is sent there stays on this machine. Only a dotted address counts: 127.example.com is anybody's. */
  public boolean isLocal() {
    return host.equals("localhost") || host.equals("::1") || LOOPBACK.matcher(host).matches();
  }
}
