import CMnl
import Glibc

/// Several devices that are deleted one after the other.
///
/// For each device that is deleted by itself the kernel waits until no processor uses it any more, some 20 ms. So they are put into one
/// group, which is deleted as a whole: it waits once.
struct LinkDeletions {
    /// IFLA_GROUP: the bytes of `skei`. Devices are in group 0 by default.
    private static let group: UInt32 = 0x736b_6569

    private let changes: [KernelChange]
    private let start: Int
    /// The place behind the last.
    let end: Int

    /// nil if there are less than two in a row.
    init?(of changes: [KernelChange], from start: Int) {
        var end = start
        while end < changes.count, case .deleteLink = changes[end] { end += 1 }
        guard end - start > 1 else { return nil }
        self.changes = changes
        self.start = start
        self.end = end
    }

    /// - Returns: what failed, by its place in the list.
    func carryOut(by writer: LinkWriter) -> [Int: KernelError] {
        var errors: [Int: KernelError] = [:]
        let names = (start..<end).compactMap { number -> (number: Int, name: String)? in
            guard case .deleteLink(let name) = changes[number] else { return nil }
            return (number, name)
        }
        // The group could not be deleted with the loopback in it.
        if !gather(names.map(\.name).filter { $0 != "lo" }, writer.connection) || !deleteGroup(writer.connection) {
            gather(names.map(\.name), into: 0, writer.connection)
        }
        // What the group left: nothing, or what cannot be deleted with others.
        for (number, name) in names {
            do throws(KernelError) {
                try writer.delete(name)
            } catch {
                errors[number] = error
            }
        }
        return errors
    }

    @discardableResult
    private func gather(_ names: [String], into group: UInt32 = group, _ connection: Connection) -> Bool {
        var batch = MessageBatch()
        var isGathered = true
        for name in names {
            batch.append(MessageType.setLink, for: 0, tolerating: [ENODEV]) { writer in
                writer.put(ifinfomsg())
                writer.put(IFLA_IFNAME, name)
                writer.put(IFLA_GROUP, group)
            }
            if batch.isFull { isGathered = connection.exchange(&batch).isEmpty && isGathered }
        }
        return connection.exchange(&batch).isEmpty && isGathered
    }

    private func deleteGroup(_ connection: Connection) -> Bool {
        var batch = MessageBatch()
        batch.append(MessageType.deleteLink, for: 0, tolerating: [ENODEV]) { writer in
            writer.put(ifinfomsg())
            writer.put(IFLA_GROUP, Self.group)
        }
        return connection.exchange(&batch).isEmpty
    }
}
