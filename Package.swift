// swift-tools-version: 6.2
import PackageDescription

// MARK: Settings: one array for every target.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Targets that import a C module also prove each unsafe expression to the compiler.
let settingsWithC: [SwiftSetting] = settings + [.strictMemorySafety()]

// MARK: Products of other packages.

extension Target.Dependency {
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
    static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
    static let logging = product(name: "Logging", package: "swift-log")
    static let nio = product(name: "NIOCore", package: "swift-nio")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let x509 = product(name: "X509", package: "swift-certificates")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let lifecycleSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
}

// MARK: Floors, lowest first. A target may name targets of lower floors only (Tests/HouseRules checks it).

let systemLibraries: [Target] = [
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CNetlinkRoute", pkgConfig: "libnl-route-3.0", providers: [.apt(["libnl-route-3-dev"])]),
    .systemLibrary(name: "CMnl", pkgConfig: "libmnl", providers: [.apt(["libmnl-dev"])]),
    .systemLibrary(name: "CNFTables", pkgConfig: "libnftables", providers: [.apt(["libnftables-dev"])]),
    .systemLibrary(name: "CKnot", pkgConfig: "libknot", providers: [.apt(["libknot-dev"])]),
    .systemLibrary(name: "CMalloc"),
]

let vocabulary: [Target] = [
    .target(name: "NetworkModel", swiftSettings: settings)
]

let pureEngines: [Target] = [
    .target(name: "AddressManagement", dependencies: ["NetworkModel"], swiftSettings: settings),
    .target(name: "DesiredState", dependencies: ["NetworkModel"], swiftSettings: settings),
    .target(name: "NameZone", dependencies: ["NetworkModel"], exclude: ["README.md"], swiftSettings: settings),
    .target(name: "EtcdProtocol", dependencies: ["NetworkModel"], swiftSettings: settings),
    .target(name: "ClusterAuthority", dependencies: ["NetworkModel", .asn1, .crypto, .x509], swiftSettings: settings),
]

let ports: [Target] = [
    .target(name: "ClusterStore", dependencies: ["NetworkModel", .logging], swiftSettings: settings),
    .target(name: "HTTPTransport", dependencies: ["CCurl", "NetworkModel", .logging], swiftSettings: settingsWithC),
    .target(
        name: "KernelNetwork", dependencies: ["CNetlinkRoute", "CMnl", "CNFTables", "NetworkModel", .logging],
        swiftSettings: settingsWithC),
]

let adapters: [Target] = [
    .target(name: "ConsulStore", dependencies: ["ClusterStore", "HTTPTransport", "NetworkModel", .logging], swiftSettings: settings),
    .target(
        name: "EtcdStore", dependencies: ["CMalloc", "ClusterStore", "EtcdProtocol", "HTTPTransport", "NetworkModel", .logging],
        swiftSettings: settingsWithC),
    .target(name: "EmbeddedStore", dependencies: ["ClusterStore", "NetworkModel", .grdb, .logging], swiftSettings: settings),
    .target(name: "EngineClient", dependencies: ["HTTPTransport", "NetworkModel", .logging], swiftSettings: settings),
]

let services: [Target] = [
    .target(
        name: "ClusterCatalog", dependencies: ["AddressManagement", "ClusterStore", "NetworkModel", .logging],
        swiftSettings: settings),
    .target(name: "Dataplane", dependencies: ["DesiredState", "KernelNetwork", "NetworkModel", .logging], swiftSettings: settings),
    .target(
        name: "NameServer", dependencies: ["CKnot", "NameZone", "NetworkModel", .nio, .nioPosix, .logging],
        exclude: ["README.md"], swiftSettings: settingsWithC),
]

let faceSupport: [Target] = [
    .target(name: "FaceKit", dependencies: ["NetworkModel", .hummingbird, .logging], swiftSettings: settings),
    .target(
        name: "SecureServing", dependencies: ["NetworkModel", .hummingbirdCore, .logging, .nio, .nioSSL, .nioTLS], swiftSettings: settings),
]

let faces: [Target] = [
    .target(name: "EngineAPI", dependencies: ["FaceKit", "NetworkModel", .hummingbird, .logging], swiftSettings: settings),
    .target(name: "DriverAPI", dependencies: ["FaceKit", "NetworkModel", .hummingbird, .logging], swiftSettings: settings),
    .target(name: "WorkerAPI", dependencies: ["FaceKit", "NetworkModel", .hummingbird, .logging], swiftSettings: settings),
    .target(
        name: "StoreAPI", dependencies: ["ClusterStore", "EtcdProtocol", "NetworkModel", .hummingbird, .logging], swiftSettings: settings),
]

