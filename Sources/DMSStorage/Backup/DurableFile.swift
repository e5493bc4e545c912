#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Glibc
#endif

/// A file that is at its path whole and on disk, or not at all.
///
/// It is written beside its path under a name of its own, `<path>.partial-…`, open to its owner alone, and takes its
/// path only when it is finished. Used by one thread.
final class DurableFile {
  /// Where it will be.
  let path: String
  /// Where it is written.
  let partialPath: String
  private let descriptor: CInt
  private var buffer: [UInt8] = []
  private var isPublished = false

  private static let bufferBytes = 1 << 20

  /// Throws ``BackupError/targetExists(path:)`` when `path` is taken.
  init(path: String) throws {
    guard access(path, F_OK) != 0 else { throw BackupError.targetExists(path: path) }
    let partial = path + ".partial-" + String(UInt32.random(in: .min ... .max), radix: 16)
    let opened = open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw BackupError.cannotWrite(path: path, code: errno) }
    self.path = path
    partialPath = partial
    descriptor = opened
  }

  deinit {
    close(descriptor)
    if !isPublished { unlink(partialPath) }
  }

  /// Appends `bytes`.
  func write(_ bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  private func flush() throws {
    let path = path
    try buffer.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = UnsafeRawBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) { part in
          #if canImport(Darwin)
            Darwin.write(descriptor, part.baseAddress, part.count)
          #elseif canImport(Musl)
            Musl.write(descriptor, part.baseAddress, part.count)
          #else
            Glibc.write(descriptor, part.baseAddress, part.count)
          #endif
        }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw BackupError.cannotWrite(path: path, code: errno) }
        rest = rest.dropFirst(written)
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file at its path, on disk together with its name.
  ///
  /// Throws ``BackupError/targetExists(path:)`` when somebody took the path meanwhile.
  /// - Returns: its size in bytes.
  func publish() throws -> Int64 {
    try flush()
    var status = stat()
    guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
      throw BackupError.cannotWrite(path: path, code: errno)
    }
    // A link, unlike a rename, never replaces what is there.
    if link(partialPath, path) == 0 {
      unlink(partialPath)
    } else {
      let code = errno
      guard code != EEXIST, access(path, F_OK) != 0 else { throw BackupError.targetExists(path: path) }
      // A file system without links.
      guard rename(partialPath, path) == 0 else { throw BackupError.cannotWrite(path: path, code: code) }
    }
    isPublished = true
    try Self.flushFolder(of: path)
    return Int64(status.st_size)
  }

  /// Makes the names in the folder of `path` durable.
  private static func flushFolder(of path: String) throws {
    let folder =
      switch path.lastIndex(of: "/") {
      case nil: "."
      case path.startIndex: "/"
      case let slash?: String(path[..<slash])
      }
    let opened = open(folder, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw BackupError.cannotWrite(path: path, code: errno) }
    defer { close(opened) }
    guard fsync(opened) == 0 else { throw BackupError.cannotWrite(path: path, code: errno) }
  }
}

/// A file that is read from its beginning to its end.
final class InputFile {
  let path: String
  /// How many bytes are still to come.
  private(set) var remaining: Int
  private let descriptor: CInt
  private var buffer: [UInt8] = []
  private var place = 0

  private static let bufferBytes = 1 << 20

  init(path: String) throws {
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw BackupError.cannotRead(path: path, code: errno) }
    var status = stat()
    guard fstat(opened, &status) == 0 else {
      let code = errno
      close(opened)
      throw BackupError.cannotRead(path: path, code: code)
    }
    self.path = path
    descriptor = opened
    remaining = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// The next `count` bytes. Throws ``BackupError/truncated(path:)`` when there are fewer.
  func read(_ count: Int) throws -> [UInt8] {
    guard count >= 0, count <= remaining else { throw BackupError.truncated(path: path) }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    while result.count < count {
      if place == buffer.count { try fill() }
      let part = min(count - result.count, buffer.count - place)
      result.append(contentsOf: buffer[place..<(place + part)])
      place += part
    }
    remaining -= count
    return result
  }

  private func fill() throws {
    place = 0
    let path = path
    let descriptor = descriptor
    buffer = try [UInt8](unsafeUninitializedCapacity: Self.bufferBytes) { target, count in
      while true {
        #if canImport(Darwin)
          let found = Darwin.read(descriptor, target.baseAddress, target.count)
        #elseif canImport(Musl)
          let found = Musl.read(descriptor, target.baseAddress, target.count)
        #else
          let found = Glibc.read(descriptor, target.baseAddress, target.count)
        #endif
        if found < 0, errno == EINTR { continue }
        guard found >= 0 else { throw BackupError.cannotRead(path: path, code: errno) }
        guard found > 0 else { throw BackupError.truncated(path: path) }
        count = found
        return
      }
    }
  }
}
