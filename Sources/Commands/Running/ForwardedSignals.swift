import Glibc
import Synchronization

/// Signals that mean the program in the foreground: they go on to it, and `skein` stays to clean up behind it.
enum ForwardedSignals {
    private static let all = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2]
    /// The child, or 0.
    private static let target = Atomic<Int32>(0)
    /// The first signal that came while there was no child, or 0.
    private static let pending = Atomic<Int32>(0)

    /// From here on the signals do not end this process.
    static func take() {
        for signal in all {
            var action = sigaction()
            action.sa_flags = SA_SIGINFO | SA_RESTART
            action.__sigaction_handler.sa_sigaction = { number, information, _ in
                // The terminal's own signals reach the whole foreground group, so the child has them already (sigaction(2), si_code).
                let isFromTerminal = (information?.pointee.si_code ?? 0) > 0
                ForwardedSignals.received(number, isFromTerminal: isFromTerminal)
            }
            sigaction(signal, &action, nil)
        }
    }

    /// Runs in a signal's handler: nothing here may allocate or lock.
    private static func received(_ signal: Int32, isFromTerminal: Bool) {
        let child = target.load(ordering: .acquiring)
        if child == 0 {
            _ = pending.compareExchange(expected: 0, desired: signal, ordering: .acquiringAndReleasing)
        } else if !isFromTerminal {
            kill(child, signal)
        }
    }

    /// The signal that came before there was a child.
    static var early: Int32? {
        let signal = pending.load(ordering: .acquiring)
        return signal == 0 ? nil : signal
    }

    /// Waits for the child, to which the signals go meanwhile.
    static func forward(to child: pid_t) -> Int32 {
        target.store(child, ordering: .releasing)
        // One that came in between was not meant for anything else.
        if let early { kill(child, early) }
        Processes.waitForEnd(of: child)
        target.store(0, ordering: .releasing)
        return Processes.wait(for: child)
    }
}
