import CKnot
import NetworkModel

/// The data of one record set as libknot takes it: knot_rdata_t after knot_rdata_t, each a length and as many bytes, padded to two.
@safe struct RecordData: ~Copyable {
    /// Enough for as many records as one message holds, in bytes.
    static let capacity = Int(UInt16.max)

    let bytes: UnsafeMutablePointer<UInt8>
    private(set) var size = 0
    private(set) var count = 0

    init() {
        unsafe bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.capacity + 1)
    }

    deinit {
        unsafe bytes.deallocate()
    }

    /// - Parameter width: of each address, in bits.
    mutating func fill(with addresses: ArraySlice<IPAddress>, width: Int) {
        (size, count) = (0, 0)
        for address in addresses where begin(width / 8) {
            for shift in stride(from: width - 8, through: 0, by: -8) {
                append(UInt8(truncatingIfNeeded: address.bits >> UInt128(shift)))
            }
        }
    }

    mutating func fill(with names: [[UInt8]]) {
        (size, count) = (0, 0)
        for name in names where begin(name.count) {
            for byte in name { append(byte) }
            if name.count % 2 == 1 { append(0) }
        }
    }

    /// Writes a record's length, in the host's byte order, if the record fits.
    private mutating func begin(_ length: Int) -> Bool {
        guard size + 2 + length + length % 2 <= Self.capacity else { return false }
        unsafe UnsafeMutableRawPointer(bytes + size).storeBytes(of: UInt16(length), as: UInt16.self)
        size += 2
        count += 1
        return true
    }

    private mutating func append(_ byte: UInt8) {
        unsafe bytes[size] = byte
        size += 1
    }
}
