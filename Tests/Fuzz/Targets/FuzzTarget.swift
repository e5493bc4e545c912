import RPC

/// Something that takes bytes from outside, and what must be true of it whatever the bytes are.
struct FuzzTarget: Sendable {
  /// As on the command line and of the folder with its saved cases.
  let name: String
  /// Bytes of an input at most.
  let inputBytesMax: Int
  /// Pieces of valid inputs, which the mutator puts in.
  let words: [[UInt8]]
  /// Changes an input in its own terms; nil when bytes and words are all that it has.
  let mutate: (@Sendable (inout [UInt8], inout Chance) -> Void)?
  /// Takes an input. Throws ``BrokenProperty``, traps, or takes for ever, when there is a mistake.
  let run: @Sendable (UnsafeRawBufferPointer) throws -> Void

  init(
    _ name: String, inputBytesMax: Int = 4096, words: [[UInt8]] = [],
    mutate: (@Sendable (inout [UInt8], inout Chance) -> Void)? = nil,
    run: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) {
    self.name = name
    self.inputBytesMax = inputBytesMax
    self.words = words
    self.mutate = mutate
    self.run = run
  }

  init(
    _ name: String, inputBytesMax: Int = 4096, texts: [String],
    run: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) {
    self.init(name, inputBytesMax: inputBytesMax, words: texts.map { Array($0.utf8) }, run: run)
  }

  /// A text, with what is no UTF-8 replaced.
  static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
}

/// What should be true of every input, and is not of this one.
struct BrokenProperty: Error, CustomStringConvertible {
  let description: String
}

/// Throws ``BrokenProperty`` unless `condition` holds.
func require(_ condition: Bool, _ property: @autoclosure () -> String) throws(BrokenProperty) {
  if !condition { throw BrokenProperty(description: property()) }
}

/// Takes an input apart: a few bytes decide how it is used, the rest is what it is.
struct InputReader {
  private(set) var rest: UnsafeRawBufferPointer.SubSequence

  init(_ input: UnsafeRawBufferPointer) {
    rest = input[...]
  }

  /// The next byte; 0 when there is none.
  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

  /// The next two bytes as a number.
  mutating func short() -> Int { Int(byte()) << 8 | Int(byte()) }

  /// What is left.
  var bytes: [UInt8] { Array(rest) }
}

/// Random numbers that follow from their seed.
struct Chance {
  private var generator: SeededGenerator

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 { generator.next() }

  /// A number below `limit`; 0 when there is none.
  mutating func below(_ limit: Int) -> Int { limit <= 0 ? 0 : Int(next() % UInt64(limit)) }

  /// True once in `count` times.
  mutating func once(in count: Int) -> Bool { below(count) == 0 }

  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

  mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }

  /// Numbers at which something changes, in `bits` bits.
  mutating func edge(bits: Int) -> UInt32 {
    let top = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(bits)) - 1)
    switch below(8) {
    case 0: return 0
    case 1: return 1
    case 2: return top
    case 3: return top >> 1
    case 4: return (top >> 1) &+ 1
    case 5: return 1 << UInt32(below(bits))
    default: return UInt32(truncatingIfNeeded: next()) & top
    }
  }
}
