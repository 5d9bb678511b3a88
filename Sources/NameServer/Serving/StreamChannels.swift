import NIOCore
import NetworkModel
import Synchronization

/// The listening TCP sockets by network.
final class StreamChannels: Sendable {
    private let channels = Mutex<[NetworkID: [any Channel]]>([:])

    func add(_ channel: any Channel, of network: NetworkID) {
        channels.withLock { $0[network, default: []].append(channel) }
    }

    func close(_ network: NetworkID) async {
        await close(channels.withLock { $0.removeValue(forKey: network) } ?? [])
    }

    func closeAll() async {
        let all = channels.withLock { channels in
            defer { channels = [:] }
            return channels.values.flatMap { $0 }
        }
        await close(all)
    }

    /// A channel that has closed by itself is as good.
    private func close(_ channels: [any Channel]) async {
        for channel in channels { try? await channel.close() }
    }
}
