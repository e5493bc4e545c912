// swift-tools-version: 6.1

import PackageDescription

/// What every Swift target of the package is built with.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target.Dependency {
  static func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
  static let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
  static let postgreSQL: Target.Dependency = .target(name: "CPostgreSQL", condition: .when(traits: ["PostgreSQL"]))
  static let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
  static let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
  static let metricsTestKit: Target.Dependency = .product(name: "MetricsTestKit", package: "swift-metrics")
  static let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
  static let inMemoryTracing: Target.Dependency = .product(
    name: "InMemoryTracing", package: "swift-distributed-tracing")
  static let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
  static let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
  static let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
  static let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
  static let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
  static let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
  static let csv: Target.Dependency = .product(name: "SwiftCSV", package: "SwiftCSV")
  static let rainbow: Target.Dependency = .product(name: "Rainbow", package: "Rainbow")
  static let textTable: Target.Dependency = .product(name: "TextTable", package: "TextTable")
}

let package = Package(
  name: "dms",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "dms-server", targets: ["dms-server"]),
    .executable(name: "dms", targets: ["dms"]),
    .executable(name: "protoc-gen-dms", targets: ["protoc-gen-dms"]),
    .library(name: "DMSClient", targets: ["DMSClient"]),
    .library(name: "DMSAPI", targets: ["DMSAPI"]),
    .library(name: "RPC", targets: ["RPC"]),
    .library(name: "ProtobufC", targets: ["ProtobufC"]),
  ],
  traits: [
    .default(enabledTraits: ["PostgreSQL"]),
    .trait(name: "PostgreSQL", description: "The store can live on a PostgreSQL server; needs libpq."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    .package(url: "https://github.com/onevcat/Rainbow", from: "4.2.2"),
    .package(url: "https://github.com/ordo-one/TextTable", from: "0.0.2"),
  ],
  targets: [
    // The C libraries, each behind one module.
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c",
      providers: [.apt(["libprotobuf-c-dev"]), .brew(["protobuf-c"])]),
    .systemLibrary(
      name: "CNGHTTP2", pkgConfig: "libnghttp2",
      providers: [.apt(["libnghttp2-dev"]), .brew(["nghttp2"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .systemLibrary(
      name: "CPostgreSQL", pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),

    // Messages and their generator.
    .target(
      name: "ProtobufC", dependencies: ["CProtobufC", .nio("NIOCore")],
      swiftSettings: strict),
    .target(
      name: "CDescriptor", dependencies: ["CProtobufC"]),
    .target(
      name: "ProtoGenerator", dependencies: ["ProtobufC", "CProtobufC", "CDescriptor"],
      swiftSettings: strict),
    .executableTarget(
      name: "protoc-gen-dms", dependencies: ["ProtoGenerator"],
      swiftSettings: strict),

    // gRPC.
    .target(
      name: "RPC",
      dependencies: [
        "CNGHTTP2", "CZlib", .nio("NIOCore"), .nio("NIOPosix"), .nio("NIOTLS"), .nioSSL, .logging, .lifecycle,
        .collections, .coreMetrics, .tracing,
      ],
      swiftSettings: strict),

    // The schemas, generated.
    .target(
      name: "DMSProto", dependencies: ["CProtobufC"]),
    .target(
      name: "DMSAPI", dependencies: ["DMSProto", "ProtobufC", "CProtobufC", "RPC", .nio("NIOCore")],
      swiftSettings: strict),

    // The server.
    .target(
      name: "DMSDomain",
      swiftSettings: strict),
    .target(
      name: "DMSStorage",
      dependencies: ["DMSDomain", "CSQLite", .postgreSQL, .crypto, .logging, .collections],
      swiftSettings: strict),
    .target(
      name: "DMSService",
      dependencies: [
        "DMSAPI", "DMSDomain", "DMSStorage", "RPC", "ProtobufC", .nio("NIOCore"), .nio("NIOPosix"), .nio("NIOHTTP1"),
        .crypto, .logging, .lifecycle, .coreMetrics,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "dms-server",
      dependencies: [
        "DMSService", "DMSStorage", "DMSDomain", "RPC", .arguments, .configuration, .lifecycle, .unixSignals, .logging,
        .coreMetrics,
      ],
      swiftSettings: strict),

    // The clients.
    .target(
      name: "DMSClient",
      dependencies: ["DMSAPI", "RPC", "ProtobufC", .nio("NIOCore"), .nio("NIOPosix"), .logging],
      path: "Clients/Swift/DMSClient",
      swiftSettings: strict),
    .target(
      name: "DMSCommand",
      dependencies: ["DMSClient", "DMSAPI", .arguments, .csv, .rainbow, .textTable],
      path: "Clients/Swift/DMSCommand",
      swiftSettings: strict),
    .executableTarget(
      name: "dms", dependencies: ["DMSCommand"], path: "Clients/Swift/dms",
      swiftSettings: strict),

    // Tests.
    .target(
      name: "TestProto", dependencies: ["CProtobufC"], path: "Tests/TestProto"),
    .target(
      name: "TestAPI", dependencies: ["TestProto", "ProtobufC", "CProtobufC", "RPC", .nio("NIOCore")],
      path: "Tests/TestAPI",
      swiftSettings: strict),
    .testTarget(
      name: "ProtobufCTests", dependencies: ["ProtobufC", "TestAPI", "DMSAPI", .nio("NIOCore")],
      swiftSettings: strict),
    .testTarget(
      name: "ProtoGeneratorTests", dependencies: ["ProtoGenerator", "ProtobufC"],
      swiftSettings: strict),
    .testTarget(
      name: "RPCTests",
      dependencies: [
        "RPC", "TestProcess", .nio("NIOCore"), .nio("NIOPosix"), .nio("NIOTLS"), .nioSSL, .logging, .coreMetrics,
        .metricsTestKit, .tracing, .inMemoryTracing,
      ],
      exclude: ["Certificates", "Python"],
      swiftSettings: strict),
    .target(
      name: "InteropProto", dependencies: ["CProtobufC"], path: "Tests/Interop/InteropProto"),
    .target(
      name: "InteropAPI", dependencies: ["InteropProto", "ProtobufC", "CProtobufC", "RPC", .nio("NIOCore")],
      path: "Tests/Interop/InteropAPI",
      swiftSettings: strict),
    .executableTarget(
      name: "dms-interop-server", dependencies: ["InteropAPI", "ProtobufC", "RPC", .arguments, .logging],
      path: "Tests/Interop/dms-interop-server",
      swiftSettings: strict),
    .executableTarget(
      name: "dms-interop-client", dependencies: ["InteropAPI", "ProtobufC", "RPC", .arguments],
      path: "Tests/Interop/dms-interop-client",
      swiftSettings: strict),
    .testTarget(
      name: "DMSDomainTests", dependencies: ["DMSDomain"],
      swiftSettings: strict),
    .target(
      name: "TestProcess", path: "Tests/TestProcess",
      swiftSettings: strict),
    .target(
      name: "TestPostgreSQL", dependencies: [.postgreSQL], path: "Tests/TestPostgreSQL",
      swiftSettings: strict),
    .target(
      name: "CrashVFS", dependencies: ["CSQLite"], path: "Tests/CrashVFS"),
    .testTarget(
      name: "DMSStorageTests",
      dependencies: ["DMSStorage", "DMSDomain", "CSQLite", "CrashVFS", "TestPostgreSQL", .logging],
      swiftSettings: strict),
    .testTarget(
      name: "DMSServiceTests",
      dependencies: [
        "DMSService", "DMSStorage", "DMSDomain", "DMSAPI", "DMSClient", "RPC", "ProtobufC", "TestPostgreSQL",
        "TestProcess", .nio("NIOCore"), .nio("NIOPosix"), .logging, .coreMetrics,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DMSClientTests",
      dependencies: [
        "DMSClient", "DMSAPI", "RPC", "ProtobufC", "DMSService", "DMSStorage", "DMSDomain", .nio("NIOCore"),
        .nio("NIOPosix"), .logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DMSCommandTests", dependencies: ["DMSCommand", "DMSClient", "DMSAPI", "RPC", .arguments],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "RPC", "ProtobufC", "DMSAPI", "DMSDomain", "DMSStorage", "DMSService", "DMSClient", "DMSCommand", "TestAPI",
        "CNGHTTP2", .nio("NIOCore"), .nio("NIOEmbedded"), .logging,
      ],
      path: "Tests/Fuzz", exclude: ["Corpus", "Driver"], sources: ["Targets", "Suite"],
      swiftSettings: strict),
  ]
)

// `dev/fuzz` builds the fuzzers for libFuzzer, which brings a `main` of its own: what is a test otherwise is a library.
if Context.environment["DMS_FUZZ"] != nil, let tests = package.targets.first(where: { $0.name == "FuzzTests" }) {
  package.targets.removeAll(where: \.isTest)
  package.targets.append(
    .target(name: "FuzzTargets", dependencies: tests.dependencies, path: "Tests/Fuzz/Targets", swiftSettings: strict))
  package.targets.append(
    .executableTarget(name: "dms-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver"))
}
