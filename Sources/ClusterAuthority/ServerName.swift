public import NetworkModel
import SwiftASN1
import X509

/// What clients may call a server: a name of the DNS, or an address.
public enum ServerName: TextValue {
    case name(String)
    case address(IPAddress)

    /// What a program on the same host calls it.
    public static let loopback: [ServerName] = [
        .name("localhost"), .address(IPAddress(127, 0, 0, 1)), .address(IPAddress(family: .v6, bits: 1)),
    ]

    public init(_ text: String) throws(InvalidValue) {
        if let address = try? IPAddress(text) {
            self = .address(address)
            return
        }
        guard ServerName.isName(text) else {
            throw InvalidValue(
                "invalid name \"\(text)\": a server is called by a DNS name or an address, such as node-1.example or 10.0.0.5")
        }
        self = .name(text.lowercased())
    }

    /// Labels of letters, digits, hyphens and underscores (RFC 5890 section 2.3.1; underscores occur), the first may be `*` (RFC 6125).
    private static func isName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.last?.allSatisfy(\.isNumber) == false else { return false }
        return labels.enumerated().allSatisfy { index, label in
            if index == 0, label == "*", labels.count > 1 { return true }
            return (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    public var description: String {
        switch self {
        case .name(let name): name
        case .address(let address): "\(address)"
        }
    }

    /// RFC 5280 section 4.2.1.6.
    var general: GeneralName {
        switch self {
        case .name(let name): .dnsName(name)
        case .address(let address): .ipAddress(ASN1OctetString(contentBytes: address.bytes[...]))
        }
    }

    /// The names of a certificate; other kinds of names are left out.
    init?(_ general: GeneralName) {
        switch general {
        case .dnsName(let name): self = .name(name)
        case .ipAddress(let octets):
            guard let address = IPAddress(bytes: octets.bytes) else { return nil }
            self = .address(address)
        default: return nil
        }
    }
}
