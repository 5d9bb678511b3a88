public import ClusterStore
import FoundationEssentials
import NetworkModel

/// What is at the key `format` while a catalog is imported: no version of the catalog, so that nobody takes half of one for a whole.
///
/// It names what is imported, so that an import that was interrupted can be taken up again, and no other.
public struct ImportMark: Codable, Hashable, Sendable {
    /// The archive's source and revision.
    let importing: String
    /// Over the keys and values of the archive.
    let sum: UInt32

    init(_ archive: CatalogArchive) {
        importing = "\(archive.source) at revision \(archive.revision)"
        var sum = CRC32()
        for entry in archive.entries {
            sum.update(entry.key.path.utf8)
            sum.update([0])
            sum.update(entry.value)
            sum.update([entry.isLeased ? 1 : 0])
        }
        self.sum = sum.value
    }

    /// The mark, if that is what an entry holds.
    public init?(_ entry: StoreEntry) {
        guard entry.key == CatalogKeys.format, let mark = try? JSONDecoder().decode(ImportMark.self, from: Data(entry.value)) else {
            return nil
        }
        self = mark
    }

    var error: CatalogError {
        CatalogError(
            .importing,
            "the catalog is only half there: it is being imported from \(importing); wait for skein store import, or run it again")
    }
}
