import ClusterAuthority
import DaemonKit
import Foundation
import Logging
import NetworkModel
import Synchronization
import TestSupport
import Testing

/// What is said of a daemon's certificates before they end.
struct ExpiryTests {
    private let folder: TemporaryFolder
    private let certificate: OwnCertificate

    private static let day: Int64 = 86_400

    init() throws {
        folder = try TemporaryFolder()
        certificate = OwnCertificate(path: folder.file("cert.pem"))
    }

    /// Days after the time that stands still.
    private func time(_ days: Int64) -> Timestamp {
        Timestamp(nanoseconds: FixedTime().now().nanoseconds + days * Self.day * 1_000_000_000)
    }

    private func issue(days: Int) throws {
        let (lifetime, randomness) = (try Lifetime(days: days, from: FixedTime().now()), SeededRandomness(seed: 1))
        let authority = try CertificateAuthority(creating: "skein cluster", for: lifetime, randomness)
        let issued = try authority.issue(CertificateRequest(subject: "node-1", purpose: .client), for: lifetime, randomness)
        try (issued.pem + authority.pem).write(toFile: certificate.path, atomically: true, encoding: .utf8)
    }

    @Test func `a month before its end it is time to renew a certificate of a year`() throws {
        try issue(days: 365)
        #expect(certificate.state(at: time(0)) == .valid(until: "2027-01-01"))
        #expect(certificate.state(at: time(334)) == .valid(until: "2027-01-01"))
        #expect(certificate.state(at: time(336)) == .nearEnd(until: "2027-01-01"))
        #expect(certificate.state(at: time(366)) == .ended(on: "2027-01-01"))
        #expect(certificate.state(at: time(-1)) == .early(from: "2025-12-31"))
    }

    @Test func `one of a few days is not always near its end`() throws {
        try issue(days: 9)
        #expect(certificate.state(at: time(5)) == .valid(until: "2026-01-10"))
        #expect(certificate.state(at: time(7)) == .nearEnd(until: "2026-01-10"))
    }

    @Test func `a file that is no certificate is named`() throws {
        #expect(certificate.state(at: time(0)) == .unusable("there is no file \(certificate.path)"))
        try "garbage".write(toFile: certificate.path, atomically: true, encoding: .utf8)
        #expect(certificate.state(at: time(0)) == .unusable("\(certificate.path) is not the PEM text of a certificate"))
        try FileManager.default.removeItem(atPath: certificate.path)
        try FileManager.default.createDirectory(atPath: certificate.path, withIntermediateDirectories: false)
        guard case .unusable(let sentence) = certificate.state(at: time(0)) else { throw TestProblem("a folder was read") }
        #expect(sentence.contains(certificate.path))
    }

    @Test func `it is said at the start and each day, until the file is replaced`() async throws {
        let (log, clock, wall) = (RecordingLog(), ManualClock(), MovingTime(time(7)))
        func nextDay() async throws {
            try await eventually("it waits for the next day") { clock.sleepers == 1 }
            clock.advance(by: .seconds(Self.day))
        }
        try issue(days: 9)
        let ports = DaemonPorts(clock: clock, randomness: SeededRandomness(seed: 1), time: wall, logger: log.logger)
        let watch = Task { [certificate] in try await ExpiryWatch(of: [certificate, certificate], ports).run() }
        try await eventually("it is said") { log.lines(.warning).count == 1 }
        #expect(log.text.contains("file=\(certificate.path) last-day=2026-01-10"))
        for days in [10, 11] {
            wall.set(time(Int64(days)))
            try await nextDay()
            try await eventually("that it has ended is said") { log.lines(.error).count == days - 9 }
        }
        try issue(days: 365)
        for _ in 0..<2 { try await nextDay() }
        watch.cancel()
        try await watch.value
        #expect(log.lines(.warning).count == 1 && log.lines(.error).count == 2)
    }
}

/// A time of day that a test sets.
private final class MovingTime: WallTime {
    private let time: Mutex<Timestamp>

    init(_ time: Timestamp) { self.time = Mutex(time) }

    func now() -> Timestamp { time.withLock { $0 } }
    func set(_ now: Timestamp) { time.withLock { $0 = now } }
}
