/// `/v3/auth/authenticate`: asks for a token, which goes with each later call in the field `Authorization`.
public struct EtcdAuthenticateRequest: Codable, Hashable, Sendable {
    @EtcdOmitted public var name: String
    @EtcdOmitted public var password: String

    public init(name: String, password: String) {
        self.name = name
        self.password = password
    }
}

public struct EtcdAuthenticateResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    @EtcdOmitted public var token: String

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), token: String) {
        self.header = header
        self.token = token
    }
}
