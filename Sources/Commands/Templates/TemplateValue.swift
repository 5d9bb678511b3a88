/// What templates and JSON output work on: JSON's kinds, with objects that keep the order of their fields.
indirect enum TemplateValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case list([TemplateValue])
    /// Named by the data, such as labels: shown in the order of the keys, and an absent key is no error.
    case map([String: TemplateValue])
    /// Named by its type: shown in the order of its fields, and an unknown field is a mistake of the template.
    case record(TemplateRecord)

    /// What a condition takes for false: as in Go, whatever is empty or zero.
    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let items): !items.isEmpty
        case .map(let items): !items.isEmpty
        case .record: true
        }
    }

    /// For error messages, in a user's words.
    var kindName: String {
        switch self {
        case .null: "nothing"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a text"
        case .list: "a list"
        case .map: "a map"
        case .record: "an object"
        }
    }
}

/// The fields of an object.
struct TemplateRecord: Hashable, Sendable {
    struct Field: Hashable, Sendable {
        let name: String
        let value: TemplateValue
    }

    var fields: [Field]
    /// What is looked up by a call such as `.Label "key"`; not shown otherwise.
    var lookups: [String: [String: String]]

    init(_ fields: [Field], lookups: [String: [String: String]] = [:]) {
        self.fields = fields
        self.lookups = lookups
    }

    init(_ texts: KeyValuePairs<String, String>, lookups: [String: [String: String]] = [:]) {
        self.init(texts.map { Field(name: $0.key, value: .string($0.value)) }, lookups: lookups)
    }

    /// Names that differ between Docker's JSON, which users see, and its Go types, which its templates name.
    private static let otherNames = ["ID": "Id", "Id": "ID", "AuxAddress": "AuxiliaryAddresses"]

    subscript(name: String) -> TemplateValue? {
        value(name) ?? Self.otherNames[name].flatMap { value($0) }
    }

    private func value(_ name: String) -> TemplateValue? {
        fields.first { $0.name == name }?.value
    }
}
