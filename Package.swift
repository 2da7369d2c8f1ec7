// swift-tools-version: 6.2
import PackageDescription

/// `make test` sets this: the simulation and the parsers run optimised inside the one debug build. It stays off for
/// packages that depend on this one, because such flags are refused in dependencies.
let optimised = Context.environment["CELERITY_OPTIMISE_CORE"] == "1"

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]
let fast: [SwiftSetting] = strict + (optimised ? [.unsafeFlags(["-O"])] : [])

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let http1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let http1Types = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleTesting = Target.Dependency.product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let posix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// What services are made with: what any author of one can use.
let lent: [Target.Dependency] = [
  "CelerityRoutes", "CelerityTasks", "CelerityCore", "CelerityCron", "CelerityJSON",
]

let package = Package(
  name: "celerity",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "celerity", targets: ["celerity"]),
    .library(name: "Celerity", targets: ["Celerity"]),
    .library(name: "CelerityApp", targets: ["CelerityApp"]),
    .library(name: "CelerityTesting", targets: ["CelerityTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // The pure core: values, state machines, seams.
    .target(name: "CelerityJSON", swiftSettings: fast),
    .target(name: "CelerityYAML", dependencies: ["CelerityJSON", yams], swiftSettings: fast),
    .target(name: "CelerityCron", swiftSettings: fast),
    .target(name: "CelerityCore", dependencies: ["CelerityJSON"], swiftSettings: fast),
    .target(name: "CelerityTasks", dependencies: ["CelerityCore", "CelerityJSON"], swiftSettings: strict),
    .target(
      name: "CelerityRoutes", dependencies: ["CelerityCore", "CelerityCron", "CelerityJSON", "CelerityTasks"],
      swiftSettings: strict),
    // What authors of tasks and services import.
    .target(
      name: "Celerity",
      dependencies: ["CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks"],
      swiftSettings: strict),
    // Stores.
    .target(
      name: "SQLiteEngine", dependencies: ["CelerityCore", "CelerityJSON", grdb, sqlite], swiftSettings: strict),
    // Celery's messages and results, without I/O.
    .target(
      name: "CeleryWire", dependencies: ["CBzip2", "CZlib", "CZstd", "CelerityCore", "CelerityJSON", "CelerityYAML"],
      swiftSettings: fast),
    // Protocol clients: they know nothing of tasks.
    .target(name: "RESPClient", dependencies: [logging, nio, nioSSL, posix], swiftSettings: strict),
    .target(
      name: "RedisEngine",
      dependencies: ["CelerityCore", "CelerityJSON", "CeleryWire", "RESPClient", logging, nio, posix],
      swiftSettings: strict),
    // Metrics: counted by all roles, written as Prometheus reads them.
    .target(
      name: "CelerityObservability", dependencies: ["CelerityCore", "CelerityJSON", logging], swiftSettings: strict),
    // Roles.
    .target(
      name: "CelerityWorker",
      dependencies: ["CelerityCore", "CelerityJSON", "CelerityTasks", "CeleryWire", lifecycle, logging],
      swiftSettings: strict),
    // Helper programs under limits, for what services make of untrusted input.
    .target(
      name: "CelerityPrograms", dependencies: ["CelerityCore", logging, posix, subprocess, systemPackage],
      swiftSettings: strict),
    .target(
      name: "CelerityScheduler",
      dependencies: ["CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", lifecycle, logging],
      swiftSettings: strict),
    // Fetched files of others, linked in, and what unpacks them for clients that do not take gzip.
    .target(
      name: "CAssets", exclude: ["generated"], cSettings: [.headerSearchPath("generated")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CBzip2", linkerSettings: [.linkedLibrary("bz2")]),
    .target(name: "CZstd", linkerSettings: [.linkedLibrary("zstd")]),
    .target(
      name: "CelerityGateway",
      dependencies: [
        "CAssets", "CZlib",
        "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks", http1, http1Types, httpTypes,
        hummingbirdCore, lifecycle, logging, nio, posix,
      ],
      swiftSettings: strict),
    // Services.
    .target(
      name: "Finance",
      dependencies: lent,
      path: "Sources/Services/Finance", exclude: ["README.md"], swiftSettings: strict),
    .target(
      name: "Documents",
      dependencies: lent,
      path: "Sources/Services/Documents", exclude: ["README.md"], swiftSettings: strict),
    .target(
      name: "Items", dependencies: lent,
      path: "Sources/Services/Items", exclude: ["README.md"], swiftSettings: strict),
    .target(
      name: "Messages",
      dependencies: lent,
      path: "Sources/Services/Messages", exclude: ["README.md"], swiftSettings: strict),
    .target(
      name: "Recommendations",
      dependencies: lent,
      path: "Sources/Services/Recommendations", exclude: ["README.md"], swiftSettings: strict),
    // Settings, roles and client verbs; `celerity` itself is one call of it, and so is every user's own binary.
    .target(
      name: "CelerityApp",
      dependencies: [
        "Celerity", "CelerityCore", "CelerityCron", "CelerityGateway", "CelerityJSON", "CelerityObservability",
        "CelerityPrograms", "CelerityRoutes", "CelerityScheduler", "CelerityTasks", "CelerityWorker", "RESPClient",
        "RedisEngine",
        "SQLiteEngine",
        argumentParser, http1, httpClient,
        lifecycle, logging, nio, posix, unixSignals, yams,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "celerity",
      dependencies: [
        "CelerityApp", "CelerityJSON", "CelerityYAML", "Documents", "Finance", "Items", "Messages", "Recommendations",
      ],
      swiftSettings: strict),
    // `celerity` with tasks that Python knows too; the tests against real Celery start it.
    .executableTarget(
      name: "celerity-testbed",
      dependencies: ["CelerityApp", "CelerityCore", "CelerityJSON", "CelerityRoutes", "CelerityTasks", "Finance"],
      swiftSettings: strict),
    .executableTarget(
      name: "celerity-bench",
      dependencies: [
        "CelerityCore", "CelerityJSON", "CelerityTasks", "CelerityWorker", "RESPClient", "RedisEngine", "SQLiteEngine",
        argumentParser, grdb, lifecycle, logging, nio,
      ],
      swiftSettings: strict),
    // Tests.
    .target(
      name: "CelerityTesting", dependencies: ["CelerityCore", "CelerityJSON", "CelerityTasks"], swiftSettings: fast),
    .target(name: "CCrashVFS", linkerSettings: [.linkedLibrary("sqlite3")]),
    .testTarget(name: "CelerityJSONTests", dependencies: ["CelerityJSON"], swiftSettings: fast),
    .testTarget(name: "CelerityYAMLTests", dependencies: ["CelerityYAML", "CelerityJSON"], swiftSettings: fast),
    .testTarget(
      name: "CelerityCronTests", dependencies: ["CelerityCron"], resources: [.copy("Fixtures")], swiftSettings: fast),
    .testTarget(
      name: "CelerityCoreTests", dependencies: ["CelerityCore", "CelerityJSON", "CelerityTesting"], swiftSettings: fast),
    .testTarget(
      name: "CelerityGatewayTests",
      dependencies: [
        "CelerityGateway", "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks",
        "CelerityTesting", http1,
        httpClient, httpTypes, lifecycle, logging, nio, posix,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SQLiteEngineTests",
      dependencies: [
        "CCrashVFS", "CelerityCore", "CelerityJSON", "CelerityTesting", "SQLiteEngine", grdb, sqlite,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CelerityWorkerTests",
      dependencies: [
        "CelerityCore", "CelerityJSON", "CelerityTasks", "CelerityTesting", "CelerityWorker", lifecycle,
        lifecycleTesting,
        logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CelerityProgramsTests", dependencies: ["CelerityPrograms", "CelerityCore", "CelerityTesting", logging],
      swiftSettings: strict),
    .testTarget(
      name: "CelerityTasksTests",
      dependencies: ["CelerityCore", "CelerityJSON", "CelerityTasks", "CelerityTesting"], swiftSettings: strict),
    .testTarget(
      name: "CelerityRoutesTests",
      dependencies: [
        "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks", "CelerityTesting",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CeleritySchedulerTests",
      dependencies: [
        "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityScheduler",
        "CelerityTesting", lifecycle, lifecycleTesting, logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CelerityAppTests",
      dependencies: [
        "CelerityApp", "CelerityCore", "CelerityJSON", "CelerityObservability", "CelerityRoutes", "CelerityTasks",
        "CelerityTesting", "RESPClient", http1, logging, nio, posix,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CeleryWireTests", dependencies: ["CeleryWire", "CelerityCore", "CelerityJSON"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(name: "RESPClientTests", dependencies: ["RESPClient", "CelerityTesting", nio], swiftSettings: strict),
    .testTarget(
      name: "RedisEngineTests",
      dependencies: [
        "CelerityCore", "CelerityJSON", "CelerityTesting", "CeleryWire", "RESPClient", "RedisEngine", logging, nio,
        posix,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CelerityObservabilityTests",
      dependencies: ["CelerityCore", "CelerityJSON", "CelerityObservability", "CelerityTesting", logging],
      swiftSettings: strict),
    .testTarget(name: "CrashVFSTests", dependencies: ["CCrashVFS"], swiftSettings: strict),
    .testTarget(
      name: "DocumentsTests",
      dependencies: [
        "Documents", "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks",
        "CelerityTesting",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ItemsTests",
      dependencies: [
        "Items", "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks", "CelerityTesting",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "MessagesTests",
      dependencies: [
        "Messages", "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks",
        "CelerityTesting",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RecommendationsTests",
      dependencies: [
        "Recommendations", "CelerityCore", "CelerityCron", "CelerityJSON", "CelerityRoutes", "CelerityTasks",
        "CelerityTesting",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FinanceTests",
      dependencies: [
        "Finance", "CelerityCore", "CelerityJSON", "CelerityRoutes", "CelerityTasks", "CelerityTesting",
      ],
      swiftSettings: fast),
  ]
)

/// `CELERITY_ONLY=CelerityGatewayTests swift test` builds this target and what it needs, and nothing else: work on one
/// module goes on while another does not compile.
if let only = Context.environment["CELERITY_ONLY"]?.split(separator: ",").map(String.init) {
  let byName = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
  var needed: Set<String> = []
  var open = only
  while let name = open.popLast() {
    guard let target = byName[name], needed.insert(name).inserted else { continue }
    for case .byNameItem(let dependency, _) in target.dependencies { open.append(dependency) }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products.removeAll()
}
