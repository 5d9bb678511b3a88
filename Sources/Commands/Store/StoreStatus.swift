import ArgumentParser
import ClusterCatalog
import ClusterStore
import DaemonKit
import NetworkModel

/// `skein store status`.
struct StoreStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what a store holds, and how large it is",
        discussion: """
            With --check a served embedded store reads its whole file and looks for damage, and etcd tells which alarms it has raised; the \
            exit status is 1 if there is any.

              skein store status --cluster-store etcd://10.0.0.1:2379 -f '{{.Keys}}'
            """)

    @OptionGroup var flags: StoreFlags
    @OptionGroup var output: FormatOption
    @Flag(help: "Look for damage too.") var check = false

    func run() async throws {
        let format = try output.format.map { try InspectFormat($0) }
        let chosen = try ChosenStore(flags)
        let snapshot = try await chosen.store.list(StoreKey(path: ""))
        let size = try await chosen.maintenance?.size()
        let damage = check ? try await chosen.maintenance?.findDamage() : nil
        let report = StoreReport(chosen.store.location, snapshot, size, damage)
        Console.print(try format?.render(try TemplateValue(encoding: report)) ?? report.text)
        if damage?.isEmpty == false { throw ExitCode.failure }
    }
}

/// What `skein store status` shows.
struct StoreReport: Encodable {
    struct Kind: Encodable {
        let name: String
        let keys: Int

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case keys = "Keys"
        }
    }

    let store: String
    let revision: Int64
    /// Bytes on the disk; nil if the store does not tell.
    let size: Int64?
    /// Bytes of them that hold something.
    let used: Int64?
    let keys: Int
    let kinds: [Kind]
    /// Nil if nobody looked.
    let damage: [String]?

    enum CodingKeys: String, CodingKey {
        case store = "Store"
        case revision = "Revision"
        case size = "Size"
        case used = "Used"
        case keys = "Keys"
        case kinds = "Kinds"
        case damage = "Damage"
    }

    init(_ location: String, _ snapshot: StoreSnapshot, _ size: StoreSize?, _ damage: [String]?) {
        store = location
        revision = snapshot.revision.rawValue
        self.size = size?.bytes
        used = size?.used
        keys = snapshot.entries.count
        let counts = snapshot.entries.reduce(into: [String: Int]()) { $0[$1.key.segments.first ?? "", default: 0] += 1 }
        kinds = counts.sorted { $0.key < $1.key }.map { Kind(name: $0.key, keys: $0.value) }
        self.damage = damage
    }

    var text: String {
        var lines = ["Cluster Store: \(store)", "Revision: \(revision)"]
        if let size, let used { lines.append("Size: \(ByteCount(size)), \(ByteCount(used)) in use") }
        lines.append("Keys: \(keys)")
        lines += kinds.map { " \($0.name): \($0.keys)" }
        if let damage { lines += damage.isEmpty ? ["Damage: none"] : ["Damage:"] + damage.map { " \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Bytes for people: `512 B`, `1.5 MiB`.
struct ByteCount: CustomStringConvertible {
    private let bytes: Int64

    init(_ bytes: Int64) {
        self.bytes = bytes
    }

    var description: String {
        var tenths = bytes * 10
        var units = ["B", "KiB", "MiB", "GiB", "TiB"][...]
        while tenths >= 10_240, units.count > 1 {
            tenths /= 1_024
            units.removeFirst()
        }
        let unit = units.first ?? "B"
        return unit == "B" ? "\(bytes) B" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
