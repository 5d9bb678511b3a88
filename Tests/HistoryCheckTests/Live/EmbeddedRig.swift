import NetworkModel
import TestSupport

/// An embedded store in a file, served by a controller that is killed and started again.
struct EmbeddedRig: HistoryRig {
    private let controller: EmbeddedStoreServer
    private let links: [Link]

    init(hosts: Int) async throws {
        let controller = try await EmbeddedStoreServer.start()
        self.controller = controller
        links = try (0..<hosts).map { _ in try Link(to: controller.port) }
    }

    var ports: [UInt16] { [controller.port] }

    func ports(for client: Int) -> [UInt16] { [links[client % links.count].port] }

    func breakSomething(_ randomness: any Randomness) async throws -> String {
        let time = Duration.milliseconds(50 + draw(randomness, 1500))
        switch draw(randomness, 10) {
        case 0..<5:
            controller.kill()
            try await ContinuousClock().sleep(for: time)
            try await controller.restart()
            return "the controller killed"
        case 5..<7:
            controller.freeze()
            try await ContinuousClock().sleep(for: time)
            controller.thaw()
            return "the controller hung"
        default:
            let host = draw(randomness, links.count)
            links[host].sever(randomness.next())
            try await ContinuousClock().sleep(for: time)
            links[host].mend()
            return "the link of host \(host) cut"
        }
    }

    func heal() async throws {
        for link in links { link.mend() }
        if !LoopbackPorts.isOpen(controller.port) { try await controller.restart() }
    }
}
