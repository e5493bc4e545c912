import ProtobufC
import TestAPI

/// A generator of numbers that gives the same ones for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number that is often small, or at one end of its range.
  mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number {
    switch next() % 4 {
    case 0: 0
    case 1: Number(truncatingIfNeeded: next() % 256)
    case 2: next() % 2 == 0 ? .max : .min
    default: Number(truncatingIfNeeded: next())
    }
  }

  mutating func double() -> Double {
    let number = Double(bitPattern: next())
    return number.isNaN ? -0.0 : number
  }

  mutating func float() -> Float {
    let number = Float(bitPattern: UInt32(truncatingIfNeeded: next()))
    return number.isNaN ? -0.0 : number
  }

  mutating func bool() -> Bool { next() % 2 == 0 }

  mutating func string() -> String {
    let letters: [Character] = ["a", "Z", "0", " ", "\0", "é", "ß", "日", "🍷", "\u{10FFFF}"]
    return String(list { letters[Int($0.next() % UInt64(letters.count))] })
  }

  mutating func bytes() -> [UInt8] { list { $0.integer(UInt8.self) } }

  mutating func color() -> Color { Color(rawValue: Int32(next() % 6) - 2) }

  mutating func optional<Value>(_ make: (inout SeededGenerator) -> Value) -> Value? {
    bool() ? make(&self) : nil
  }

  /// Usually a short list, sometimes an empty or a long one.
  mutating func list<Value>(_ make: (inout SeededGenerator) -> Value) -> [Value] {
    let count = next() % 8 == 0 ? next() % 200 : next() % 5
    return (0..<count).map { _ in make(&self) }
  }

  mutating func map<Key: Hashable, Value>(
    _ key: (inout SeededGenerator) -> Key, _ value: (inout SeededGenerator) -> Value
  ) -> [Key: Value] {
    var result: [Key: Value] = [:]
    for _ in 0..<(next() % 6) { result[key(&self)] = value(&self) }
    return result
  }
}

extension Scalars {
  static func random(_ numbers: inout SeededGenerator) -> Scalars {
    var message = Scalars()
    message.doubleValue = numbers.double()
    message.floatValue = numbers.float()
    message.int32Value = numbers.integer()
    message.int64Value = numbers.integer()
    message.uint32Value = numbers.integer()
    message.uint64Value = numbers.integer()
    message.sint32Value = numbers.integer()
    message.sint64Value = numbers.integer()
    message.fixed32Value = numbers.integer()
    message.fixed64Value = numbers.integer()
    message.sfixed32Value = numbers.integer()
    message.sfixed64Value = numbers.integer()
    message.boolValue = numbers.bool()
    message.stringValue = numbers.string()
    message.bytesValue = numbers.bytes()
    message.colorValue = numbers.color()
    return message
  }
}

extension Optionals {
  static func random(_ numbers: inout SeededGenerator) -> Optionals {
    var message = Optionals()
    message.doubleValue = numbers.optional { $0.double() }
    message.floatValue = numbers.optional { $0.float() }
    message.int32Value = numbers.optional { $0.integer() }
    message.int64Value = numbers.optional { $0.integer() }
    message.uint32Value = numbers.optional { $0.integer() }
    message.uint64Value = numbers.optional { $0.integer() }
    message.sint32Value = numbers.optional { $0.integer() }
    message.sint64Value = numbers.optional { $0.integer() }
    message.fixed32Value = numbers.optional { $0.integer() }
    message.fixed64Value = numbers.optional { $0.integer() }
    message.sfixed32Value = numbers.optional { $0.integer() }
    message.sfixed64Value = numbers.optional { $0.integer() }
    message.boolValue = numbers.optional { $0.bool() }
    message.stringValue = numbers.optional { $0.string() }
    message.bytesValue = numbers.optional { $0.bytes() }
    message.colorValue = numbers.optional { $0.color() }
    message.messageValue = numbers.optional { Scalars.random(&$0) }
    return message
  }
}

