public import ClusterCatalog
import ClusterStore
public import EngineAPI
public import NetworkModel
public import ServiceLifecycle
import Synchronization

/// The events of networks for any number of readers; each has watches of its own, and costs the stores nothing once it leaves.
///
/// Its readers are ended when it is: started after the servers that they read through, it ends before them.
public final class EventHub: Service {
    private struct Reader: Sendable {
        let events: AsyncStream<NetworkEvent>.Continuation
        /// Ends when the reader does.
        let departure: AsyncStream<Never>
    }

    private let stores: [any ClusterStore]
    private let time: any WallTime
    private let arrivals: AsyncStream<Reader>
    private let arrival: AsyncStream<Reader>.Continuation
    private let isEnding = Mutex(false)
    /// A reader that falls so many events behind loses the newest.
    private static let readerBuffer = 4096

    /// - Parameter catalogs: those whose networks the events are about.
    public init(of catalogs: [ClusterCatalog], time: any WallTime) {
        stores = catalogs.map(\.store)
        self.time = time
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// The events from now on, until the reader stops reading or the daemon ends.
    public func events() -> AsyncStream<NetworkEvent> {
        let (stream, events) = AsyncStream<NetworkEvent>.makeStream(bufferingPolicy: .bufferingOldest(Self.readerBuffer))
        let (departure, departing) = AsyncStream<Never>.makeStream()
        events.onTermination = { _ in departing.finish() }
        isEnding.withLock { isEnding in
            if isEnding { events.finish() } else { arrival.yield(Reader(events: events, departure: departure)) }
        }
        return stream
    }

    public func run() async throws {
        await withDiscardingTaskGroup { group in
            await withTaskCancellationOrGracefulShutdownHandler {
                // Not ended by cancelling: a reader that waits in the stream must be told.
                for await reader in arrivals { group.addTask { await self.serve(reader) } }
            } onCancelOrGracefulShutdown: {
                self.isEnding.withLock { isEnding in
                    isEnding = true
                    self.arrival.finish()
                }
            }
            group.cancelAll()
        }
    }

    private func serve(_ reader: Reader) async {
        await withTaskGroup(of: Void.self) { group in
            for store in stores {
                let log = SharedEventLog()
                for source in EventLog.Source.allCases {
                    group.addTask { await self.follow(source, of: store, into: log, for: reader) }
                }
            }
            group.addTask { for await _ in reader.departure {} }
            await group.next()
            group.cancelAll()
        }
        reader.events.finish()
    }

    private func follow(_ source: EventLog.Source, of store: any ClusterStore, into log: SharedEventLog, for reader: Reader) async {
        for await event in store.watch(source.prefix) {
            for news in await log.take(event, of: source, at: time.now()) { reader.events.yield(news) }
        }
    }
}

/// One reader's log of one store, fed by its two watches.
private actor SharedEventLog {
    private var log = EventLog()

    func take(_ event: WatchEvent, of source: EventLog.Source, at time: Timestamp) -> [NetworkEvent] {
        log.take(event, of: source, at: time)
    }
}
