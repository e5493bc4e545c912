import ProtobufC
import TestAPI

extension Golden {
  /// The value of every file in `Tests/Fixtures/protobuf`.
  static let all: [Golden] = [
    Golden("scalars_default", Scalars()),
    Golden("scalars_greatest", scalarsGreatest),
    Golden("scalars_least", scalarsLeast),
    Golden("scalars_negative_zero", Scalars.with { ($0.doubleValue, $0.floatValue) = (-0.0, -0.0) }),
    Golden("scalars_infinite", Scalars.with { ($0.doubleValue, $0.floatValue) = (-.infinity, .infinity) }),
    Golden("scalars_nul", Scalars.with { $0.stringValue = "a\0b\0" }),
    Golden("scalars_unknown_enum", Scalars.with { $0.colorValue = .unrecognized(77) }),
    Golden("optionals_default", Optionals()),
    Golden("optionals_zero", optionalsZero),
    Golden("optionals_set", optionalsSet),
    Golden("repeated_all", repeated),
    Golden("repeated_long", Repeated.with { $0.int32Values = Array(0..<300) }),
    Golden("unpacked_all", unpacked),
    Golden("maps_all", maps),
    Golden("choice_none", Choice.with { $0.after = 1 }),
    Golden("choice_double", Choice.with { $0.choice = .doubleValue(0) }),
    Golden("choice_int32", Choice.with { $0.choice = .int32Value(0) }),
    Golden("choice_uint64", Choice.with { $0.choice = .uint64Value(0) }),
    Golden("choice_bool", Choice.with { $0.choice = .boolValue(false) }),
    Golden(
      "choice_string",
      Choice.with {
        $0.choice = .stringValue("")
        $0.after = 10
        $0.second = .name("second")
      }),
    Golden(
      "choice_bytes",
      Choice.with {
        $0.choice = .bytesValue([1])
        $0.second = .number(0)
      }),
    Golden("choice_color", Choice.with { $0.choice = .colorValue(.unspecified) }),
    Golden("choice_message", Choice.with { $0.choice = .messageValue(.with { $0.boolValue = true }) }),
    Golden("choice_nothing", Choice.with { $0.choice = .nothing(Empty()) }),
    Golden("nested_all", nested),
    Golden("awkward_all", awkward),
    Golden("nothing_all", Nothing()),
  ]

  private static let scalarsGreatest = Scalars.with {
    $0.doubleValue = .greatestFiniteMagnitude
    $0.floatValue = .greatestFiniteMagnitude
    $0.int32Value = .max
    $0.int64Value = .max
    $0.uint32Value = .max
    $0.uint64Value = .max
    $0.sint32Value = .max
    $0.sint64Value = .max
    $0.fixed32Value = .max
    $0.fixed64Value = .max
    $0.sfixed32Value = .max
    $0.sfixed64Value = .max
    $0.boolValue = true
    $0.stringValue = "Grüße, 東京 🍾"
    $0.bytesValue = [0, 1, 255]
    $0.colorValue = .navy
  }

  private static let scalarsLeast = Scalars.with {
    $0.doubleValue = -.leastNonzeroMagnitude
    $0.floatValue = -.leastNormalMagnitude
    $0.int32Value = .min
    $0.int64Value = .min
    $0.sint32Value = .min
    $0.sint64Value = .min
    $0.sfixed32Value = .min
    $0.sfixed64Value = .min
    $0.colorValue = .infrared
  }

  private static let optionalsZero = Optionals.with {
    $0.doubleValue = 0
    $0.floatValue = 0
    $0.int32Value = 0
    $0.int64Value = 0
    $0.uint32Value = 0
    $0.uint64Value = 0
    $0.sint32Value = 0
    $0.sint64Value = 0
    $0.fixed32Value = 0
    $0.fixed64Value = 0
    $0.sfixed32Value = 0
    $0.sfixed64Value = 0
    $0.boolValue = false
    $0.stringValue = ""
    $0.bytesValue = []
    $0.colorValue = .unspecified
    $0.messageValue = Scalars()
  }

