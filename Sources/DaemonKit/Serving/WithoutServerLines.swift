import Logging

/// Passes on what the routes say and not what the HTTP library says of itself: it calls each connection that is cut when the daemon ends an
/// error, and what matters of the rest is thrown.
struct WithoutServerLines: LogHandler {
    private var base: any LogHandler

    private static let serverModule = "HummingbirdCore"

    init(_ base: any LogHandler) {
        self.base = base
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        if event.source != Self.serverModule { base.log(event: event) }
    }
}
