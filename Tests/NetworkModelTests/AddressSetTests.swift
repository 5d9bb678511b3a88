import NetworkModel
import TestSupport
import Testing

struct AddressSetTests {
    private func naive(_ set: Set<IPAddress>, from address: IPAddress) -> IPAddress? {
        var next: IPAddress? = address
        while let address = next, set.contains(address) { next = address.successor }
        return next
    }

    @Test(arguments: IPFamily.allCases)
    func `it is as a set of single addresses, and passes those that follow one another`(family: IPFamily) {
        var numbers = RandomnessGenerator(SeededRandomness(seed: 27))
        // Around the ends of words, of the low half of an address, and of the family.
        for base: UInt128 in [0, 0xffff_ff40, 1 << 64 - 128, .max - 200] {
            var (set, single) = (AddressSet(), Set<IPAddress>())
            for _ in 0..<400 {
                let address = IPAddress(family: family, bits: base + UInt128.random(in: 0..<200, using: &numbers))
                if Bool.random(using: &numbers) || Bool.random(using: &numbers) {
                    set.insert(address)
                    single.insert(address)
                } else {
                    set.remove(address)
                    single.remove(address)
                }
                #expect(set.contains(address) == single.contains(address))
                #expect(set.firstMissing(from: address) == naive(single, from: address))
            }
            #expect(set == AddressSet(single))
            for address in single { set.remove(address) }
            #expect(set.isEmpty && set == [])
        }
    }

    @Test func `thousands in a row end where the first is missing`() {
        let first = IPAddress(10, 0, 0, 3)
        var set = AddressSet((0..<50_000).map { IPAddress(family: .v4, bits: first.bits + $0) })
        #expect(set.firstMissing(from: first) == IPAddress(10, 0, 195, 83))
        set.remove(IPAddress(10, 0, 1, 0))
        #expect(set.firstMissing(from: first) == IPAddress(10, 0, 1, 0))
    }

    @Test func `families are apart, and both are united`() throws {
        let (four, six) = (IPAddress(0, 0, 0, 5), IPAddress(family: .v6, bits: 5))
        let set: AddressSet = [four]
        #expect(!set.contains(six) && set.firstMissing(from: six) == six)
        let both = set.union([six, IPAddress(0, 0, 0, 6)])
        #expect(both == [four, IPAddress(0, 0, 0, 6), six])
        #expect(both.firstMissing(from: four) == IPAddress(0, 0, 0, 7))
    }

    @Test func `after the last address of a family none is missing`() {
        #expect(AddressSet([IPAddress(255, 255, 255, 255)]).firstMissing(from: IPAddress(255, 255, 255, 255)) == nil)
        let last = IPAddress(family: .v6, bits: .max)
        #expect(AddressSet([last]).firstMissing(from: last) == nil)
    }
}
