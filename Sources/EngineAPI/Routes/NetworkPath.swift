import FaceKit
import Hummingbird
import NetworkModel

/// The part of a path after `/networks/`: a network by whatever name it has, and for changes an action behind it.
struct NetworkPath {
    let network: String
    /// The last component, where one is expected.
    let action: String

    /// Docker's own networks, which nobody can make or remove.
    static let predefined: Set<String> = ["bridge", "host", "none"]

    /// - Parameter path: a request's path, still escaped. Clients escape a slash of a name or leave it as it is.
    /// - Throws: HTTP 404 without a network or action, ``FaceKit/RequestFault`` for a broken escape.
    init(_ path: String, hasAction: Bool = false) throws {
        let marker = "/networks/"
        var rest = path[...]
        while !rest.isEmpty, !rest.hasPrefix(marker) { rest = rest.dropFirst() }
        rest = rest.dropFirst(marker.count)
        var action = ""
        if hasAction {
            guard let slash = rest.lastIndex(of: "/") else { throw HTTPError(.notFound) }
            action = String(rest[rest.index(after: slash)...])
            rest = rest[..<slash]
        }
        guard let network = PercentEncoding.decode(rest) else {
            throw RequestFault(.invalid, "invalid network name \(rest): it has a broken escape")
        }
        guard !network.isEmpty else { throw HTTPError(.notFound) }
        self.network = network
        self.action = action
    }
}
