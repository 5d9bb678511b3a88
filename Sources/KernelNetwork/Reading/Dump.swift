import CMnl
import Glibc
import NetworkModel

/// Reads everything in a namespace.
struct Dump {
    /// How often it is tried before it is given up.
    static let attempts = 20

    /// What a dump that cannot be used is not thrown as: it is tried again.
    enum Outcome<Value> {
        case complete(Value)
        case interrupted
    }

    let connection: Connection

    // MARK: Trying again

    /// A dump is used as a whole or not at all.
    static func retrying<Value>(
        _ place: KernelNamespace, _ attempt: () throws(KernelError) -> Outcome<Value>
    ) throws(KernelError) -> Value {
        for _ in 0..<attempts {
            if case .complete(let value) = try attempt() { return value }
        }
        throw KernelError(
            .dumpInterrupted, "cannot read \(place): it changed during each of \(attempts) attempts; try again when it is quieter")
    }

    /// Everything, or what there is only a part of.
    func state() throws(KernelError) -> KernelState {
        try Self.retrying(connection.place) { () throws(KernelError) in try attempt() }
    }

    private func attempt() throws(KernelError) -> Outcome<KernelState> {
        do throws(Interruption) {
            let links = try LinkReader(connection: connection).read()
            var reader = EntryReader(connection: connection, names: links.mapValues(\.name))
            try reader.readAddresses()
            for family in IPFamily.allCases {
                try reader.readRoutes(family)
                try reader.readNeighbours(family)
            }
            for (index, link) in links {
                if case .vxlan = link.kind { try reader.readForwarding(of: link, index) }
            }
            return .complete(reader.state(with: links))
        } catch {
            switch error {
            case .again: return .interrupted
            case .refused(let error): throw error
            }
        }
    }
}

/// Why a dump ended early.
enum Interruption: Error {
    /// It changed meanwhile.
    case again
    case refused(KernelError)
}

extension Connection {
    /// Reads all objects of a kind.
    /// - Parameters:
    ///   - kind: for messages, such as `links`.
    ///   - absence: an error number that says that there are none.
    func readAll(
        _ type: UInt16, _ kind: String, absence: Int32? = nil, request: (MessageWriter) -> Void, each: (Message) -> Void
    ) throws(Interruption) {
        switch dump(type, request: request, each: each) {
        case .complete: return
        case .interrupted: throw .again
        case .failed(let refusal) where refusal.number == absence: return
        case .failed(let refusal): throw .refused(refusal.error("cannot read the \(kind) of \(place)"))
        }
    }
}
