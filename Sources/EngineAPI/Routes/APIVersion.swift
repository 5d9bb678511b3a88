import FaceKit
import NetworkModel

/// A version of the Docker Engine API, such as `1.48`.
struct APIVersion: Comparable, CustomStringConvertible {
    let major: Int
    let minor: Int

    /// What Docker's engine 28.2 speaks.
    static let newest = APIVersion(major: 1, minor: 50)
    /// Docker 1.12: what current command lines talk down to.
    static let oldest = APIVersion(major: 1, minor: 24)

    private init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// nil for what is not a version at all: such a path is no route.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let major = Int(parts[0]), let minor = Int(parts[1])
        else { return nil }
        self.init(major: major, minor: minor)
    }

    /// - Throws: ``FaceKit/RequestFault`` in Docker's words for a version that is not spoken.
    func check() throws(RequestFault) {
        if self < Self.oldest {
            throw RequestFault(
                .invalid,
                "client version \(self) is too old. Minimum supported API version is \(Self.oldest), please upgrade your client to a newer version"
            )
        }
        if self > Self.newest {
            throw RequestFault(.invalid, "client version \(self) is too new. Maximum supported API version is \(Self.newest)")
        }
    }

    static func < (left: APIVersion, right: APIVersion) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
    var description: String { "\(major).\(minor)" }
}
