// swift-tools-version: 6.1

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "dms", path: ".."),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // What all of them measure with.
    .target(name: "Measuring", swiftSettings: strict),

    // The benchmarks' own message, generated like every other.
    .target(name: "BenchProto"),
    .target(
      name: "BenchAPI",
      dependencies: [
        "BenchProto",
        .product(name: "ProtobufC", package: "dms"),
        .product(name: "RPC", package: "dms"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),

    // Our side.
    .executableTarget(
      name: "codec-bench",
      dependencies: [
        "Measuring", "BenchAPI",
        .product(name: "ProtobufC", package: "dms"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "echo-server",
      dependencies: [
        "BenchAPI",
        .product(name: "RPC", package: "dms"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "echo-client",
      dependencies: [
        "BenchAPI",
        .product(name: "RPC", package: "dms"),
        .product(name: "ProtobufC", package: "dms"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "place-order-bench",
      dependencies: [
        .product(name: "DMSClient", package: "dms"), .product(name: "DMSAPI", package: "dms"),
        .product(name: "ProtobufC", package: "dms"), .product(name: "RPC", package: "dms"),
      ],
      swiftSettings: strict),

    // The other side, where it is in Swift too.
    .executableTarget(
      name: "swiftprotobuf-codec",
      dependencies: ["Measuring", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      swiftSettings: strict),
  ]
)
