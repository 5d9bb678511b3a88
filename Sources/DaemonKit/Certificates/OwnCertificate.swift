import ClusterAuthority
public import NetworkModel

/// A certificate that a daemon shows to others: whoever asks for it looks at the file again, since it may have been renewed.
public struct OwnCertificate: Hashable, Sendable {
    public enum State: Hashable, Sendable {
        /// With the last day.
        case valid(until: String)
        /// It is time to renew it.
        case nearEnd(until: String)
        case ended(on: String)
        /// With a sentence that names the file.
        case unusable(String)
    }

    /// A PEM file, its own certificate first.
    public let path: String

    public init(path: String) {
        self.path = path
    }

    public func state(at now: Timestamp) -> State {
        do {
            let lifetime = try Lifetime(ofCertificate: try DurableFile(path: path).read() ?? "", in: path)
            let day = lifetime.lastDay
            if now.nanoseconds / 1_000_000_000 > lifetime.end { return .ended(on: day) }
            return lifetime.isNearEnd(at: now) ? .nearEnd(until: day) : .valid(until: day)
        } catch {
            return .unusable((error as? any Fault)?.message ?? "\(error)")
        }
    }
}
