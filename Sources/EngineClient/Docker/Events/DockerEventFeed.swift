import HTTPTransport
import NetworkModel

/// Reads an engine's events, one at a time, in the task of whoever asks; connects again when the engine has gone.
actor DockerEventFeed {
    private let caller: DockerCaller
    private let clock: any Clock<Duration>
    private let randomness: any Randomness
    private var stream: HTTPStream?
    private var lines = EventLines()
    private var pending: [EngineEvent] = []
    /// How often in a row nothing was heard before the stream ended, or there was none.
    private var failures = 0
    /// Whether the reader knows that the engine has gone.
    private var isLost = false

    private static let firstPause = Duration.milliseconds(50)
    private static let longestPause = Duration.seconds(1)

    init(caller: DockerCaller, clock: any Clock<Duration>, randomness: any Randomness) {
        self.caller = caller
        self.clock = clock
        self.randomness = randomness
    }

    /// The next event; nil when the task is cancelled.
    func next() async -> EngineEvent? {
        while !Task.isCancelled {
            if !pending.isEmpty { return pending.removeFirst() }
            let event = if let stream { await read(stream) } else { await connect() }
            if let event, !Task.isCancelled { return event }
        }
        return nil
    }

    private func connect() async -> EngineEvent? {
        if failures > 0 { try? await clock.sleep(for: pause) }
        do throws(EngineError) {
            stream = try await caller.openEvents()
            lines = EventLines()
            isLost = false
            return .connected
        } catch {
            return lose(error)
        }
    }

    /// Between half of a doubling span and all of it.
    private var pause: Duration {
        let full = min(Self.longestPause, Self.firstPause * (1 << min(failures - 1, 10)))
        return full / 2 + full / 2 * Int(randomness.next() % 1024) / 1024
    }

    private func read(_ stream: HTTPStream) async -> EngineEvent? {
        do throws(EngineError) {
            for line in try lines.take(try await chunk(of: stream)) {
                // A line that is no event is passed over: what follows counts.
                if let event = (try? DockerJSON.decode(DockerEventBody.self, from: line))?.event { pending.append(event) }
            }
            failures = 0
            return nil
        } catch {
            self.stream = nil
            return lose(error)
        }
    }

    private func chunk(of stream: HTTPStream) async throws(EngineError) -> [UInt8] {
        let cause: String
        do throws(HTTPError) {
            if let bytes = try await stream.next() { return bytes }
            cause = "it ended its stream of events"
        } catch {
            cause = error.message
        }
        throw EngineError(.unavailable, "the container engine at \(caller.location) is gone: \(cause)")
    }

    private func lose(_ error: EngineError) -> EngineEvent? {
        failures += 1
        defer { isLost = true }
        return isLost ? nil : .lost(error)
    }
}
