import EtcdProtocol
import Testing

@testable import EtcdStore

struct RevisionFloorTests {
    /// A floor that has seen revision 5 of cluster 1.
    private final class Client {
        var floor = RevisionFloor()

        init() {
            #expect(hears(5))
        }

        /// Whether it believes an answer to a call that it made now, or at a mark.
        func hears(_ revision: Int64, of cluster: UInt64 = 1, isNew: Bool = false, since mark: RevisionFloor.Mark? = nil) -> Bool {
            let head = EtcdResponseHeader(clusterID: cluster, revision: revision)
            return floor.believes(head, isNew: isNew, since: mark ?? floor.mark)
        }
    }

    @Test func `an answer is as new as what was seen when it was asked for`() {
        let client = Client()
        let early = client.floor.mark
        #expect(client.hears(9))
        #expect(client.hears(5, since: early))
        #expect(client.floor.mark.newest == 9)
    }

    @Test func `the past is believed at a second look, asked for after the first`() {
        let client = Client()
        let mark = client.floor.mark
        #expect(!client.hears(4, since: mark))
        #expect(!client.hears(4, since: mark))
        #expect(client.hears(4))
        #expect(client.floor.mark.newest == 4)
    }

    @Test func `an answer of now ends the doubt`() {
        let client = Client()
        #expect(!client.hears(4))
        #expect(client.hears(5))
        #expect(!client.hears(4))
    }

    @Test func `another cluster is another past`() {
        let client = Client()
        #expect(!client.hears(50, of: 2))
        #expect(client.hears(5))
        #expect(!client.hears(50, of: 2))
        #expect(client.hears(50, of: 2))
        #expect(!client.hears(60, of: 1))
        // A head that does not say whose it is may be ours.
        #expect(client.hears(51, of: 0))
    }

    @Test func `a write is above everything, and an old answer never tells of one`() {
        let client = Client()
        #expect(!client.hears(5, isNew: true))
        #expect(!client.hears(5, isNew: true))
        #expect(client.hears(6, isNew: true))
    }
}
