import DesiredState
import NetworkModel
import Testing

@Suite struct `Names in the kernel` {
    @Test func `fit into what the kernel allows`() throws {
        #expect(KernelNames.hostUplink(of: try Fixture.id("1")) == "sk111111111111")
        #expect(KernelNames.port(of: try Fixture.id("1f")) == "v1f1f1f1f1f1f")
        #expect(KernelNames.engineDevice(of: try Fixture.id("1f")) == "ve1f1f1f1f1f1f")
        #expect(KernelNames.namespace(of: try Fixture.id("1")) == "skein-111111111111")
    }

    @Test(arguments: [
        ("skein-111111111111", "111111111111"), ("skein-1111111111112", nil), ("skein-tools", nil), ("skein-", nil), ("sk-1", nil),
    ])
    func `of networks are recognised`(name: String, digits: String?) {
        #expect(KernelNames.networkDigits(inNamespace: name) == digits)
    }

    @Test(arguments: [("sk-box1", true), ("sk-", false), ("skein-1", false), ("sk-.", false), ("box1", false)])
    func `of sandboxes are recognised`(name: String, isOne: Bool) {
        #expect(KernelNames.isSandboxNamespace(name) == isOne)
    }
}
