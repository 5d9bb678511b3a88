import Glibc
import NetworkModel
import TestSupport
import Testing

@testable import NameServer

@Suite struct `The file of the host's resolvers` {
    @Test func `gives the first three name servers, with all else passed over`() throws {
        let text = """
            # comment nameserver 192.0.2.1
            search example.com
            nameserver 192.0.2.1
            ; nameserver 192.0.2.2
            nameserver\t2001:db8::1   # the second
            nameserver fe80::1%eth0
            nameserver junk
            nameserver
            options ndots:0
             nameserver 192.0.2.3
            nameserver 192.0.2.4
            """
        let addresses = ResolverFile.parse(text).map(\.address.description)
        #expect(addresses == ["192.0.2.1", "2001:db8::1", "192.0.2.3"])
        #expect(ResolverFile.parse("").isEmpty)
        #expect(ResolverFile.parse("nameserver 192.0.2.1\r\nnameserver 192.0.2.2\r\n").map(\.port) == [53, 53])
    }

    @Test func `is read again when it is another one`() throws {
        let path = "/tmp/skein-resolv-\(SystemRandomness().next())"
        defer { unlink(path) }
        let file = ResolverFile(path: path)
        #expect(file.resolvers() == [])
        try Self.write("nameserver 192.0.2.1\n", to: path)
        #expect(file.resolvers().map(\.address) == [IPAddress(192, 0, 2, 1)])
        try Self.write("nameserver 192.0.2.22\n", to: path + ".new")
        #expect(rename(path + ".new", path) == 0)
        #expect(file.resolvers().map(\.address) == [IPAddress(192, 0, 2, 22)])
        unlink(path)
        #expect(file.resolvers() == [])
    }

    private static func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }
}
