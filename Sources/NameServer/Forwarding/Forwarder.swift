import NetworkModel
import Synchronization

/// Asks the host's resolvers what is not ours to answer.
final class Forwarder: Sendable {
    private let race: Race
    private let resolvers: any ResolverSource
    private let limit: Int
    private let underWay = Atomic(0)
    private let queries: AsyncStream<ForwardedQuery>
    private let submission: AsyncStream<ForwardedQuery>.Continuation
    /// The addresses we serve at ourselves: asking them would go round for ever.
    private let own = Mutex<[NameSite: [IPAddress]]>([:])

    init(race: Race, resolvers: any ResolverSource, limit: Int) {
        self.race = race
        self.resolvers = resolvers
        self.limit = limit
        (queries, submission) = AsyncStream.makeStream(of: ForwardedQuery.self)
    }

    func addOwnAddress(_ address: IPAddress, of site: NameSite) {
        own.withLock { $0[site, default: []].append(address) }
    }

    func removeOwnAddresses(of site: NameSite) {
        own.withLock { $0[site] = nil }
    }

    /// Takes a question; at the limit the asker is told at once that it failed.
    func submit(_ query: ForwardedQuery) {
        guard underWay.add(1, ordering: .relaxed).newValue <= limit else {
            underWay.subtract(1, ordering: .relaxed)
            return fail(query)
        }
        if case .terminated = submission.yield(query) { underWay.subtract(1, ordering: .relaxed) }
    }

    /// Forwards what is submitted, until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await query in queries {
                group.addTask {
                    await self.forward(query)
                    self.underWay.subtract(1, ordering: .relaxed)
                }
            }
            group.cancelAll()
        }
    }

    private func forward(_ query: ForwardedQuery) async {
        // Whoever serves the name service's address, it is a worker like this one.
        let own = own.withLock { Set($0.values.joined()) }.union([.nameService])
        let others = resolvers.resolvers().filter { !own.contains($0.address) }
        guard let reply = await race.run(query.question, among: others) else { return fail(query) }
        query.reply(fitted(reply.message, to: query.question))
    }

    /// An upstream that does not heed the size it was told gets its reply cut to the question, with TC.
    private func fitted(_ message: [UInt8], to question: ForwardedQuery.Question) -> [UInt8] {
        guard message.count > question.limit else { return message }
        return MessageHeader.reply(to: question.message, questionEnd: question.questionEnd, .noError, isTruncated: true)
    }

    private func fail(_ query: ForwardedQuery) {
        let question = query.question
        query.reply(MessageHeader.reply(to: question.message, questionEnd: question.questionEnd, .serverFailure))
    }
}
