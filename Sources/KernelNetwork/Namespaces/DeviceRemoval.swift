/// Takes every device out of a namespace.
struct DeviceRemoval {
    let connection: Connection
    let connections: Connections

    /// As far as possible: what is left goes with the namespace.
    func run() {
        let links = (try? LinkReader(connection: connection).read()) ?? [:]
        let deletions = links.values.filter(\.isRemovable).map { KernelChange.deleteLink($0.name) }
        var writer = ChangeWriter(deletions, connection: connection, connections: connections)
        _ = writer.carryOut()
    }
}

extension LinkState {
    /// Whether it is one of a kind that is made by request.
    fileprivate var isRemovable: Bool {
        switch kind {
        case .bridge, .vxlan, .veth: true
        case .other(let kind): kind == "vxlan"
        case .loopback: false
        }
    }
}
