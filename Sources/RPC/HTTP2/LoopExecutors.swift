package import NIOCore

/// One ``LoopExecutor`` for each event loop of a group.
package struct LoopExecutors: Sendable {
  private let executors: [ObjectIdentifier: LoopExecutor]

  /// Executors for all loops of `group`.
  package init(_ group: any EventLoopGroup) {
    executors = Dictionary(
      group.makeIterator().map { (ObjectIdentifier($0), LoopExecutor($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The executor of a loop; one of its own for a loop that is not of the group.
  package subscript(eventLoop: any EventLoop) -> LoopExecutor {
    executors[ObjectIdentifier(eventLoop)] ?? LoopExecutor(eventLoop)
  }
}
