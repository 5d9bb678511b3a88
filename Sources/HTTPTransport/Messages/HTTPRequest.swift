/// A request, with where it goes and how long it may take.
public struct HTTPRequest: Sendable {
    public var method: String
    public var url: String
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// The path of a unix socket to connect to in place of the URL's host.
    public var unixSocket: String?
    /// How long resolving, connecting and TLS may take.
    public var connectTimeout: Duration
    /// How long the whole transfer may take; nil for a stream without an end.
    public var timeout: Duration?
    /// How long the head of the answer may take, since the request was made or another one vouched for it (``turnStatuses``); nil for no
    /// bound of its own.
    public var headTimeout: Duration?
    /// How long the head may take however many vouch for it; nil for no such bound.
    public var turnTimeout: Duration?
    /// How long the rest of the answer may take once the head is there; nil for no bound of its own.
    public var bodyTimeout: Duration?
    /// The statuses of answers that a peer makes to such requests about in the order in which it gets them; none if it keeps no order. Such
    /// an answer to a request that was made before this one, or within ``headTimeout`` after it, vouches for it: the peer is slow and not
    /// dead. If the peer answers later ones alone, this one is lost.
    public var turnStatuses: Set<Int> = []

    public init(
        method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8] = [], unixSocket: String? = nil,
        connectTimeout: Duration = .seconds(1), timeout: Duration? = nil, headTimeout: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.unixSocket = unixSocket
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.headTimeout = headTimeout
    }

    /// Who is asked, for messages: the socket's path, or host and port.
    var peer: String {
        if let unixSocket { return unixSocket }
        var rest = url.utf8[...]
        let scheme = rest.prefix { $0 != UInt8(ascii: ":") }
        if rest.dropFirst(scheme.count).starts(with: "://".utf8) { rest = rest.dropFirst(scheme.count + 3) }
        rest = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[at...].dropFirst() }
        return String(Substring(rest))
    }

    var isSecure: Bool { url.hasPrefix("https:") }

    /// Why the request cannot be written, or nil: a line break would begin another field.
    var flaw: String? {
        // A header's value may be a secret.
        flaw(in: method, method) ?? flaw(in: url, url)
            ?? headers.fields.lazy.compactMap { flaw(in: $0.name, $0.name) ?? flaw(in: $0.value, "the value of \($0.name)") }.first
    }

    private func flaw(in text: String, _ name: @autoclosure () -> String) -> String? {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7f } ? "'\(name().debugDescription)' has a control character" : nil
    }
}
