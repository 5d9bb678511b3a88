/// A version of Docker's API, such as 1.41.
struct DockerVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    let major: Int
    let minor: Int

    init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Two numbers and a point; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1], major >= 0, minor >= 0 else { return nil }
        self.init(major, minor)
    }

    /// The version that this client is written for: the first that tells an endpoint's DNS names, and the oldest that engine 29 accepts.
    static let preferred = DockerVersion(1, 44)

    static func < (left: DockerVersion, right: DockerVersion) -> Bool { (left.major, left.minor) < (right.major, right.minor) }
    var description: String { "\(major).\(minor)" }
}

/// What an engine said of its versions.
struct DockerVersions: Hashable, Sendable {
    /// The engine's own, such as `20.10.24`.
    let engine: String
    /// Of the API, to speak with it.
    let spoken: DockerVersion

    /// ``DockerVersion/preferred``, or the nearest to it that the engine has.
    init(_ body: DockerVersionBody) throws(EngineError) {
        guard let newest = body.apiVersion.flatMap({ DockerVersion($0) }) else {
            throw EngineError(.undecodable, "it does not say which version of Docker's API it has: is it a container engine?")
        }
        let oldest = body.oldestAPIVersion.flatMap { DockerVersion($0) } ?? DockerVersion(0, 0)
        spoken = max(min(newest, .preferred), oldest)
        engine = body.version ?? "of API \(newest)"
    }
}