extension Repeated {
  static func random(_ numbers: inout SeededGenerator) -> Repeated {
    var message = Repeated()
    message.doubleValues = numbers.list { $0.double() }
    message.floatValues = numbers.list { $0.float() }
    message.int32Values = numbers.list { $0.integer() }
    message.int64Values = numbers.list { $0.integer() }
    message.uint32Values = numbers.list { $0.integer() }
    message.uint64Values = numbers.list { $0.integer() }
    message.sint32Values = numbers.list { $0.integer() }
    message.sint64Values = numbers.list { $0.integer() }
    message.fixed32Values = numbers.list { $0.integer() }
    message.fixed64Values = numbers.list { $0.integer() }
    message.sfixed32Values = numbers.list { $0.integer() }
    message.sfixed64Values = numbers.list { $0.integer() }
    message.boolValues = numbers.list { $0.bool() }
    message.stringValues = numbers.list { $0.string() }
    message.bytesValues = numbers.list { $0.bytes() }
    message.colorValues = numbers.list { $0.color() }
    message.messageValues = numbers.list { Scalars.random(&$0) }
    return message
  }
}

extension Unpacked {
  static func random(_ numbers: inout SeededGenerator) -> Unpacked {
    let packed = Repeated.random(&numbers)
    var message = Unpacked()
    message.doubleValues = packed.doubleValues
    message.floatValues = packed.floatValues
    message.int32Values = packed.int32Values
    message.int64Values = packed.int64Values
    message.uint32Values = packed.uint32Values
    message.uint64Values = packed.uint64Values
    message.sint32Values = packed.sint32Values
    message.sint64Values = packed.sint64Values
    message.fixed32Values = packed.fixed32Values
    message.fixed64Values = packed.fixed64Values
    message.sfixed32Values = packed.sfixed32Values
    message.sfixed64Values = packed.sfixed64Values
    message.boolValues = packed.boolValues
    message.colorValues = packed.colorValues
    return message
  }
}

extension Maps {
  static func random(_ numbers: inout SeededGenerator) -> Maps {
    var message = Maps()
    message.int32ToInt32 = numbers.map({ $0.integer() }, { $0.integer() })
    message.int64ToDouble = numbers.map({ $0.integer() }, { $0.double() })
    message.uint32ToFloat = numbers.map({ $0.integer() }, { $0.float() })
    message.uint64ToBool = numbers.map({ $0.integer() }, { $0.bool() })
    message.sint32ToSint64 = numbers.map({ $0.integer() }, { $0.integer() })
    message.fixed32ToFixed64 = numbers.map({ $0.integer() }, { $0.integer() })
    message.sfixed64ToBytes = numbers.map({ $0.integer() }, { $0.bytes() })
    message.boolToString = numbers.map({ $0.bool() }, { $0.string() })
    message.stringToInt64 = numbers.map({ $0.string() }, { $0.integer() })
    message.stringToColor = numbers.map({ $0.string() }, { $0.color() })
    message.stringToMessage = numbers.map({ $0.string() }, { Scalars.random(&$0) })
    return message
  }
}

extension Choice {
  static func random(_ numbers: inout SeededGenerator) -> Choice {
    var message = Choice()
    message.choice =
      switch numbers.next() % 10 {
      case 0: .doubleValue(numbers.double())
      case 1: .int32Value(numbers.integer())
      case 2: .uint64Value(numbers.integer())
      case 3: .boolValue(numbers.bool())
      case 4: .stringValue(numbers.string())
      case 5: .bytesValue(numbers.bytes())
      case 6: .colorValue(numbers.color())
      case 7: .messageValue(Scalars.random(&numbers))
      case 8: .nothing(Empty())
      default: nil
      }
    message.after = numbers.integer()
    message.second = numbers.bool() ? .name(numbers.string()) : .number(numbers.integer())
    return message
  }
}
