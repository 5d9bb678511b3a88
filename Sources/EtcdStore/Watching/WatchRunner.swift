import CMalloc
import ClusterStore
import EtcdProtocol
import NetworkModel

/// Carries out what a ``WatchSession`` wants, one event at a time, in the task of whoever asks.
actor WatchRunner {
    private let range: EtcdKeyRange
    private let root: EtcdRoot
    private let caller: EtcdCaller
    private let trust: Duration
    private let clock: any Clock<Duration>
    private let randomness: any Randomness
    private let list: @Sendable () async throws(StoreError) -> EtcdListing
    private let backOff = BackOff()
    /// What is wrong for a moment is over by then, and what is gone for good goes soon enough.
    private static let beforeSecondLook = Duration.seconds(1)
    /// Entries that take some megabytes.
    private static let many = 10_000
    private var session = WatchSession()
    private var frames: EtcdFrames?
    /// Whether the last event was a list of many entries.
    private var hasListedMany = false
    /// Watches in a row that were ended at once for their token.
    private var refusedTokens = 0

    init(
        range: EtcdKeyRange, root: EtcdRoot, caller: EtcdCaller, trust: Duration, clock: any Clock<Duration>, randomness: any Randomness,
        list: @escaping @Sendable () async throws(StoreError) -> EtcdListing
    ) {
        self.range = range
        self.root = root
        self.caller = caller
        self.trust = trust
        self.clock = clock
        self.randomness = randomness
        self.list = list
    }

    /// The next event; nil when the task is cancelled. Who asks for it is done with the one before.
    func next() async -> WatchEvent? {
        giveMemoryBack()
        while !Task.isCancelled {
            if let failures = session.takeOwedPause() {
                guard await pause(after: failures) else { return nil }
            }
            if let event = await advance(), !Task.isCancelled { return event }
        }
        return nil
    }

    /// The heap keeps what a large list took for the next one, which may never come.
    private func giveMemoryBack() {
        if hasListedMany { malloc_trim(0) }
        hasListedMany = false
    }

    private func pause(after failures: Int) async -> Bool {
        let wait = backOff.wait(after: failures, randomness)
        guard wait > .zero else { return true }
        return (try? await clock.sleep(for: wait)) != nil
    }

    private func advance() async -> WatchEvent? {
        switch session.step {
        case .list: await readEverything()
        case .open(let revision): await open(from: revision)
        case .read: await readFrame()
        }
    }

    private func readEverything() async -> WatchEvent? {
        do throws(StoreError) {
            let listing = try await list()
            hasListedMany = listing.snapshot.entries.count >= Self.many
            // Once for what the pages took, before the consumer makes its records of them; and again when it has.
            if hasListedMany { malloc_trim(0) }
            return await believed(listing)
        } catch {
            return session.failed(error)
        }
    }

    /// What was listed as an event; nil when it has to be listed again, after a while.
    private func believed(_ listing: EtcdListing) async -> WatchEvent? {
        do throws(SnapshotInDoubt) {
            return try session.listed(listing)
        } catch {
            caller.doubted(error.doubt)
            try? await clock.sleep(for: Self.beforeSecondLook)
            return nil
        }
    }

    private func open(from revision: Int64) async -> WatchEvent? {
        let request = EtcdWatchRequest.create(
            EtcdWatchCreateRequest(
                key: range.key, rangeEnd: range.end, startRevision: revision, progressNotify: true, fragment: true))
        do throws(StoreError) {
            frames = try await caller.open(.watch, request, lasting: trustForThisStream)
            session.opened()
            return nil
        } catch {
            return session.failed(error)
        }
    }

    private func readFrame() async -> WatchEvent? {
        guard var reading = frames.take() else {
            session.broke()
            return nil
        }
        do throws(EtcdFrames.End) {
            let response = try await reading.next(EtcdWatchResponse.self)
            frames = reading
            return take(response, of: reading)
        } catch {
            return ended(error, at: reading.endpoint)
        }
    }

    private func take(_ response: EtcdWatchResponse, of reading: EtcdFrames) -> WatchEvent? {
        do throws(WatchEnd) {
            let event = try session.received(response, root: root)
            refusedTokens = 0
            return event
        } catch {
            frames = nil
            switch error {
            case .missed: session.missed()
            case .behind: session.fellBehind()
            case .cancelled(let reason): return cancelled(reason, reading)
            }
            return nil
        }
    }

    /// A token that has grown old is no interruption: the watch is opened with a new one.
    private func cancelled(_ reason: String, _ reading: EtcdFrames) -> WatchEvent? {
        let (error, isAboutToken) = caller.explanation(of: reason, ending: reading)
        guard isAboutToken, refusedTokens == 0 else { return session.failed(error) }
        refusedTokens += 1
        session.broke()
        return nil
    }

    private func ended(_ end: EtcdFrames.End, at endpoint: EtcdEndpoint) -> WatchEvent? {
        switch end {
        case .rested: session.rested()
        case .failed(let failure):
            if let silence = failure.silence { caller.failed(endpoint, silence.cause) }
            session.broke()
        }
        return nil
    }

    /// Three to five quarters of the trust, so that not all watches list at once.
    private var trustForThisStream: Duration { trust * 3 / 4 + trust / 2 * Int(randomness.next() % 1024) / 1024 }
}
