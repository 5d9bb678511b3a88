import ClusterStore
import NetworkModel
import TestSupport
import Testing

struct RotationTests {
    private let endpoints = ["a", "b", "c"].map { ServerEndpoint(host: $0, port: 2379) }

    @Test func `an endpoint is kept until it fails, and a late failure of another moves nothing`() {
        var rotation = EndpointRotation(endpoints)
        #expect(rotation.preferred == endpoints[0])
        #expect(rotation.failed(endpoints[0]) && rotation.preferred == endpoints[1])
        #expect(!rotation.failed(endpoints[0]) && rotation.preferred == endpoints[1])
        #expect(rotation.order == [endpoints[1], endpoints[2], endpoints[0]])
        #expect(rotation.failed(endpoints[1]) && rotation.failed(endpoints[2]) && rotation.preferred == endpoints[0])
    }

    @Test func `an endpoint that answered where others did not is kept`() {
        var rotation = EndpointRotation(endpoints)
        rotation.answered(endpoints[2])
        #expect(rotation.preferred == endpoints[2] && rotation.order == [endpoints[2], endpoints[0], endpoints[1]])
    }

    @Test func `without endpoints there is nobody to ask`() {
        var rotation = EndpointRotation([])
        #expect(rotation.preferred == nil && rotation.order.isEmpty && !rotation.failed(endpoints[0]))
        var one = EndpointRotation([endpoints[0]])
        #expect(!one.failed(endpoints[0]) && one.preferred == endpoints[0])
    }

    @Test func `a write that may be done ends the plan, one that is not goes on`() {
        var plan = CallPlan(endpoints, .never)
        #expect(plan.next() == endpoints[0])
        plan.failed(endpoints[0], mayBeDone: false)
        #expect(plan.next() == endpoints[1])
        plan.failed(endpoints[1], mayBeDone: true)
        #expect(plan.next() == nil)
    }

    @Test func `a read asks every endpoint, and the last one twice if its connection broke`() {
        var plan = CallPlan(endpoints, .harmless)
        var asked: [ServerEndpoint] = []
        while let endpoint = plan.next() {
            asked.append(endpoint)
            plan.failed(endpoint, mayBeDone: true)
        }
        #expect(asked == endpoints + [endpoints[2]])
    }

    @Test func `the wait after failures grows from none to a cap, jittered`() {
        let (backOff, randomness) = (BackOff(), SeededRandomness(seed: 1))
        #expect(backOff.wait(after: 1, randomness) == .zero)
        for failures in 2...1000 {
            let wait = backOff.wait(after: failures, randomness)
            #expect(wait >= .milliseconds(50) && wait <= .seconds(2))
            if failures > 10 { #expect(wait >= .seconds(1)) }
        }
        #expect(Set((0..<50).map { _ in backOff.wait(after: 9, randomness) }).count > 25)
    }

    @Test func `an IPv6 endpoint has brackets`() {
        #expect(
            ServerEndpoint(host: "2001:db8::1", port: 2379, isSecure: true).url(path: "/v3/watch") == "https://[2001:db8::1]:2379/v3/watch")
    }
}
