import NetworkModel

/// A value that an engine leaves empty when it has none: Go writes an absent text as `""`.
struct Blankable<Value: TextValue>: Decodable, Sendable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        value = text.isEmpty ? nil : try Value(from: decoder)
    }
}

/// The text of an option: engines write flags and numbers with and without quotes.
struct OptionText: Decodable, Sendable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            text = String(flag)
        } else if let number = try? container.decode(Int64.self) {
            text = String(number)
        } else {
            text = try container.decode(String.self)
        }
    }
}

/// A key that is known only when it is there.
struct OptionKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
