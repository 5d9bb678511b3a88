public import Logging
public import NetworkModel

/// What a daemon takes from outside besides its flags: in a simulation all of it is simulated.
public struct DaemonPorts: Sendable {
    public var clock: any Clock<Duration>
    public var randomness: any Randomness
    public var time: any WallTime
    public var logger: Logger

    public init(clock: any Clock<Duration>, randomness: any Randomness, time: any WallTime, logger: Logger) {
        self.clock = clock
        self.randomness = randomness
        self.time = time
        self.logger = logger
    }

    /// The host's own clock, randomness and time.
    public static func host(logger: Logger) -> DaemonPorts {
        DaemonPorts(clock: ContinuousClock(), randomness: SystemRandomness(), time: SystemTime(), logger: logger)
    }
}
