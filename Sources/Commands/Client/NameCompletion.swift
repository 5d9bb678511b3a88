import ArgumentParser
import EngineAPI
import WorkerAPI

/// Names for a shell's completion, asked of the daemon. Nothing is offered when it does not answer.
enum NameCompletion {
    static let networks = CompletionKind.custom { words, _, _ in
        await names(words) { try await $0.get(APITarget("networks"), as: [NetworkResource].self).map(\.name) }
    }

    static let sandboxes = CompletionKind.custom { words, _, _ in
        await names(words) { try await $0.get(APITarget("skein", "v1", "sandboxes"), as: [SandboxResource].self).map(\.name) }
    }

    static let nodes = CompletionKind.custom { words, _, _ in
        await names(words) { client in
            let nodes = try await client.get(APITarget("skein", "v1", "nodes"), as: [NodeResource].self)
            return nodes.map { $0.hostname.isEmpty ? $0.id : $0.hostname }
        }
    }

    private static func names(_ words: [String], _ ask: (DaemonClient) async throws -> [String]) async -> [String] {
        let flag = words.firstIndex { $0 == "-H" || $0 == "--host" }
        let host = flag.flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        guard let client = try? DaemonOptions.client(host, TLSChoice()) else { return [] }
        return (try? await ask(client)) ?? []
    }
}
