import FaceKit
import NetworkModel

/// The filters of `GET /networks`.
struct NetworkFilters {
    private let filters: Filters
    /// The value of `dangling`, when it is given.
    private let dangling: Bool?

    init(_ filters: Filters) throws(RequestFault) {
        try filters.check(known: ["dangling", "driver", "id", "label", "name", "scope", "type"])
        for type in filters["type"].sorted() where type != "custom" && type != "builtin" {
            throw RequestFault(.invalid, "invalid filter: 'type'='\(type)'")
        }
        self.filters = filters
        self.dangling = try Self.flag(filters, "dangling")
    }

    private static func flag(_ filters: Filters, _ name: String) throws(RequestFault) -> Bool? {
        let values = filters[name]
        switch values {
        case []: return nil
        case ["true"], ["1"]: return true
        case ["false"], ["0"]: return false
        default: throw RequestFault(.invalid, "invalid filter '\(name)=[\(values.sorted().joined(separator: " "))]'")
        }
    }

    /// Whether it must be known which networks are in use.
    var isAboutUse: Bool { dangling != nil }

    func matches(_ network: NetworkRecord, isUsed: Bool) -> Bool {
        filters.admits(network.driver.rawValue, by: "driver") && filters.admits(network.scope.rawValue, by: "scope")
            && filters.matches(network.name, by: "name") && filters.matches(network.id.rawValue, by: "id")
            && filters.matchesAll(of: network.labels, by: "label")
            // None of ours is predefined.
            && filters.admits("custom", by: "type") && (dangling.map { $0 != isUsed } ?? true)
    }
}
