import ClusterStore
import EtcdProtocol
import Hummingbird
import Logging
import NIOCore

/// What is done to the store as a whole, as etcd serves it.
extension StoreRoutes {
    /// Without somebody to look after the store, there is nothing to serve.
    func addMaintenance(to router: Router<some RequestContext>) {
        guard let maintenance else { return }
        router.post(RouterPath(EtcdCall.snapshot.path)) { request, _ in
            let _: EtcdSnapshotRequest = try await request.etcdMessage()
            let header = try await header()
            return Self.late { writer in try await Self.send(maintenance, header, to: &writer) }
        }
        router.post(RouterPath(EtcdCall.alarm.path)) { request, context in
            let message: EtcdAlarmRequest = try await request.etcdMessage()
            guard message.action == .get else { throw EtcdErrorBody(.unimplemented, "alarms are not raised or disarmed by hand") }
            let (header, logger) = (try await header(), context.logger)
            return Self.late { writer in
                let alarms = await Self.alarms(maintenance, member: header.memberID, logger)
                try await writer.write(ByteBuffer(bytes: try EtcdJSON.encode(EtcdAlarmResponse(header: header, alarms: alarms))))
            }
        }
    }

    /// An answer whose head goes at once: a client that hears nothing for a second takes the server for dead, and reading a store may take
    /// longer.
    private static func late(_ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                var body: any ResponseBodyWriter = writer
                try await write(&body)
                try await writer.finish(nil)
            })
    }

    private static func send(
        _ maintenance: any StoreMaintenance, _ header: EtcdResponseHeader, to writer: inout any ResponseBodyWriter
    ) async throws {
        do {
            let copy = try await maintenance.backUp()
            var left = UInt64(clamping: copy.size ?? 0)
            while let piece = try await copy.next() {
                left -= min(left, UInt64(piece.count))
                let frame = EtcdSnapshotResponse(header: header, remainingBytes: left, blob: piece)
                try await writer.write(ByteBuffer(frame: frame))
            }
        } catch {
            let frame = EtcdStreamFrame<EtcdSnapshotResponse>.error(EtcdErrorBody(error))
            try await writer.write(ByteBuffer(bytes: try EtcdJSON.encode(frame)))
        }
    }

    /// etcd keeps its alarms; here the store is looked at when somebody asks. What is wrong is in the log.
    private static func alarms(
        _ maintenance: any StoreMaintenance, member: UInt64, _ logger: Logger
    ) async -> [EtcdAlarmResponse.Alarm] {
        let damage: [String]
        do throws(StoreError) {
            damage = try await maintenance.findDamage()
        } catch {
            damage = [error.message]
        }
        for problem in damage { logger.error("the store is damaged", metadata: ["cause": "\(problem)"]) }
        return damage.isEmpty ? [] : [EtcdAlarmResponse.Alarm(memberID: member, alarm: "CORRUPT")]
    }
}
