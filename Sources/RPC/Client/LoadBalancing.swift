/// Which of a target's addresses a client's calls go to.
public enum LoadBalancing: Sendable, Hashable {
  /// The first address that answers; another one when the connection is lost.
  case pickFirst
  /// All addresses, one after the other: the client keeps a connection to each, deals its calls over those that are
  /// ready, and connects to the others again and again, with growing waits.
  case roundRobin
}
