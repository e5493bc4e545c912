import NIOCore
import NIOPosix
import Synchronization

/// A line between servers and a PostgreSQL that a test can cut at a chosen word of their conversation.
final class DatabaseLine: Sendable {
  /// Where the line breaks.
  enum Cut: Sendable, CaseIterable {
    /// In the middle of a batch, before its end is heard of.
    case inBatch
    /// At a COMMIT, which the database never hears.
    case beforeCommit
    /// At the answer to a COMMIT that took place, which the server never hears.
    case afterCommit
  }

  private let socket: String
  private let listener = Mutex<(any Channel)?>(nil)
  private let next = Mutex<Cut?>(nil)
  /// Cuts that have been made.
  let cuts = Milestones()

  private init(socket: String) {
    self.socket = socket
  }

  /// A line to the database behind a Unix socket.
  static func open(to socket: String) async throws -> DatabaseLine {
    let line = DatabaseLine(socket: socket)
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .childChannelOption(.autoRead, value: false)
      .childChannelInitializer { line.relay($0) }
      .bind(host: "127.0.0.1", port: 0).get()
    line.listener.withLock { $0 = listener }
    return line
  }

  /// Where servers find it.
  var port: Int { listener.withLock { $0?.localAddress?.port } ?? 0 }

  /// Breaks the next connection that comes to this point, and returns once that has happened.
  func cut(_ cut: Cut) async throws {
    let made = cuts.value
    next.withLock { $0 = cut }
    try await cuts.reach(made + 1)
  }

  func close() async {
    try? await listener.withLock { $0 }?.close().get()
  }

  /// Whether a cut is due at this point; it is made once.
  fileprivate func takes(_ cut: Cut) -> Bool {
    next.withLock { next in
      guard next == cut else { return false }
      next = nil
      return true
    }
  }

  private func relay(_ server: any Channel) -> EventLoopFuture<Void> {
    ClientBootstrap(group: server.eventLoop)
      .connect(unixDomainSocketPath: socket)
      .flatMap { database in
        server.eventLoop.makeCompletedFuture {
          try server.pipeline.syncOperations.addHandler(Asking(to: database, line: self))
          try database.pipeline.syncOperations.addHandler(Answering(to: server, line: self))
        }
      }
      .flatMap { server.setOption(.autoRead, value: true) }
  }
}

/// Hands on what a server asks of the database.
private final class Asking: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let database: any Channel
  private let line: DatabaseLine
  private var script = PostgreSQLScript()

  init(to database: any Channel, line: DatabaseLine) {
    self.database = database
    self.line = line
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    let found = script.read(bytes)
    if (found.hasWrite && line.takes(.inBatch)) || (found.hasCommit && line.takes(.beforeCommit)) {
      database.close(promise: nil)
      context.close(promise: nil)
      line.cuts.add()
    } else {
      database.writeAndFlush(bytes, promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    database.close(promise: nil)
    context.fireChannelInactive()
  }
}

/// Hands on what the database answers.
private final class Answering: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private static let committed = Array("COMMIT\0".utf8)

  private let server: any Channel
  private let line: DatabaseLine

  init(to server: any Channel, line: DatabaseLine) {
    self.server = server
    self.line = line
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if bytes.readableBytesView.firstRange(of: Self.committed) != nil, line.takes(.afterCommit) {
      server.close(promise: nil)
      context.close(promise: nil)
      line.cuts.add()
    } else {
      server.writeAndFlush(bytes, promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    server.close(promise: nil)
    context.fireChannelInactive()
  }
}

/// Reads along with a session's requests (version 3 of PostgreSQL's protocol), to know what they are about.
struct PostgreSQLScript {
  /// What a stretch of the conversation contains.
  struct Found {
    /// A statement of a transaction that writes.
    var hasWrite = false
    /// A COMMIT of such a transaction.
    var hasCommit = false
  }

  private var bytes = ByteBuffer()
  private var hasStarted = false
  private var begins: Set<String> = []
  private var commits: Set<String> = []
  private var isWriting = false

  init() {}

  /// Takes the next bytes; messages count where they are complete.
  mutating func read(_ added: ByteBuffer) -> Found {
    var added = added
    bytes.writeBuffer(&added)
    var found = Found()
    if !hasStarted {
      // The greeting alone has no letter.
      guard let length: UInt32 = bytes.getInteger(at: bytes.readerIndex),
        bytes.readSlice(length: Int(length)) != nil
      else { return found }
      hasStarted = true
    }
    while let kind: UInt8 = bytes.getInteger(at: bytes.readerIndex),
      let length: UInt32 = bytes.getInteger(at: bytes.readerIndex + 1), bytes.readableBytes > Int(length)
    {
      bytes.moveReaderIndex(forwardBy: 5)
      guard var message = bytes.readSlice(length: Int(length) - 4) else { break }
      take(kind, &message, &found)
    }
    bytes.discardReadBytes()
    return found
  }

  private mutating func take(_ kind: UInt8, _ message: inout ByteBuffer, _ found: inout Found) {
    switch kind {
    case UInt8(ascii: "P"):
      let name = message.readNullTerminatedString() ?? ""
      let text = message.readNullTerminatedString() ?? ""
      begins.remove(name)
      commits.remove(name)
      if text.hasPrefix("BEGIN"), text.hasSuffix("WRITE") { begins.insert(name) }
      if text == "COMMIT" { commits.insert(name) }
    case UInt8(ascii: "B"):
      _ = message.readNullTerminatedString()
      let name = message.readNullTerminatedString() ?? ""
      if begins.contains(name) {
        isWriting = true
      } else if commits.contains(name) {
        found.hasCommit = found.hasCommit || isWriting
        isWriting = false
      } else if isWriting {
        found.hasWrite = true
      }
    default: break
    }
  }
}
