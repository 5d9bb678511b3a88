import CKnot
import Glibc
import Synchronization

/// A bound UDP socket of a site, owned: the descriptor is closed once, and never used after.
final class DatagramSocket: Sendable {
    let site: NameSite
    /// No other socket of this process has or had it.
    let serial = DatagramSocket.serials.add(1, ordering: .relaxed).newValue
    private static let serials = Atomic(0)
    private let descriptor: Mutex<Int32?>

    init(_ descriptor: Int32, site: NameSite) {
        self.site = site
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        close()
    }

    func close() {
        descriptor.withLock { descriptor in
            if let open = descriptor { _ = Glibc.close(open) }
            descriptor = nil
        }
    }

    /// The descriptor's number, to wait for it; it may be closed by the time it is used.
    var number: Int32? { descriptor.withLock { $0 } }

    /// Lends the open descriptor; it stays open meanwhile.
    func withDescriptor<Result>(_ body: (Int32) -> Result) -> Result? {
        var result: Result?
        descriptor.withLock { if let open = $0 { result = body(open) } }
        return result
    }

    /// Sends one datagram. What cannot be sent is lost, as UDP has it: the asker asks again.
    func send(_ message: [UInt8], to peer: PeerAddress) {
        _ = withDescriptor { descriptor in
            unsafe withUnsafePointer(to: peer.storage) { storage in
                unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    unsafe message.withUnsafeBytes { bytes in
                        unsafe sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT), name, peer.length)
                    }
                }
            }
        }
    }
}
