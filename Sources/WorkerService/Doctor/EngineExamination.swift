import ClusterCatalog
import DaemonKit
import EngineClient
import FoundationEssentials
import HTTPTransport
import NetworkModel

/// Asks the engine beside a worker, and looks at its process.
struct EngineExamination: Sendable {
    let engine: any ContainerEngine
    /// The path of the engine's unix socket.
    let socket: String
    let pluginSocket: String
    let journal: EngineJournal
    /// What the worker last met when it served the engine.
    let troubles: @Sendable () async -> [String]
    let http: HTTPClient
    let clock: any Clock<Duration>

    func facts(of worker: WorkerBackend) async -> EngineFacts {
        var facts = EngineFacts(location: engine.location, pluginSocket: pluginSocket)
        async let plugin = pluginFault()
        async let process = process()
        do {
            facts.version = try await version()
            facts.networks = try await withDeadline(Doctor.patience, on: clock) { [engine] in
                try await engine.networks(ofDriver: EngineOption.driver)
            }
        } catch {
            facts.fault = (error as? any Fault)?.message ?? "\(error)"
        }
        facts.pluginFault = await plugin
        let found = await process
        facts.configuration = found?.configuration
        facts.sharesNetwork = found?.sharesNetwork
        facts.seesPluginSocket = found?.seesPluginSocket
        facts.journal = await journal.networks
        facts.troubles = await troubles()
        if await worker.scopes.global.mirror.isInSync {
            facts.clusterNetworks = await worker.scopes.global.mirror.networks.map(\.record).filter {
                $0.driver == .overlay && $0.state == .active
            }
        }
        return facts
    }

    // MARK: Sockets

    private struct VersionBody: Decodable {
        let version: String
        let apiVersion: String

        enum CodingKeys: String, CodingKey {
            case version = "Version"
            case apiVersion = "ApiVersion"
        }
    }

    private func version() async throws -> String {
        let answer = try await http.send(request("GET", "/version", at: socket))
        guard answer.status == 200, let body = try? JSONDecoder().decode(VersionBody.self, from: Data(answer.body)) else {
            throw DaemonError(.unavailable, "what listens there answers to /version as no engine does (HTTP status \(answer.status))")
        }
        return "version \(body.version) (API \(body.apiVersion))"
    }

    private func pluginFault() async -> String? {
        do {
            let answer = try await http.send(request("POST", "/Plugin.Activate", at: pluginSocket))
            return answer.status == 200 ? nil : "Plugin.Activate is answered with HTTP status \(answer.status)"
        } catch {
            return error.message
        }
    }

    private func request(_ method: String, _ path: String, at socket: String) -> HTTPRequest {
        HTTPRequest(method: method, url: "http://skein" + path, unixSocket: socket, timeout: Doctor.patience)
    }

    // MARK: The process

    private struct Process: Sendable {
        let configuration: EngineConfiguration
        let sharesNetwork: Bool?
        let seesPluginSocket: Bool?
    }

    private func process() async -> Process? {
        await blocking { [socket, pluginSocket] in
            guard let process = EngineProcess.find(socket: socket) else { return nil }
            return Process(
                configuration: process.configuration, sharesNetwork: process.sharesNetwork,
                seesPluginSocket: process.sees(socket: pluginSocket))
        }
    }
}
