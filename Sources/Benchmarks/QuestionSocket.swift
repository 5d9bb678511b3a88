import ArgumentParser
import Glibc
import NetworkModel

/// A UDP socket that asks one server for A records (RFC 1035 section 4).
struct QuestionSocket: ~Copyable {
    private let descriptor: Int32

    /// How long one answer is waited for, in microseconds.
    private static let patience = 2000

    init(server: IPAddress) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { throw ValidationError("cannot open a socket: \(String(cString: strerror(errno)))") }
        var patience = timeval(tv_sec: 0, tv_usec: Self.patience)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = UInt32(truncatingIfNeeded: server.bits).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw ValidationError("cannot reach \(server): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(descriptor)
    }

    /// Whether the server has an address for the name; a lost answer counts as no.
    func resolves(_ name: String, id: UInt16) throws -> Bool {
        let question = Self.question(name, id: id)
        guard send(descriptor, question, question.count, 0) == question.count else { return false }
        var answer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &answer, answer.count, 0)
        // The id, the response code in the low bits of byte 3, and the number of answers in bytes 6 and 7.
        return count >= 12 && answer[0] == question[0] && answer[1] == question[1] && answer[3] & 0x0f == 0 && answer[7] > 0
    }

    private static func question(_ name: String, id: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(id >> 8), UInt8(id & 0xff), 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        for label in name.split(separator: ".") {
            bytes.append(UInt8(truncatingIfNeeded: label.utf8.count))
            bytes += label.utf8
        }
        return bytes + [0, 0, 1, 0, 1]
    }
}