let assembly: [Target] = [
    .target(
        name: "DaemonKit",
        dependencies: [
            "ClusterAuthority", "ClusterCatalog", "ClusterStore", "ConsulStore", "EngineAPI", "EtcdStore", "FaceKit", "HTTPTransport",
            "NetworkModel", "WorkerAPI", .argumentParser, .hummingbird, .hummingbirdCore, .lifecycle, .lifecycleSignals, .logging, .nio,
        ], swiftSettings: settings)
]

let composition: [Target] = [
    .target(
        name: "ControllerService",
        dependencies: [
            "ClusterCatalog", "ClusterStore", "DaemonKit", "EmbeddedStore", "EngineAPI", "EtcdStore", "HTTPTransport", "NetworkModel",
            "SecureServing", "StoreAPI", "WorkerAPI",
            .argumentParser, .hummingbird, .hummingbirdCore, .lifecycle, .lifecycleSignals, .logging,
        ], swiftSettings: settings),
    .target(
        name: "WorkerService",
        dependencies: [
            "AddressManagement", "ClusterCatalog", "ClusterStore", "DaemonKit", "Dataplane", "DesiredState", "DriverAPI", "EmbeddedStore",
            "EngineAPI", "EngineClient", "EtcdStore", "HTTPTransport", "KernelNetwork", "NameServer", "NameZone", "NetworkModel",
            "WorkerAPI",
            .argumentParser, .hummingbird, .lifecycle, .lifecycleSignals, .logging,
        ], swiftSettings: settings),
    .target(
        name: "Benchmarks",
        dependencies: [
            "ClusterCatalog", "ClusterStore", "DaemonKit", "Dataplane", "DriverAPI", "EtcdStore", "HTTPTransport", "KernelNetwork",
            "NetworkModel", .argumentParser, .hummingbird,
            .logging,
        ],
        swiftSettings: settings),
    .target(
        name: "Commands",
        dependencies: [
            "ClusterAuthority", "ClusterCatalog", "ClusterStore", "DaemonKit", "EmbeddedStore", "EngineAPI", "HTTPTransport",
            "KernelNetwork", "NetworkModel", "WorkerAPI", .argumentParser, .logging,
        ],
        swiftSettings: settings),
]

let binaries: [Target] = [
    .executableTarget(name: "skein-bench", dependencies: ["Benchmarks", .argumentParser], swiftSettings: settings),
    .executableTarget(name: "skein", dependencies: ["Commands"], swiftSettings: settings),
    .executableTarget(name: "skein-controller", dependencies: ["ControllerService", .argumentParser], swiftSettings: settings),
    .executableTarget(name: "skein-worker", dependencies: ["WorkerService", .argumentParser], swiftSettings: settings),
]

// MARK: Tests. Modules without "Tests" in their name are shared by them.

let testSupport: [Target] = [
    .target(name: "TestSupport", dependencies: ["NetworkModel", .logging], path: "Tests/TestSupport", swiftSettings: settings),
    .target(
        name: "StoreConformance", dependencies: ["ClusterStore", "NetworkModel", "TestSupport"], path: "Tests/StoreConformance",
        swiftSettings: settings),
    .target(name: "FaultProxy", dependencies: ["TestSupport"], path: "Tests/FaultProxy", swiftSettings: settings),
    .target(
        name: "StoreFaults", dependencies: ["ClusterStore", "FaultProxy", "StoreConformance", "TestSupport"], path: "Tests/StoreFaults",
        swiftSettings: settings),
    .target(
        name: "ConsulStandIn", dependencies: ["TestSupport", .hummingbird, .lifecycle, .logging, .nio], path: "Tests/ConsulStandIn",
        exclude: ["README.md"],
        swiftSettings: settings),
    .target(
        name: "HistoryCheck", dependencies: ["NetworkModel"], path: "Tests/HistoryCheck", exclude: ["README.md"], swiftSettings: settings),
    .target(
        name: "FakeKernel", dependencies: ["KernelNetwork", "NetworkModel"], path: "Tests/FakeKernel", swiftSettings: settings),
    .target(
        name: "PluginClient", dependencies: ["TestSupport", .nio, .nioPosix], path: "Tests/PluginClient", swiftSettings: settings),
    .target(
        name: "FakeEngine", dependencies: ["EngineClient", "NetworkModel"], path: "Tests/FakeEngine", swiftSettings: settings),
]

