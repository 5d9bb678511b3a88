import NIOCore
import Synchronization

/// The listening TCP sockets by site.
final class StreamChannels: Sendable {
    private let channels = Mutex<[NameSite: [any Channel]]>([:])

    func add(_ channel: any Channel, of site: NameSite) {
        channels.withLock { $0[site, default: []].append(channel) }
    }

    func close(_ site: NameSite) async {
        await close(channels.withLock { $0.removeValue(forKey: site) } ?? [])
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
