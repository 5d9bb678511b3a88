import NetworkModel
import Testing

@testable import AddressManagement

@Suite struct SubnetRulesTests {
    private func refusal(_ subnets: SubnetRecord...) -> String? {
        do {
            try SubnetRules.check(subnets)
            return nil
        } catch {
            return error.message
        }
    }

    private func subnet(
        _ pool: String, range: String? = nil, gateway: String? = nil, auxiliary: [String: String] = [:]
    ) throws -> SubnetRecord {
        SubnetRecord(
            pool: try Subnet(pool), subPool: try range.map { try Subnet($0) }, gateway: try gateway.map { try IPAddress($0) },
            auxiliary: try auxiliary.mapValues { try IPAddress($0) }, isUserDefined: true)
    }

    @Test func `sound subnets of both families pass`() throws {
        let v4 = try subnet("10.78.0.0/16", range: "10.78.4.0/24", gateway: "10.78.0.1", auxiliary: ["a": "10.78.9.9"])
        #expect(refusal(v4, try subnet("fd00:78::/64", gateway: "fd00:78::1")) == nil)
        #expect(refusal() == nil)
    }

    @Test func `what is wrong is said in Docker's words`() throws {
        let prefix = "invalid network config:\n"
        #expect(
            refusal(try subnet("10.78.0.0/16", gateway: "10.79.0.1"))
                == prefix + "invalid gateway 10.79.0.1: parent subnet 10.78.0.0/16 doesn't contain this address")
        #expect(
            refusal(try subnet("10.78.0.0/16", gateway: "fd00::1"))
                == prefix + "invalid gateway fd00::1: parent subnet 10.78.0.0/16 doesn't contain this address")
        #expect(
            refusal(try subnet("10.78.0.0/16", range: "10.79.0.0/24"))
                == prefix + "invalid ip-range 10.79.0.0/24: parent subnet 10.78.0.0/16 doesn't contain ip-range")
        #expect(
            refusal(try subnet("10.78.0.0/16", range: "10.0.0.0/8"))
                == prefix + "invalid ip-range 10.0.0.0/8: CIDR block is bigger than its parent subnet 10.78.0.0/16")
        #expect(
            refusal(try subnet("10.82.0.0/16", auxiliary: ["a": "10.83.0.1"]))
                == prefix + "invalid auxiliary address a: parent subnet 10.82.0.0/16 doesn't contain this address")
    }

    @Test func `every broken rule has its line`() throws {
        let lines = refusal(try subnet("10.78.0.0/16", gateway: "10.79.0.1"), try subnet("10.78.1.0/24"))?.split(separator: "\n")
        #expect(lines?.count == 3)
        #expect(lines?.last == "invalid subnet 10.78.1.0/24: it overlaps with subnet 10.78.0.0/16 of the same network")
    }

    @Test func `the gateway is the lowest address of the range, else of the pool`() throws {
        #expect(try subnet("10.78.0.0/16").withGateway().gateway?.description == "10.78.0.1")
        #expect(try subnet("10.71.0.0/16", range: "10.71.0.128/30").withGateway().gateway?.description == "10.71.0.128")
        #expect(try subnet("fd00::/64").withGateway().gateway?.description == "fd00::1")
        #expect(try subnet("10.78.0.0/16", auxiliary: ["a": "10.78.0.1"]).withGateway().gateway?.description == "10.78.0.2")
        #expect(try subnet("10.78.0.0/16", gateway: "10.78.255.254").withGateway().gateway?.description == "10.78.255.254")
    }

    @Test func `a gateway that is reserved for something else is refused`() throws {
        for (gateway, auxiliary) in [("10.78.0.9", ["a": "10.78.0.9"]), ("10.78.0.0", [:]), ("10.78.255.255", [:])] {
            let error = #expect(throws: AddressError.self) {
                try subnet("10.78.0.0/16", gateway: gateway, auxiliary: auxiliary).withGateway()
            }
            #expect(error?.message == "failed to allocate gateway (\(gateway)): Address already in use")
        }
    }
}
