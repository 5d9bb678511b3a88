/// Takes every device out of a namespace.
struct DeviceRemoval {
    let connection: Connection
    let connections: Connections

    /// As far as possible: what is left goes with the namespace.
    func run() {
        let writer = LinkWriter(connection: connection, connections: connections)
        for link in (try? LinkReader(connection: connection).read()) ?? [:] where link.value.isRemovable {
            try? writer.delete(link.value.name)
        }
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
