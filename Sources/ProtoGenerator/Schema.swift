/// A set of schemas as the generator sees it: what descriptors say, with names and types resolved.
package struct Schema: Hashable, Sendable {
  /// The files, each after those that it imports.
  package var files: [SchemaFile]
}

/// One `.proto` file.
package struct SchemaFile: Hashable, Sendable {
  /// Its path, such as `dms/order/v1/order_service.proto`.
  package var path: String
  /// Its package, such as `dms.order.v1`; empty when it has none.
  package var package: String
  /// Its messages that stand in no other message.
  package var messages: [SchemaMessage]
  /// Its enumerations that stand in no message.
  package var enums: [SchemaEnum]
  /// Its services.
  package var services: [SchemaService]
}

/// A message.
package struct SchemaMessage: Hashable, Sendable {
  /// The last part of its name, such as `Order`.
  package var name: String
  /// Its whole name, such as `dms.order.v1.Order`.
  package var fullName: String
  /// The package that it stands in, which may be another than its C names'.
  package var package: String
  /// The comment before it; empty when there is none.
  package var comment: String
  /// Its fields, by number.
  package var fields: [SchemaField]
  /// Its groups of fields of which one at most is set, without those that stand for `optional`.
  package var oneofs: [SchemaOneof]
  /// The messages inside, map entries among them.
  package var messages: [SchemaMessage]
  /// The enumerations inside.
  package var enums: [SchemaEnum]
  /// Whether it is the entry of a map field.
  package var isMapEntry: Bool
}

/// A field of a message.
package struct SchemaField: Hashable, Sendable {
  /// Its name, such as `order_id`.
  package var name: String
  /// Its number.
  package var number: Int32
  /// What it holds.
  package var type: FieldType
  /// Whether it holds many.
  package var isRepeated: Bool
  /// Whether it is declared `optional`.
  package var isOptional: Bool
  /// The place in its message's `oneofs` of the group that it belongs to.
  package var oneof: Int?
  /// The comment before it; empty when there is none.
  package var comment: String
}

/// What a field holds.
package enum FieldType: Hashable, Sendable {
  case double, float
  case int32, int64, uint32, uint64, sint32, sint64
  case fixed32, fixed64, sfixed32, sfixed64
  case bool, string, bytes
  /// The enumeration of this full name.
  case enumeration(String)
  /// The message of this full name.
  case message(String)
}

/// A group of fields of which one at most is set.
package struct SchemaOneof: Hashable, Sendable {
  /// Its name, such as `event`.
  package var name: String
  /// The comment before it; empty when there is none.
  package var comment: String
}

/// An enumeration.
package struct SchemaEnum: Hashable, Sendable {
  /// The last part of its name.
  package var name: String
  /// Its whole name.
  package var fullName: String
  /// The comment before it; empty when there is none.
  package var comment: String
  /// Its values as declared, several of one number included.
  package var values: [SchemaEnumValue]
}

/// A value of an enumeration.
package struct SchemaEnumValue: Hashable, Sendable {
  /// Its name, such as `ORDER_STATE_DRAFT`.
  package var name: String
  /// Its number.
  package var number: Int32
  /// The comment before it; empty when there is none.
  package var comment: String
}

/// A service.
package struct SchemaService: Hashable, Sendable {
  /// The last part of its name.
  package var name: String
  /// Its whole name.
  package var fullName: String
  /// The comment before it; empty when there is none.
  package var comment: String
  /// Its methods as declared.
  package var methods: [SchemaMethod]
}

/// A method of a service.
package struct SchemaMethod: Hashable, Sendable {
  /// What a schema says of calling a method twice.
  package enum Idempotency: Hashable, Sendable {
    case unknown, noSideEffects, idempotent
  }

  /// Its name, such as `PlaceOrder`.
  package var name: String
  /// Full name of the message that it takes.
  package var input: String
  /// Full name of the message that it gives.
  package var output: String
  /// Whether it takes a stream of them.
  package var clientStreams: Bool
  /// Whether it gives a stream of them.
  package var serverStreams: Bool
  /// What the schema says of calling it twice.
  package var idempotency: Idempotency
  /// The comment before it; empty when there is none.
  package var comment: String
}
