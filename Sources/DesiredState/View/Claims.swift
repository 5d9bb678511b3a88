import NetworkModel

/// Which endpoints have an address, or a MAC: one, but for the moment in which it passes from one to another.
struct Claims<Key: Hashable & Sendable>: Hashable, Sendable {
    private var holders: [Key: EndpointID] = [:]
    /// All that claim a key, where there are several.
    private var contested: [Key: Set<EndpointID>] = [:]

    var keys: [Key] { Array(holders.keys) + contested.keys }

    /// The one that claims a key, or nil if there is none, or there are several.
    func holder(of key: Key) -> EndpointID? { holders[key] }

    /// Those that claim a key, where there are several.
    func rivals(for key: Key) -> Set<EndpointID> { contested.isEmpty ? [] : contested[key] ?? [] }

    mutating func insert(_ endpoint: EndpointID, for key: Key) {
        if !contested.isEmpty, contested[key] != nil {
            contested[key]?.insert(endpoint)
        } else if let holder = holders.updateValue(endpoint, forKey: key), holder != endpoint {
            holders[key] = nil
            contested[key] = [holder, endpoint]
        }
    }

    mutating func remove(_ endpoint: EndpointID, for key: Key) {
        if !contested.isEmpty, var several = contested[key] {
            several.remove(endpoint)
            contested[key] = several.count > 1 ? several : nil
            if several.count == 1 { holders[key] = several.first }
        } else if holders[key] == endpoint {
            holders[key] = nil
        }
    }
}
