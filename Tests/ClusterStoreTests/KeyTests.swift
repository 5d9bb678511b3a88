import Testing

@testable import ClusterStore

@Suite struct KeyTests {
    @Test func `a prefix ends before the first key that no longer starts with it`() {
        let range = KeyRange(prefix: RawKey("a/"))
        #expect(range.bound == RawKey("a0"))
        for inside in ["a/", "a/b", "a/\u{7F}"] { #expect(range.contains(RawKey(inside))) }
        for outside in ["a", "a0", "b", ""] { #expect(!range.contains(RawKey(outside))) }
        #expect(KeyRange(prefix: RawKey([1, 0xff, 0xff])).bound == RawKey([2]))
        #expect(KeyRange(prefix: RawKey([0xff])).bound == nil)
        #expect(KeyRange(prefix: RawKey("")).bound == nil)
    }

    @Test func `one key is a range of one`() {
        let range = KeyRange(RawKey("a"))
        #expect(range.contains(RawKey("a")))
        #expect(!range.contains(RawKey("a\0")))
        #expect(!range.contains(RawKey("")))
    }

    @Test(arguments: ["skein", "/skein", "skein/", "//skein//"])
    func `slashes at a root's ends do not count`(path: String) {
        let root = StoreRoot(path)
        #expect(root.rawKey(StoreKey("a", "b")) == RawKey("skein/a/b"))
        #expect(root.key(RawKey("skein/a/b")) == StoreKey("a", "b"))
        #expect(root == StoreRoot("skein"))
    }

    @Test func `an empty root is the whole store`() {
        #expect(StoreRoot("/").rawKey(StoreKey("a")) == RawKey("a"))
        #expect(StoreRoot("prod/skein").rawKey(StoreKey("a")) == RawKey("prod/skein/a"))
    }

    @Test(arguments: ["", "/", "//", "a", "/a", "a/", "a/b", "a//b//", "a/%2F", "%", "ä/ö", "endpoints/1/2/"])
    func `the last segment is the last of all`(path: String) {
        #expect(StoreKey(path: path).lastSegment == StoreKey(path: path).segments.last)
    }

    @Test func `a segment is escaped and comes back`() {
        for segment in ["web", "a/b", "50%", "%2F", "ä ö", "fd00::1", ""] {
            #expect(StoreKey("x", segment).segments == ["x", segment].filter { !$0.isEmpty })
        }
        #expect(StoreKey("a/b").path == "a%2Fb")
    }

    @Test func `prefixes that another covers are listed with it`() {
        let prefixes = ["b/", "a/b/", "a/", "a/b/c", "ab/"].map { StoreKey(path: $0) }
        #expect(StoreKey.disjoint(prefixes).map(\.path) == ["a/", "ab/", "b/"])
        #expect(StoreKey.disjoint([StoreKey(path: ""), StoreKey(path: "x")]).map(\.path) == [""])
    }
}
