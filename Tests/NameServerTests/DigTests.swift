import Glibc
import NIOPosix
import NameServer
import Testing

/// What the real dig makes of the answers.
@Suite(.enabled(if: Dig.isInstalled)) struct `The real dig` {
    private func outputs(of questions: [String]) async throws -> [String] {
        try await withLab(records: try Garden.crowd(100)) { lab async throws in
            var outputs: [String] = []
            for question in questions {
                let place = try lab.place(Garden.front)
                outputs.append(try await Dig.run("-b \(Garden.tulip) -p \(place.port) @\(place.address) +tries=1 +time=20 \(question)"))
            }
            return outputs
        }
    }

    @Test func `finds names and addresses`() async throws {
        let outputs = try await outputs(of: [
            "+short lily A", "+short LILY.Front", "+short rose AAAA", "+short lily AAAA", "+short -x 127.1.0.3", "+short +tcp lily",
            "+short nosuch",
        ])
        #expect(outputs == ["127.1.0.3\n", "127.1.0.3\n", "fd00:1::2\n", "", "Lily.front.\n", "127.1.0.3\n", ""])
    }

    @Test func `reads the whole of each reply without complaint`() async throws {
        let outputs = try await outputs(of: [
            "+noall +comments +question +answer +noedns lily", "+noall +comments +nocookie nosuch",
            "+noall +comments +edns=1 +noednsneg lily",
            "+noall +comments lily.example.com",
        ])
        #expect(outputs[0].contains("status: NOERROR"))
        #expect(outputs[0].contains(";; flags: qr aa rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0\n"))
        #expect(outputs[0].contains("lily.\t\t\t5\tIN\tA\t127.1.0.3\n"))
        #expect(outputs[1].contains("status: NXDOMAIN"))
        #expect(outputs[1].contains("; EDNS: version: 0, flags:; udp: 1232\n"))
        #expect(outputs[2].contains("status: BADVERS"))
        #expect(outputs[3].contains("status: SERVFAIL"))
        #expect(outputs.allSatisfy { !$0.contains("WARNING") && !$0.contains("malformed") && !$0.contains("MALFORMED") })
    }

    @Test func `comes back over TCP when a reply is cut`() async throws {
        let outputs = try await outputs(of: ["+short crowd", "+noall +comments +ignore +noedns crowd"])
        #expect(outputs[0].split(separator: "\n").filter { $0.hasPrefix("127.1.16.") }.count == 100)
        #expect(outputs[1].contains(";; flags: qr aa tc rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n"))
    }
}

private enum Dig {
    static let isInstalled = access("/usr/bin/dig", X_OK) == 0

    /// Runs it off the threads that the server needs.
    static func run(_ arguments: String) async throws -> String {
        try await NIOThreadPool.singleton.runIfActive {
            guard let stream = popen("/usr/bin/dig -r \(arguments) 2>&1", "r") else { throw NoAnswer() }
            defer { pclose(stream) }
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer.prefix(count) }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
