import Foundation

/// The floors of the package, lowest first: a target imports only lower floors, so siblings never import each other.
enum Floors {
    static let all: [(name: String, targets: Set<String>)] = [
        ("C", ["CCurl", "CKnot", "CMalloc", "CMnl", "CNFTables", "CNetlinkRoute"]),
        ("vocabulary", ["NetworkModel"]),
        ("pure engines", ["AddressManagement", "ClusterAuthority", "DesiredState", "EtcdProtocol", "NameZone"]),
        ("ports", ["ClusterStore", "HTTPTransport", "KernelNetwork"]),
        ("adapters", storeAdapters.union(["EngineClient"])),
        ("services", ["ClusterCatalog", "Dataplane", "NameServer"]),
        ("face support", ["FaceKit", "SecureServing"]),
        ("faces", ["DriverAPI", "EngineAPI", "StoreAPI", "WorkerAPI"]),
        ("assembly", assembly),
        ("composition", composition),
        ("binaries", ["skein", "skein-bench", "skein-controller", "skein-worker"]),
    ]

    static let storeAdapters: Set<String> = ["ConsulStore", "EmbeddedStore", "EtcdStore"]
    /// What the daemons share when they put themselves together.
    static let assembly: Set<String> = ["DaemonKit"]
    static let composition: Set<String> = ["Benchmarks", "Commands", "ControllerService", "WorkerService"]

    static func number(of target: String) -> Int? {
        all.firstIndex { $0.targets.contains(target) }
    }

    /// What is wrong with the dependencies that a manifest declares: targets without a floor, and steps up or sideways.
    static func violations(in manifest: Manifest) -> [String] {
        let inTests = Set(manifest.targets.filter { !isProduct($0) }.map(\.name))
        return manifest.targets.filter(isProduct).flatMap { target -> [String] in
            guard let floor = number(of: target.name) else { return ["\(target.name) is on no floor"] }
            return target.dependencies.compactMap { dependency in
                guard !inTests.contains(dependency) else { return "\(target.name) depends on \(dependency), which is for tests" }
                return isLower(dependency, than: floor) ? nil : "\(target.name) depends on \(dependency), which is not on a lower floor"
            }
        }
    }

    private static let sharedByTests: Set<String> = [
        "ConsulStandIn", "FakeEngine", "FakeKernel", "FaultProxy", "HistoryCheck", "PluginClient", "StoreConformance", "StoreFaults",
        "TestSupport",
    ]

    /// Test targets, and the modules that only tests share: those are on no floor and in the folder `Tests`.
    private static func isProduct(_ target: Manifest.Target) -> Bool {
        target.type != "test" && !sharedByTests.contains(target.name)
    }

    private static func isLower(_ target: String, than floor: Int) -> Bool {
        number(of: target).map { $0 < floor } ?? false
    }

    /// What is wrong with the import lines of sources and tests. One that is not declared is found by the compiler only in a first build, and
    /// only by chance.
    static func violations(in files: [SourceFile], manifest: Manifest) -> [String] {
        let declared = Dictionary(uniqueKeysWithValues: manifest.targets.map { ($0.name, Set($0.dependencies)) })
        return files.flatMap { file in
            Imports.modules(in: file.text).filter(manifest.names.contains).compactMap { module -> String? in
                if file.area == "Sources", storeAdapters.contains(module), !composition.union(assembly).contains(file.target) {
                    return "\(file.path) imports \(module): only composition chooses a store"
                }
                return declared[file.target, default: []].contains(module)
                    ? nil : "\(file.path) imports \(module), which its target does not declare"
            }
        }
    }

    /// The C modules that more than one Swift target imports, or none.
    static func sharedCModules(in files: [SourceFile], modules: Set<String>) -> [String] {
        modules.sorted().compactMap { module in
            let importers = Set(files.filter { Imports.modules(in: $0.text).contains(module) }.map(\.target)).sorted()
            return importers.count == 1 ? nil : "\(module) is imported by \(importers)"
        }
    }
}
