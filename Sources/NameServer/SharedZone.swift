import NameZone
import NetworkModel
import Synchronization

/// The zone, between the mirror that updates it and the threads that answer from it.
final class SharedZone: Sendable {
    private let zone: Mutex<NameZone>

    init(node: NodeID) {
        zone = Mutex(NameZone(node: node))
    }

    func update(_ body: (inout NameZone) -> Void) {
        zone.withLock { body(&$0) }
    }

    func answer(_ name: String, _ type: RecordType, for asker: Asker, rotation: Int) -> NameAnswer {
        zone.withLock { $0.answer(name, type, for: asker, rotation: rotation) }
    }
}
