import CMnl
import Glibc
import NetworkModel
import Synchronization

/// A way to one namespace: a netlink socket that was opened in it. It keeps the namespace alive.
final class Connection: Sendable {
    /// As it is called in messages.
    let place: KernelNamespace
    private let socket: Mutex<NetlinkSocket>

    /// Opens a socket in the calling thread's namespace, which is meant to be the given one.
    init(openedIn place: KernelNamespace) throws(KernelError) {
        self.place = place
        socket = Mutex(try NetlinkSocket())
    }

    /// Sends a batch and clears it.
    /// - Returns: the refusals that count, each with the change that it is about.
    func exchange(_ batch: inout MessageBatch) -> [(change: Int, refusal: Refusal)] {
        let refusals = socket.withLock { $0.exchange(&batch) }
        let entries = batch.messages
        batch.clear()
        return refusals.sorted { $0.key < $1.key }.compactMap { place, refusal in
            entries[place].tolerated.contains(refusal.number) ? nil : (entries[place].change, refusal)
        }
    }

    /// Reads all objects of a kind: one try.
    func dump(_ type: UInt16, request: (MessageWriter) -> Void, each: (Message) -> Void) -> NetlinkSocket.DumpOutcome {
        socket.withLock { $0.dump(type, request: request, each: each) }
    }

    /// The index of a device.
    /// - Parameter purpose: such as `add 10.0.0.1/24`.
    func index(of link: String, to purpose: @autoclosure () -> String) throws(KernelError) -> Int32 {
        let answer = index(of: link)
        guard answer.number == 0, let index = answer.index else {
            let reason = answer.number == ENODEV ? "no device \(link)" : KernelError.words(for: answer.number)
            throw KernelError(.errno(answer.number == 0 ? EBADMSG : answer.number), "cannot \(purpose()) in \(place): \(reason)")
        }
        return index
    }

    private func index(of link: String) -> (number: Int32, index: Int32?) {
        // A longer name is no device's, and would not fit a message.
        guard (1...15).contains(link.utf8.count) else { return (ENODEV, nil) }
        var index: Int32?
        let number = socket.withLock { socket in
            socket.get(MessageType.getLink) { writer in
                writer.put(ifinfomsg())
                writer.put(IFLA_IFNAME, link)
            } answer: { message in
                index = message.read(ifinfomsg.self)?.ifi_index
            }
        }
        return (number, index)
    }

    /// Sends one message.
    /// - Parameters:
    ///   - subject: the namespace that the message is about, if not the one it is sent to.
    ///   - operation: what it is for, such as `add vxlan0`.
    func carryOut(_ message: borrowing BuiltMessage, in subject: KernelNamespace? = nil, _ operation: String) throws(KernelError) {
        var batch = MessageBatch()
        batch.append(message, for: 0)
        if let refused = exchange(&batch).first { throw refused.refusal.error("cannot \(operation) in \(subject ?? place)") }
    }

    func setUp(_ link: String) throws(KernelError) {
        try carryOut(try LinkMessages.change(link, LinkUpdate(isUp: true), masterIndex: nil), "set \(link) up")
    }
}
