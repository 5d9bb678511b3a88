import EngineClient
import NetworkModel

/// What is to be known of a container's addresses before it is started again. The journal keeps it: an engine starts containers before it tells
/// anything of them.
struct ContainerHabit: Codable, Hashable, Sendable {
    /// The engine starts it by itself, as it does itself.
    let startsAgain: Bool
    /// What its user chose: others get them last, or it cannot be started.
    let chosen: [IPAddress]

    /// - Parameter attachments: of the container, those to networks of the cluster.
    /// - Returns: nil when there is nothing to be known.
    init?(_ container: HostedContainer, attachments: [HostedContainer.Attachment]) {
        startsAgain = container.startsAgain
        chosen = attachments.flatMap(\.chosen).sorted()
        guard !attachments.isEmpty, startsAgain || !chosen.isEmpty else { return nil }
    }

    init(startsAgain: Bool, chosen: [IPAddress] = []) {
        self.startsAgain = startsAgain
        self.chosen = chosen
    }
}
