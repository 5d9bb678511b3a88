import ClusterStore
import Testing

@testable import EtcdStore

struct ListingTests {
    @Test func `prefixes that another covers are listed with it`() {
        let prefixes = ["b/", "a/b/", "a/", "a/b/c", "ab/"].map { StoreKey(path: $0) }
        #expect(EtcdListing.disjoint(prefixes).map(\.path) == ["a/", "ab/", "b/"])
        #expect(EtcdListing.disjoint([StoreKey(path: ""), StoreKey(path: "x")]).map(\.path) == [""])
    }
}
