/// The request of `/v3/maintenance/snapshot`: nothing.
public struct EtcdSnapshotRequest: Codable, Hashable, Sendable {
    public init() {}
}

/// A frame of the answer of `/v3/maintenance/snapshot`: the server's database, piece by piece.
public struct EtcdSnapshotResponse: Codable, Hashable, Sendable {
    @EtcdOmitted public var header: EtcdResponseHeader
    /// The bytes that come after this piece.
    @EtcdInteger public var remainingBytes: UInt64
    @EtcdBytes public var blob: [UInt8]

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), remainingBytes: UInt64, blob: [UInt8]) {
        self.header = header
        self.remainingBytes = remainingBytes
        self.blob = blob
    }

    enum CodingKeys: String, CodingKey {
        case header
        case remainingBytes = "remaining_bytes"
        case blob
    }
}

/// The request of `/v3/maintenance/alarm`.
public struct EtcdAlarmRequest: Codable, Hashable, Sendable {
    /// What to do; `GET` shows the alarms that there are.
    public enum Action: String, EtcdEnum {
        case get = "GET"
        case activate = "ACTIVATE"
        case deactivate = "DEACTIVATE"

        public static var etcdZero: Action { .get }
    }

    @EtcdOmitted public var action: Action

    public init(action: Action = .get) {
        self.action = action
    }
}

/// The answer of `/v3/maintenance/alarm`.
public struct EtcdAlarmResponse: Codable, Hashable, Sendable {
    public struct Alarm: Codable, Hashable, Sendable {
        @EtcdInteger public var memberID: UInt64
        /// Such as `NOSPACE` or `CORRUPT`.
        @EtcdOmitted public var alarm: String

        public init(memberID: UInt64, alarm: String) {
            self.memberID = memberID
            self.alarm = alarm
        }
    }

    @EtcdOmitted public var header: EtcdResponseHeader
    @EtcdOmitted public var alarms: [Alarm]

    public init(header: EtcdResponseHeader = EtcdResponseHeader(), alarms: [Alarm] = []) {
        self.header = header
        self.alarms = alarms
    }
}
