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
        /// It is valid from a later day on: this host's clock is behind, or that of who has made it was ahead.
        case early(from: String)
        /// With a sentence that names the file.
        case unusable(String)
    }

    /// What to do about one that ends or has ended.
    public static let advice = "skein tls renew makes another, which is taken up without a restart"

    /// A PEM file, its own certificate first.
    public let path: String

    public init(path: String) {
        self.path = path
    }

    public func state(at now: Timestamp) -> State {
        do {
            guard let text = try DurableFile(path: path).read() else { return .unusable("there is no file \(path)") }
            let lifetime = try Lifetime(ofCertificate: text, in: path)
            let day = lifetime.lastDay
            if now.seconds > lifetime.end { return .ended(on: day) }
            if now.seconds < lifetime.start { return .early(from: lifetime.firstDay) }
            return lifetime.isNearEnd(at: now) ? .nearEnd(until: day) : .valid(until: day)
        } catch {
            return .unusable((error as? any Fault)?.message ?? "\(error)")
        }
    }
}
