import CMnl
import Glibc
import NetworkModel

/// Carries out a list of changes in one namespace.
///
/// Entries (addresses, routes, neighbours, forwarding) are gathered and sent many at once. Devices are made and changed one by one,
/// since later changes need their indices.
struct ChangeWriter: ~Copyable {
    let connection: Connection
    let connections: Connections
    private let changes: [KernelChange]
    private var batch = MessageBatch()
    private var errors: [Int: KernelError] = [:]
    /// What the kernel said during this list; emptied when a device goes.
    private var indices: [String: Int32] = [:]

    init(_ changes: [KernelChange], connection: Connection, connections: Connections) {
        self.changes = changes
        self.connection = connection
        self.connections = connections
    }

    var place: KernelNamespace { connection.place }

    /// Tries all of them.
    mutating func carryOut() -> [KernelFailure] {
        var number = 0
        while number < changes.count {
            if let deletions = LinkDeletions(of: changes, from: number) {
                delete(deletions)
                number = deletions.end
                continue
            }
            do throws(KernelError) {
                try carryOut(changes[number], number)
            } catch {
                errors[number] = error
            }
            if batch.isFull { flush() }
            number += 1
        }
        flush()
        return errors.sorted { $0.key < $1.key }.map { KernelFailure(index: $0.key, error: $0.value) }
    }

    private mutating func flush() {
        guard !batch.isEmpty else { return }
        for (number, refusal) in connection.exchange(&batch) where errors[number] == nil {
            errors[number] = refusal.error("cannot \(changes[number].operation) in \(place)")
        }
    }

    private mutating func carryOut(_ change: KernelChange, _ number: Int) throws(KernelError) {
        switch change {
        case .addLink, .deleteLink, .updateLink, .setBridgePort:
            flush()
            if case .deleteLink = change { indices = [:] }
            try carryOut(onLinks: change)
        case .replaceAddress(let entry):
            let message = try AddressMessages.replace(entry, on: index(of: entry.link, for: change))
            batch.append(message, for: number)
        case .replaceRoute(let entry):
            let message = try RouteMessages.replace(entry, through: index(of: entry.link, for: change))
            batch.append(message, for: number)
        case .replaceNeighbour(let entry):
            let index = try index(of: entry.link, for: change)
            batch.append(MessageType.newNeighbour, MessageFlags.replace, for: number) {
                NeighbourMessages.write(entry, on: index, with: $0)
            }
        case .replaceForwarding(let entry):
            let index = try index(of: entry.link, for: change)
            batch.append(MessageType.newNeighbour, entry.isFlooding ? MessageFlags.append : MessageFlags.replace, for: number) {
                ForwardingMessages.write(entry, on: index, with: $0)
            }
        case .deleteAddress(let entry): try delete(entry, change, number)
        case .deleteRoute(let entry): try delete(entry, change, number)
        case .deleteNeighbour(let entry): try delete(entry, change, number)
        case .deleteForwarding(let entry): try delete(entry, change, number)
        }
    }

    private func carryOut(onLinks change: KernelChange) throws(KernelError) {
        let writer = LinkWriter(connection: connection, connections: connections, indices: indices)
        switch change {
        case .addLink(let spec): try writer.add(spec)
        case .deleteLink(let name): try writer.delete(name)
        case .updateLink(let name, let update): try writer.apply(update, to: name)
        case .setBridgePort(let name, let flags): try writer.set(flags, ofPort: name)
        default: break
        }
    }

    private mutating func delete(_ deletions: LinkDeletions) {
        flush()
        indices = [:]
        let writer = LinkWriter(connection: connection, connections: connections)
        errors.merge(deletions.carryOut(by: writer)) { first, _ in first }
    }

    // MARK: Deleting: what is not there is no error, and neither is a device that is not there

    private mutating func delete(_ entry: AddressEntry, _ change: KernelChange, _ number: Int) throws(KernelError) {
        guard let index = try presentIndex(of: entry.link, for: change) else { return }
        batch.append(try AddressMessages.delete(entry, on: index), for: number, tolerating: [EADDRNOTAVAIL, ENODEV])
    }

    private mutating func delete(_ entry: RouteEntry, _ change: KernelChange, _ number: Int) throws(KernelError) {
        guard let index = try presentIndex(of: entry.link, for: change) else { return }
        batch.append(try RouteMessages.delete(entry, through: index), for: number, tolerating: [ESRCH, ENODEV])
    }

    private mutating func delete(_ entry: NeighbourEntry, _ change: KernelChange, _ number: Int) throws(KernelError) {
        guard let index = try presentIndex(of: entry.link, for: change) else { return }
        batch.append(MessageType.deleteNeighbour, for: number, tolerating: [ENOENT, ENODEV]) {
            NeighbourMessages.delete(entry, on: index, with: $0)
        }
    }

    /// In two messages: in one, the kernel would leave the device's entry where the bridge's is not there.
    private mutating func delete(_ entry: ForwardingEntry, _ change: KernelChange, _ number: Int) throws(KernelError) {
        guard let index = try presentIndex(of: entry.link, for: change) else { return }
        if !entry.isFlooding {
            batch.append(MessageType.deleteNeighbour, for: number, tolerating: [ENOENT, ENODEV, EOPNOTSUPP]) {
                ForwardingMessages.deleteHalf(entry, on: index, with: $0)
            }
        }
        batch.append(MessageType.deleteNeighbour, for: number, tolerating: [ENOENT, ENODEV]) {
            ForwardingMessages.deleteOwn(entry, on: index, with: $0)
        }
    }

    // MARK: Indices

    private mutating func index(of link: String, for change: KernelChange) throws(KernelError) -> Int32 {
        if let known = indices[link] { return known }
        let index = try connection.index(of: link, to: change.operation)
        indices[link] = index
        return index
    }

    private mutating func presentIndex(of link: String, for change: KernelChange) throws(KernelError) -> Int32? {
        do throws(KernelError) {
            return try index(of: link, for: change)
        } catch  where error.code == .errno(ENODEV) {
            return nil
        }
    }
}
