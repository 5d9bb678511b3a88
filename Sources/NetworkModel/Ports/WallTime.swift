/// The time of day, to be shown and never to be compared: a port, so that a simulation can run on a virtual clock.
public protocol WallTime: Sendable {
    func now() -> Timestamp
}
