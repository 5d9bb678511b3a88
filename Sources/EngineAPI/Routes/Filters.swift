import FaceKit
import FoundationEssentials
import NetworkModel

/// Docker's `filters` of a query: JSON, `{"name": {"a": true}}` from its command line or `{"name": ["a"]}` from others.
struct Filters: Equatable {
    private(set) var values: [String: Set<String>]

    /// - Throws: ``FaceKit/RequestFault`` for what is neither form.
    init(_ text: String?) throws(RequestFault) {
        guard let text, !text.isEmpty else {
            values = [:]
            return
        }
        let decoder = JSONDecoder()
        let data = Data(text.utf8)
        if let flags = try? decoder.decode([String: [String: Bool]].self, from: data) {
            values = flags.mapValues { Set($0.filter(\.value).keys) }
        } else if let lists = try? decoder.decode([String: [String]].self, from: data) {
            values = lists.mapValues { Set($0) }
        } else {
            throw RequestFault(.invalid, "invalid filter: \(text) is not a JSON object of lists")
        }
    }

    /// - Throws: ``FaceKit/RequestFault`` naming the first filter that is not among those known.
    func check(known: Set<String>) throws(RequestFault) {
        if let unknown = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw RequestFault(.invalid, "invalid filter '\(unknown)'")
        }
    }

    subscript(name: String) -> Set<String> { values[name, default: []] }

    /// Whether a text is one of the filter's values; every text passes a filter that is not set.
    func admits(_ text: String, by name: String) -> Bool {
        self[name].isEmpty || self[name].contains(text)
    }

    /// Whether one of the values is how an id begins: users copy the short form.
    func admitsStart(of id: String, by name: String) -> Bool {
        self[name].isEmpty || self[name].contains { id.hasPrefix($0) }
    }

    /// Whether a text is one of the values or is matched by one as a regular expression.
    func matches(_ text: String, by name: String) -> Bool {
        admits(text, by: name)
            || self[name].contains { (try? Regex($0)).map { text.firstMatch(of: $0) != nil } ?? false }
    }

    /// Whether all of the filter's labels, `key` or `key=value`, are there.
    func matchesAll(of labels: [String: String], by name: String) -> Bool {
        self[name].allSatisfy { Self.has($0, labels) }
    }

    static func has(_ wanted: String, _ labels: [String: String]) -> Bool {
        let parts = wanted.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        guard let value = labels[parts[0]] else { return false }
        return parts.count == 1 || parts[1] == value
    }
}
