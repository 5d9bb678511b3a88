import NameZone
import NetworkModel
import Synchronization

/// The zone, between the mirror that updates it and the threads that answer from it.
final class SharedZone: Sendable {
    private let zone: Mutex<NameZone>
    /// Raised behind every change: what was answered under one generation holds until the next.
    private let changes = Atomic<UInt64>(1)

    init(node: NodeID) {
        zone = Mutex(NameZone(node: node))
    }

    func update(_ body: (inout NameZone) -> Void) {
        zone.withLock { zone in
            body(&zone)
            changes.add(1, ordering: .releasing)
        }
    }

    var generation: UInt64 { changes.load(ordering: .acquiring) }

    func answer(_ name: String, _ type: RecordType, for asker: Asker, rotation: Int) -> NameAnswer {
        zone.withLock { $0.answer(name, type, for: asker, rotation: rotation) }
    }
}
