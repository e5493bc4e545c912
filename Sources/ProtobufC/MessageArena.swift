public import CProtobufC

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The memory in which C structures live while one message is decoded or encoded; for generated code.
///
/// Each thread keeps one arena whose first block is allocated once and used again by every call; further
/// blocks are allocated when a message needs them, and freed when the arena is given back. An allocation is
/// an addition and a comparison. Nothing is freed singly.
@frozen
public struct MessageArena {
  @usableFromInline
  let state: UnsafeMutablePointer<State>

  @frozen
  @usableFromInline
  struct State {
    /// Where the next allocation begins, always a multiple of 8.
    @usableFromInline var cursor: UnsafeMutableRawPointer
    /// The end of the current block.
    @usableFromInline var end: UnsafeMutableRawPointer
    /// While encoding: no fewer bytes than the message takes on the wire.
    @usableFromInline var sizeBound: Int
    /// The arena's first block, kept between uses.
    @usableFromInline let home: UnsafeMutableRawPointer
    /// Blocks beyond the first; each begins with the address of the one before it.
    @usableFromInline var extra: UnsafeMutableRawPointer?
    /// Size of the youngest block in bytes.
    @usableFromInline var blockBytes: Int
    /// Bytes in all blocks.
    @usableFromInline var totalBytes: Int
    /// Greatest number of bytes that all blocks together may have.
    @usableFromInline var limitBytes: Int
    /// Whether an allocation was refused because of the limit.
    @usableFromInline var limitExceeded: Bool
    /// Whether the C runtime has freed anything since this was last cleared.
    @usableFromInline var hasFreed: Bool
    /// Whether the arena is lent at this moment.
    @usableFromInline var isLent: Bool
    /// Whether it belongs to a thread, to be lent again, or to one use.
    @usableFromInline let isThreads: Bool
    /// What the C runtime allocates with.
    @usableFromInline var allocator: ProtobufCAllocator
  }

  /// Bytes in the first block, enough for most messages.
  static let homeBytes = 32 * 1024
  /// Greatest size to which blocks grow, unless a single allocation is larger.
  static let blockBytesMax = 4 * 1024 * 1024

  @usableFromInline
  init(state: UnsafeMutablePointer<State>) {
    self.state = state
  }
}

// MARK: - Lending

extension MessageArena {
  /// The calling thread's arena, empty. Give it back on the same thread, before anything may suspend.
  @usableFromInline
  static func lend() -> MessageArena {
    if let address = pthread_getspecific(threadKey) {
      let state = address.assumingMemoryBound(to: State.self)
      if !state.pointee.isLent {
        state.pointee.isLent = true
        return MessageArena(state: state)
      }
    }
    return make()
  }

  /// Empties the arena and frees all blocks but the first.
  @usableFromInline
  func giveBack() {
    empty()
    state.pointee.sizeBound = 0
    state.pointee.limitBytes = .max
    state.pointee.isLent = false
    if !state.pointee.isThreads { MessageArena.destroy(state) }
  }

  /// Makes all memory of the arena free again.
  func empty() {
    if state.pointee.extra != nil { freeExtraBlocks() }
    state.pointee.cursor = state.pointee.home
  }

  /// A new arena: the calling thread's if it has none yet, else one for this use alone.
  @inline(never)
  private static func make() -> MessageArena {
    let home = UnsafeMutableRawPointer.allocate(byteCount: homeBytes, alignment: 16)
    let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
    let isThreads = pthread_getspecific(threadKey) == nil && pthread_setspecific(threadKey, state) == 0
    state.initialize(
      to: State(
        cursor: home, end: home + homeBytes, sizeBound: 0, home: home, extra: nil, blockBytes: homeBytes,
        totalBytes: homeBytes, limitBytes: .max, limitExceeded: false, hasFreed: false, isLent: true,
        isThreads: isThreads,
        allocator: ProtobufCAllocator(alloc: allocateForC, free: freeForC, allocator_data: state)))
    return MessageArena(state: state)
  }

  fileprivate static func destroy(_ state: UnsafeMutablePointer<State>) {
    state.pointee.home.deallocate()
    state.deinitialize(count: 1)
    state.deallocate()
  }

  @inline(never)
  private func freeExtraBlocks() {
    while let block = state.pointee.extra {
      state.pointee.extra = block.load(as: UnsafeMutableRawPointer?.self)
      block.deallocate()
    }
    state.pointee.end = state.pointee.home + MessageArena.homeBytes
    state.pointee.blockBytes = MessageArena.homeBytes
    state.pointee.totalBytes = MessageArena.homeBytes
  }
}

/// Under which each thread finds its arena, which is freed when the thread ends.
private let threadKey: pthread_key_t = {
  var key = pthread_key_t()
  let failure = pthread_key_create(&key) { address in
    #if canImport(Darwin)
      let state: UnsafeMutableRawPointer? = address
    #else
      let state = address
    #endif
    if let state { MessageArena.destroy(state.assumingMemoryBound(to: MessageArena.State.self)) }
  }
  precondition(failure == 0, "no thread key is left for the message arena")
  return key
}()

// MARK: - Allocating

extension MessageArena {
  /// `byteCount` bytes of uninitialised memory at a multiple of 8; nil when that would pass the limit.
  @inlinable
  @inline(__always)
  func allocateWithinLimit(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let start = state.pointee.cursor
    let available = state.pointee.end - start
    // Blocks are multiples of 8, so what is available is one, and rounding up cannot pass it.
    if byteCount >= 0, byteCount <= available {
      state.pointee.cursor = start + ((byteCount &+ 7) & ~7)
      return start
    }
    return allocateInNewBlock(byteCount)
  }

  /// `byteCount` bytes of uninitialised memory at a multiple of 8, for encoding, which has no limit.
  @inlinable
  @inline(__always)
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = allocateWithinLimit(byteCount) else { MessageArena.outOfMemory() }
    return memory
  }

  @usableFromInline
  static func outOfMemory() -> Never {
    fatalError("the arena of a message to be encoded has no limit")
  }

  @inline(never)
  @usableFromInline
  func allocateInNewBlock(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let headerBytes = 16
    let grown = min(state.pointee.blockBytes * 2, MessageArena.blockBytesMax)
    let remaining = state.pointee.limitBytes - state.pointee.totalBytes
    guard byteCount >= 0, byteCount <= Int.max - 64, byteCount + 32 <= remaining else {
      state.pointee.limitExceeded = true
      return nil
    }
    let needed = (byteCount + headerBytes + 7) & ~7
    let size = max(needed, min(grown, remaining & ~7))
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    block.storeBytes(of: state.pointee.extra, as: UnsafeMutableRawPointer?.self)
    state.pointee.extra = block
    state.pointee.blockBytes = size
    state.pointee.totalBytes += size
    state.pointee.end = block + size
    state.pointee.cursor = block + needed
    return block + headerBytes
  }
}

private let allocateForC: @convention(c) (UnsafeMutableRawPointer?, Int) -> UnsafeMutableRawPointer? = { data, size in
  guard let data else { return nil }
  return MessageArena(state: data.assumingMemoryBound(to: MessageArena.State.self)).allocateWithinLimit(size)
}

private let freeForC: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Void = { data, memory in
  if memory != nil { data?.assumingMemoryBound(to: MessageArena.State.self).pointee.hasFreed = true }
}
