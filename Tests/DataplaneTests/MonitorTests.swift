import Testing

@testable import Dataplane

/// When a monitor's word is looked into.
struct MonitorTests {
    private static let base = Duration.milliseconds(500)
    private var monitors = Monitors()

    /// A word at a time, looked into when it is due.
    private mutating func word(at time: Duration, wasRight: Bool = false) -> (delay: Duration, look: Duration) {
        let delay = monitors.heard(of: .host, at: time, base: Self.base)
        monitors.looked(at: .host, wasRight: wasRight, at: time + delay)
        return (delay, time + delay)
    }

    @Test mutating func `words that follow one another in vain are looked into later and later`() {
        var time = Duration.zero
        for factor in [1, 2, 4, 8, 16, 16] {
            let (delay, look) = word(at: time)
            #expect(delay == Self.base * factor)
            time = look + .milliseconds(1)
        }
        _ = word(at: time, wasRight: true)
        #expect(word(at: time + .seconds(9)).delay == Self.base)
    }

    @Test mutating func `a monitor that was quiet is believed again (lesson 6)`() {
        var time = Duration.zero
        for _ in 0..<6 { time = word(at: time).look }
        #expect(word(at: time + .seconds(9)).delay == Self.base)
    }

    @Test mutating func `one word after a look at everything is not in vain`() {
        for _ in 0..<6 { monitors.looked(at: .host, wasRight: false, at: .seconds(1)) }
        #expect(word(at: .seconds(1)).delay == Self.base)
    }
}
