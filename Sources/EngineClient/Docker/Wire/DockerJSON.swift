import FoundationEssentials

/// JSON as engines write it, read leniently: what is missing or odd is left out.
enum DockerJSON {
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: ArraySlice<UInt8>) throws(EngineError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            let begin = String(decoding: bytes.prefix(60), as: UTF8.self).debugDescription
            throw EngineError(.undecodable, "it begins with \(begin)")
        }
    }

    static func encode(_ value: some Encodable) throws(EngineError) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(value))
        } catch {
            throw EngineError(.invalid, "the request cannot be written as JSON: \(error)")
        }
    }
}

/// A value that may be something else.
struct Lenient<Value: Decodable>: Decodable {
    let value: Value?

    init(from decoder: any Decoder) throws {
        value = try? Value(from: decoder)
    }
}

/// A list, without those of its items that cannot be read.
struct DockerList<Item: Decodable>: Decodable {
    let items: [Item]

    init(from decoder: any Decoder) throws {
        items = try decoder.singleValueContainer().decode([Lenient<Item>].self).compactMap(\.value)
    }
}

extension KeyedDecodingContainer {
    func lenient<Value: Decodable>(_ key: Key) -> Value? {
        (try? decodeIfPresent(Lenient<Value>.self, forKey: key))?.value
    }

    func list<Value: Decodable>(_ key: Key) -> [Value] {
        let items: [Lenient<Value>]? = lenient(key)
        return items?.compactMap(\.value) ?? []
    }

    func texts(_ key: Key) -> [String: String] {
        let items: [String: Lenient<String>]? = lenient(key)
        return items?.compactMapValues(\.value) ?? [:]
    }

    func flag(_ key: Key) -> Bool { lenient(key) ?? false }
}

/// Docker's form of an error.
struct DockerFailureBody: Decodable {
    let message: String
}

/// A part of `GET /version`.
struct DockerVersionBody: Decodable {
    let version: String?
    let apiVersion: String?
    let oldestAPIVersion: String?

    private enum Key: String, CodingKey {
        case version = "Version"
        case apiVersion = "ApiVersion"
        case oldestAPIVersion = "MinAPIVersion"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        version = container.lenient(.version)
        apiVersion = container.lenient(.apiVersion)
        oldestAPIVersion = container.lenient(.oldestAPIVersion)
    }
}
