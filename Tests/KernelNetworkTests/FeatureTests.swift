import Glibc
import NetworkModel
import Testing

@testable import KernelNetwork

@Suite struct FeatureTests {
    /// What a kernel says of a kind of device that it does not know.
    private static let unknown = KernelError(.errno(EOPNOTSUPP), "cannot add a VXLAN device: operation not supported")

    private func probe(_ feature: String, _ error: KernelError? = nil) -> FeatureProbe {
        FeatureProbe(feature) { () throws(KernelError) in if let error { throw error } }
    }

    @Test func `a kernel that has everything lacks nothing`() throws {
        #expect(try [probe("bridges"), probe("VXLAN")].missing() == [])
        #expect(KernelError.lacking([]) == nil)
    }

    @Test func `what a kernel does not know is named, with what to do about it`() throws {
        let probes = [probe("bridges"), probe("VXLAN (CONFIG_VXLAN)", Self.unknown), probe("veth (CONFIG_VETH)", Self.unknown)]
        let error = try #require(KernelError.lacking(try probes.missing()))
        let lacks = "this kernel lacks VXLAN (CONFIG_VXLAN), veth (CONFIG_VETH)"
        #expect(error == KernelError(.missingFeature, "\(lacks): load the modules, or run a kernel that has them"))
        #expect(error.kind == .unsupported)
    }

    @Test func `another refusal is not taken for a missing feature`() {
        let refusal = KernelError(.notPermitted, "cannot add a VXLAN device: operation not permitted")
        #expect(throws: refusal) { try [probe("VXLAN", refusal)].missing() }
    }

    @Test(Lab.condition) func `a kind of device that the real kernel does not know is found missing`() throws {
        let connection = try Connection(openedIn: try Lab().namespace())
        let known = FeatureProbe("bridges") { () throws(KernelError) in try add("bridge", over: connection) }
        let unknown = FeatureProbe("hovercraft") { () throws(KernelError) in try add("nosuchkind", over: connection) }
        #expect(try [known, unknown].missing() == ["hovercraft"])
    }

    private func add(_ kind: String, over connection: Connection) throws(KernelError) {
        var batch = MessageBatch()
        batch.append(MessageType.newLink, MessageFlags.createNew, for: 0) { writer in
            // linux/rtnetlink.h: an ifinfomsg of 16 bytes; linux/if_link.h: IFLA_IFNAME, and IFLA_LINKINFO with IFLA_INFO_KIND in it.
            writer.put((0 as UInt64, 0 as UInt64))
            writer.put(3, kind)
            writer.nest(18) { writer.put(1, kind) }
        }
        if let refused = connection.exchange(&batch).first { throw refused.refusal.error("cannot add a device") }
    }
}
