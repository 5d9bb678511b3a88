import NetworkModel

/// Why a command cannot do what it was asked: its sentence is printed behind `skein: `.
struct CommandFault: Fault, Hashable {
    let kind: FaultKind
    let message: String

    init(_ kind: FaultKind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// What a daemon answered, from its HTTP status and its sentence.
    init(status: Int, message: String) {
        let kind: FaultKind =
            switch status {
            case 400: .invalid
            case 403: .forbidden
            case 404: .notFound
            case 409: .conflict
            case 501: .unsupported
            case 503: .unavailable
            default: .unknown
            }
        self.init(kind, message)
    }
}
