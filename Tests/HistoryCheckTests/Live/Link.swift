import FaultProxy
import TestSupport

/// A way to a server of loopback that breaks and is mended.
struct Link: Sendable {
    private let proxy: FaultProxy

    var port: UInt16 { proxy.port }

    init(to port: UInt16) throws {
        proxy = try FaultProxy(to: port)
    }

    /// Ends every request from now on, before the server has it or when it has carried it out, by lot.
    func sever(_ seed: UInt64) {
        proxy.inject(
            oneOf: [.reset(.beforeRequest), .reset(.afterRequest), .reset(.inAnswer)], every: 1, SeededRandomness(seed: seed))
    }

    func mend() {
        proxy.heal()
    }
}