  private static let optionalsSet = Optionals.with {
    $0.doubleValue = 1.5
    $0.floatValue = -2.25
    $0.int32Value = -3
    $0.int64Value = 4
    $0.uint32Value = 5
    $0.uint64Value = 6
    $0.sint32Value = -7
    $0.sint64Value = -8
    $0.fixed32Value = 9
    $0.fixed64Value = 10
    $0.sfixed32Value = -11
    $0.sfixed64Value = -12
    $0.boolValue = true
    $0.stringValue = "thirteen"
    $0.bytesValue = [14]
    $0.colorValue = .red
    $0.messageValue = .with { $0.int32Value = 17 }
  }

  private static let repeated = Repeated.with {
    $0.doubleValues = [0, 1.5, -0.0]
    $0.floatValues = [0, 2.5]
    $0.int32Values = [0, -1, 150, .max]
    $0.int64Values = [0, -1, .max]
    $0.uint32Values = [0, .max]
    $0.uint64Values = [0, .max]
    $0.sint32Values = [0, -1, 1, .min]
    $0.sint64Values = [0, -1, 1, .min]
    $0.fixed32Values = [0, 1]
    $0.fixed64Values = [0, 1]
    $0.sfixed32Values = [0, -1]
    $0.sfixed64Values = [0, -1]
    $0.boolValues = [true, false, true]
    $0.stringValues = ["", "one", "zwei\0"]
    $0.bytesValues = [[], [0], Array("abc".utf8)]
    $0.colorValues = [.unspecified, .darkBlue, .infrared, .red]
    $0.messageValues = [Scalars(), .with { $0.int32Value = 1 }, .with { $0.stringValue = "two" }]
  }

  private static let unpacked = Unpacked.with {
    $0.doubleValues = repeated.doubleValues
    $0.floatValues = repeated.floatValues
    $0.int32Values = repeated.int32Values
    $0.int64Values = repeated.int64Values
    $0.uint32Values = repeated.uint32Values
    $0.uint64Values = repeated.uint64Values
    $0.sint32Values = repeated.sint32Values
    $0.sint64Values = repeated.sint64Values
    $0.fixed32Values = repeated.fixed32Values
    $0.fixed64Values = repeated.fixed64Values
    $0.sfixed32Values = repeated.sfixed32Values
    $0.sfixed64Values = repeated.sfixed64Values
    $0.boolValues = repeated.boolValues
    $0.colorValues = repeated.colorValues
  }

  private static let maps = Maps.with {
    $0.int32ToInt32 = [-1: 1, 0: 0, 7: -7]
    $0.int64ToDouble = [0: 0, 5: -0.0]
    $0.uint32ToFloat = [.max: 1.25]
    $0.uint64ToBool = [1: false, 2: true]
    $0.sint32ToSint64 = [-5: -6]
    $0.fixed32ToFixed64 = [1: 2]
    $0.sfixed64ToBytes = [-1: [], 1: [1]]
    $0.boolToString = [false: "", true: "yes"]
    $0.stringToInt64 = ["": 0, "limit": 5_000_000, "used": -1]
    $0.stringToColor = ["sea": .darkBlue]
    $0.stringToMessage = ["a": Scalars(), "b": .with { $0.stringValue = "b" }]
  }

  private static let nested = Nested.with {
    $0.inner = .with {
      $0.level = .high
      $0.levels = [.low, .high, .unspecified]
      $0.text = "inside"
    }
    $0.inners = [Nested.Inner(), .with { $0.text = "second" }]
    $0.shared = .with {
      $0.text = "elsewhere"
      $0.shade = .pale
    }
    $0.time = .with { ($0.seconds, $0.nanos) = (1_663_249_501, 123_456_000) }
    $0.duration = .with { ($0.seconds, $0.nanos) = (-1, -500_000_000) }
    $0.mask = .with { $0.paths = ["note", "ship_to.city"] }
    $0.any = .with {
      $0.typeURL = "type.googleapis.com/test.v1.Shared"
      $0.value = [10, 1, 120]
    }
    $0.empty = Empty()
  }

  private static let awkward = Awkward.with {
    $0.default = "d"
    $0.class = 1
    $0.`self` = true
    $0.`init` = -1
    $0.base = "b"
    $0.in = ["i", "n"]
    $0.kind = .import(.with { $0.value = 3 })
    $0.switch = 0
    $0.orderID = 10
    $0.imageURL = "u"
    $0.skuIDs = ["1", "2"]
    $0.highNumber = 5
    $0.shared = .whole(.with { $0.text = "w" })
    $0.hashField = Array("h".utf8)
    $0.hashValueField = 16
  }
}
