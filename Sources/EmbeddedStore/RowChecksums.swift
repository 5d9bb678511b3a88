import ClusterStore
import GRDB

/// A sum in each row over all that it holds. SQLite tells when pages do not fit together, and not when a value is another than was written.
enum RowChecksum {
    static func of(_ record: RawRecord) -> Int64 {
        var sum = CRC32()
        sum.add(Int64(record.key.bytes.count))
        sum.update(record.key.bytes)
        sum.update(record.value)
        for number in [record.created.rawValue, record.modified.rawValue, record.version, record.lease ?? 0] { sum.add(number) }
        return Int64(sum.value)
    }

    static func ofLease(_ id: Int64, seconds: Int64) -> Int64 {
        var sum = CRC32()
        sum.add(id)
        sum.add(seconds)
        return Int64(sum.value)
    }

    static func ofCounter(_ name: String, _ value: Int64) -> Int64 {
        var sum = CRC32()
        sum.update(name.utf8)
        sum.add(value)
        return Int64(sum.value)
    }
}

extension CRC32 {
    fileprivate mutating func add(_ number: Int64) {
        withUnsafeBytes(of: number.littleEndian) { update($0) }
    }
}

/// A row that is not as it was written.
struct DamagedRow: Error, CustomStringConvertible {
    let description: String

    /// Throws this if a row's sum is another one.
    static func check(_ row: Row, _ sum: Int64, _ what: @autoclosure () -> String) throws {
        guard try row.decode(Int64.self, forColumn: "checksum") == sum else {
            throw DamagedRow(description: "\(what()) is not as it was written")
        }
    }
}
