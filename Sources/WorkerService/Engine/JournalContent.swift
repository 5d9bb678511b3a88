import FoundationEssentials
import NetworkModel

/// What ``EngineJournal`` keeps, as its file has it.
struct JournalContent: Codable, Equatable {
    /// Raised when an older worker would misread the file.
    var format = JournalContent.currentFormat
    var networks: [EngineNetworkID: NetworkID] = [:]
    var ports: [EndpointID: [PortForwarding]] = [:]
    var habits: [SandboxID: ContainerHabit] = [:]

    static let currentFormat = 1

    enum CodingKeys: String, CodingKey { case format, networks, ports, habits }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        format = try container.decode(Int.self, forKey: .format)
        networks = try Self.named(try container.decodeIfPresent([String: NetworkID].self, forKey: .networks) ?? [:])
        ports = try Self.named(try container.decodeIfPresent([String: [PortForwarding]].self, forKey: .ports) ?? [:])
        habits = try Self.named(try container.decodeIfPresent([String: ContainerHabit].self, forKey: .habits) ?? [:])
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(format, forKey: .format)
        try container.encode(Self.texts(networks), forKey: .networks)
        try container.encode(Self.texts(ports), forKey: .ports)
        try container.encode(Self.texts(habits), forKey: .habits)
    }

    private static func named<Subject, Value>(_ texts: [String: Value]) throws -> [Identifier<Subject>: Value] {
        Dictionary(uniqueKeysWithValues: try texts.map { (try Identifier($0.key), $0.value) })
    }

    private static func texts<Subject, Value>(_ values: [Identifier<Subject>: Value]) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    }
}

extension JournalContent {
    private struct Format: Decodable { let format: Int }

    /// The format that a file says it has, if it says so.
    static func format(of text: String) -> Int? {
        try? JSONDecoder().decode(Format.self, from: Data(text.utf8)).format
    }

    init(text: String) throws {
        self = try JSONDecoder().decode(JournalContent.self, from: Data(text.utf8))
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
