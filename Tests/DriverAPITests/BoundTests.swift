import DriverAPI
import NetworkModel
import PluginClient
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A slow backend` {
    @Test(arguments: [
        ("NetworkDriver.Leave", #"{"NetworkID":"1","EndpointID":"e"}"#, "Err"),
        ("IpamDriver.RequestPool", #"{"AddressSpace":"skein"}"#, "Error"),
    ]) func `is given up when a second has passed (lesson 10)`(method: String, body: String, field: String) async throws {
        let clock = ManualClock()
        let driver = CannedDriver(hindrance: { try await clock.sleep(for: .seconds(3600)) })
        let answer = try await withPlugin(driver, clock: clock) { engine in
            async let time: Void = {
                try await eventually("the call and its bound wait") { clock.sleepers == 2 }
                clock.advance(by: .milliseconds(999))
                #expect(clock.sleepers == 2)
                clock.advance(by: .milliseconds(1))
            }()
            let answer = try await engine.call(method, body)
            try await time
            return answer
        }
        #expect(answer.status == 200)
        let reason = "the cluster store or the kernel is slow, see the worker's log and try again"
        #expect(answer.body == #"{"\#(field)":"\#(method) was given up after 1.0 seconds: \#(reason)"}"#)
        // The work was cancelled and has ended: nothing waits any longer.
        #expect(clock.sleepers == 0)
    }

    @Test func `does not keep others from their answers`() async throws {
        let clock = ManualClock()
        let driver = CannedDriver(hindrance: { try await clock.sleep(for: .milliseconds(500)) })
        let answer = try await withPlugin(driver, clock: clock) { engine in
            async let time: Void = {
                try await eventually("the call and its bound wait") { clock.sleepers == 2 }
                clock.advance(by: .milliseconds(500))
            }()
            let answer = try await engine.call("NetworkDriver.DeleteNetwork", #"{"NetworkID":"1"}"#)
            try await time
            return answer
        }
        #expect(answer.body == "{}")
    }
}