func tests(_ subject: String, _ others: Target.Dependency...) -> Target {
    .testTarget(
        name: subject + "Tests", dependencies: [.byName(name: subject), "NetworkModel", "TestSupport"] + others, swiftSettings: settings)
}

let tests: [Target] = [
    .testTarget(name: "NetworkModelTests", dependencies: ["NetworkModel", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "HouseRules", dependencies: ["TestSupport"], swiftSettings: settings),
    tests("AddressManagement"), tests("DesiredState"), tests("NameZone"), tests("EtcdProtocol"),
    tests("ClusterAuthority", .asn1, .crypto, .x509),
    tests("ClusterStore", "StoreConformance"),
    tests("HTTPTransport"),
    tests("KernelNetwork", "FakeKernel"),
    tests("EtcdStore", "ClusterStore", "EtcdProtocol", "FaultProxy", "StoreConformance", "StoreFaults", "HTTPTransport"),
    tests("ConsulStore", "ClusterStore", "ConsulStandIn", "FaultProxy", "StoreConformance", "StoreFaults", "HTTPTransport", .logging),
    tests("EngineClient", "FakeEngine", "HTTPTransport", .logging),
    tests("EmbeddedStore", "ClusterStore", "StoreConformance", .grdb, .logging),
    tests(
        "ClusterCatalog", "AddressManagement", "ClusterStore", "ConsulStandIn", "ConsulStore", "EtcdStore", "EmbeddedStore",
        "HTTPTransport",
        .logging),
    tests(
        "HistoryCheck", "ClusterCatalog", "ClusterStore", "EtcdProtocol", "EtcdStore", "FaultProxy", "HTTPTransport", .logging),
    tests("Dataplane", "DesiredState", "KernelNetwork", "FakeKernel", .logging),
    tests("NameServer", "NameZone", .logging, .nio, .nioPosix),
    tests("SecureServing", "ClusterAuthority", "HTTPTransport", .hummingbird, .logging, .nio),
    tests("EngineAPI", "FaceKit", .hummingbird, .logging, .nio, .nioPosix),
    tests("DriverAPI", "PluginClient", .hummingbird, .logging),
    tests("WorkerAPI", "FaceKit", .hummingbird, .hummingbirdTesting),
    tests(
        "StoreAPI", "ClusterStore", "EmbeddedStore", "EtcdStore", "FaultProxy", "HTTPTransport", "StoreConformance", "StoreFaults",
        .hummingbird, .logging),
    tests(
        "DaemonKit", "ClusterAuthority", "ClusterCatalog", "ClusterStore", "ConsulStore", "EngineAPI", "HTTPTransport", "WorkerAPI",
        .hummingbird, .lifecycle, .logging, .nio),
    tests(
        "ControllerService", "ClusterCatalog", "ClusterStore", "DaemonKit", "EngineAPI", "EtcdStore", "HTTPTransport", "SecureServing",
        "WorkerAPI", .argumentParser, .lifecycle, .logging),
    tests(
        "WorkerService", "ClusterCatalog", "ClusterStore", "DaemonKit", "Dataplane", "DesiredState", "DriverAPI", "EngineAPI",
        "EngineClient", "FakeEngine", "FakeKernel", "KernelNetwork", "NameServer", "PluginClient", "WorkerAPI", .argumentParser,
        .hummingbird,
        .lifecycle, .logging),
    tests(
        "Commands", "ClusterAuthority", "ClusterCatalog", "ClusterStore", "EmbeddedStore", "EngineAPI", "FaceKit", "HTTPTransport",
        "StoreAPI", "WorkerAPI", .argumentParser, .hummingbird, .logging),
]

// Each library's README lies beside its sources (Tests/HouseRules checks that it is there).
for target in vocabulary + pureEngines + ports + adapters + services + faceSupport + faces + assembly + composition {
    target.exclude = ["README.md"]
}

let package = Package(
    name: "skein",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: systemLibraries + vocabulary + pureEngines + ports + adapters + services + faceSupport + faces + assembly + composition
        + binaries
        + testSupport + tests
)
