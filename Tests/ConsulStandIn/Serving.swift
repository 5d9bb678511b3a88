import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import TestSupport

/// One run of an agent on its port.
struct Serving: Sendable {
    let port: UInt16
    private let id: UUID
    private let datacentre: Datacentre
    private let group: ServiceGroup
    private let task: Task<Void, any Error>

    static func start(_ datacentre: Datacentre, port: UInt16) async throws -> Serving {
        let (ports, running) = AsyncStream<UInt16>.makeStream()
        let id = UUID()
        let quiet = Logger(label: "consul", factory: { _ in SwiftLogNoOpLogHandler() })
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await datacentre.answer(request, of: id) },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: Int(port))),
            onServerRunning: { running.yield(UInt16($0.localAddress?.port ?? 0)) }, logger: quiet)
        let group = ServiceGroup(services: [application], logger: quiet)
        let task = Task {
            defer { running.finish() }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                tasks.addTask { try await datacentre.endSessions() }
                defer { tasks.cancelAll() }
                try await tasks.next()
            }
        }
        for await port in ports { return Serving(port: port, id: id, datacentre: datacentre, group: group, task: task) }
        try await task.value
        throw TestProblem("the stand-in of Consul does not serve")
    }

    /// A server that is cancelled while it accepts somebody traps in SwiftNIO: it is asked to end, and those who wait are let go.
    func stop() async {
        await group.triggerGracefulShutdown()
        let letting = Task {
            while !Task.isCancelled {
                datacentre.letGo(of: id)
                try await ContinuousClock().sleep(for: .milliseconds(10))
            }
        }
        _ = await task.result
        letting.cancel()
    }
}
