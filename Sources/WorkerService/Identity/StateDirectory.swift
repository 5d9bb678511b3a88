import DaemonKit
import Glibc
import NetworkModel

/// The worker's folder on disk: what makes this host the same node after a restart.
///
/// - `node-id`: the random id, made once.
/// - `epoch`: raised and flushed before each life begins, so that claims of two lives are never confused.
/// - `lock`: held for as long as the process lives; two workers never share an identity.
/// - `joined`: the store whose cluster the node has been in: it waits for that one without limit.
/// - `local.sqlite`: the local networks' store.
/// - `engine.json`: the journal of the container engine.
/// - `names.json`: what names are answered from, as it was last known.
final class StateDirectory: Sendable {
    let path: String
    let node: NodeID
    let epoch: Epoch
    private let lock: FileLock

    init(path: String, randomness: any Randomness) throws(DaemonError) {
        try StateDirectory.make(path)
        self.path = path
        lock = try FileLock(
            path + "/lock", orThrow: "another skein-worker uses \(path)/lock: stop it, or give this one its own --state-dir")
        node = try StateDirectory.identity(DurableFile(path: path + "/node-id"), randomness)
        epoch = try StateDirectory.nextEpoch(DurableFile(path: path + "/epoch"))
    }

    var localStore: String { path + "/local.sqlite" }
    var names: String { path + "/names.json" }
    var engineJournal: String { path + "/engine.json" }

    /// Whether an earlier life of this node has joined the cluster of a store.
    func hasJoined(_ store: String) throws(DaemonError) -> Bool {
        try DurableFile(path: path + "/joined").read() == store + "\n"
    }

    /// Remembers that it has.
    func noteJoined(_ store: String) throws(DaemonError) {
        guard try !hasJoined(store) else { return }
        try DurableFile(path: path + "/joined").write(store + "\n")
    }

    private static func make(_ path: String) throws(DaemonError) {
        guard path.hasPrefix("/") else {
            throw DaemonError(.invalid, "--state-dir \"\(path)\" is not an absolute path")
        }
        var folder = ""
        for part in path.split(separator: "/") {
            folder += "/" + part
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw DaemonError(.forbidden, "cannot make the state folder \(folder): \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func identity(_ file: DurableFile, _ randomness: any Randomness) throws(DaemonError) -> NodeID {
        if let text = try file.read() {
            do {
                return try NodeID(text.filter { !$0.isWhitespace })
            } catch {
                throw DaemonError(
                    .invalid, "\(file.path) does not hold a node id (\(error)): restore it, or remove it to join as a new node")
            }
        }
        var generator = RandomnessGenerator(randomness)
        let node = NodeID(random: &generator)
        try file.write(node.rawValue + "\n")
        return node
    }

    private static func nextEpoch(_ file: DurableFile) throws(DaemonError) -> Epoch {
        var last: UInt64 = 0
        if let text = try file.read() {
            guard let value = UInt64(text.filter { !$0.isWhitespace }), value < .max else {
                throw DaemonError(
                    .invalid, "\(file.path) does not hold a number: restore it, or remove it with node-id to join as a new node")
            }
            last = value
        }
        try file.write("\(last + 1)\n")
        return Epoch(last + 1)
    }
}
