import Testing

@testable import ProtoGenerator

@Suite("Names")
struct NamingTests {
  @Test(
    "Fields become properties as Swift writes them",
    arguments: [
      ("order_id", "orderID"), ("sku_ids", "skuIDs"), ("image_url", "imageURL"), ("id", "id"), ("id_type", "idType"),
      ("net_micros", "netMicros"), ("line2_text", "line2Text"), ("a__b", "aB"), ("_hidden", "hidden"), ("3d", "_3d"),
    ])
  func properties(_ field: String, _ property: String) {
    #expect(SwiftNames.property(field) == property)
  }

  @Test(
    "Values of enumerations lose the enumeration's own name",
    arguments: [
      ("OrderState", "ORDER_STATE_IN_REVIEW", "inReview"), ("SKUState", "SKU_STATE_ACTIVE", "active"),
      ("Reason", "REASON_REQUEST_ID_REUSED", "requestIDReused"), ("Kind", "OTHER_NAME", "otherName"),
      ("Kind", "KIND", "kind"), ("Size", "SIZE_2XL", "_2xl"), ("Kind", "KIND_UNRECOGNIZED", "unrecognizedValue"),
    ])
  func cases(_ enumeration: String, _ value: String, _ name: String) {
    let enumeration = SchemaEnum(name: enumeration, fullName: enumeration, comment: "", values: [])
    #expect(SwiftNames.enumCase(value, of: enumeration) == name)
  }

  @Test("Swift's keywords stand in backticks")
  func keywords() {
    #expect(SwiftNames.escaped("default") == "`default`")
    #expect(SwiftNames.escaped("order") == "order")
  }

  @Test(
    "C names are protoc-gen-c's",
    arguments: [
      ("dms.order.v1.OrderLine", "dms.order.v1", "Dms__Order__V1__OrderLine", "dms__order__v1__order_line"),
      ("dms.v1.SKUList.Entry", "dms.v1", "Dms__V1__SKUList__Entry", "dms__v1__skulist__entry"),
      ("google.protobuf.Any", "google.protobuf", "Test__Google__Protobuf__Any", "test__google__protobuf__any"),
      ("snake_case", "", "SnakeCase", "snake_case"),
    ])
  func cNames(_ fullName: String, _ package: String, _ type: String, _ lower: String) {
    let names = CNames(prefix: "test")
    #expect(names.type(fullName, in: package) == type)
    #expect(names.lower(fullName, in: package) == lower)
  }

  @Test("Names that C or Swift would misread get others in C")
  func reserved() {
    #expect(CNames.member("class") == "class_field")
    #expect(CNames.member("base") == "base_field")
    #expect(CNames.member("orderID") == "orderid")
  }
}
