import NetworkModel
import Synchronization
import Testing
import WorkerAPI

@testable import Commands

/// `skein doctor`, with a worker and without.
@Suite struct DoctorCommandTests {
    @Test func `each finding is a line, and a failure is the exit status`() async throws {
        let daemon = CannedDaemon(try Canned.garden())
        daemon.state.withLock {
            $0.checks = [
                DoctorCheck(.ok, "cluster store", "etcd://10.0.0.1:2379 answers"),
                DoctorCheck(.warning, "nodes", "1 of 2 away", advice: "start its worker"),
            ]
        }
        try await withDaemon(daemon) { skein async throws in
            let sound = try await skein("doctor")
            #expect(sound.status == 0)
            #expect(
                sound.output.split(separator: "\n").dropFirst(2) == [
                    "ok        cluster store   etcd://10.0.0.1:2379 answers", "warning   nodes           1 of 2 away; start its worker",
                ])
            #expect(sound.output.hasPrefix("STATUS    CHECK           MESSAGE\nok        worker          it answers at unix:///"))
            #expect(try await skein("doctor", "-q", "--format", "{{.Check}}: {{.Advice}}") == .success("nodes: start its worker\n"))
            daemon.state.withLock { $0.checks.append(DoctorCheck(.failed, "engine", "it does not answer")) }
            let failed = try await skein("doctor", "--format", "{{.Status}}")
            #expect(failed == .failure("", output: "ok\nok\nwarning\nfailed\n"))
        }
    }

    @Test func `with -q nothing is printed when all is well`() async throws {
        try await withDaemon(CannedDaemon(try Canned.garden())) { skein async throws in
            #expect(try await skein("doctor", "-q") == .success(""))
        }
    }

    @Test func `a controller has no host to look at, and says so`() async throws {
        try await withDaemon(CannedDaemon(try Canned.garden()), isWorker: false) { skein async throws in
            let outcome = try await skein("doctor")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("has no host to look at"))
        }
    }

    @Test func `without a worker it says so, and what it can tell`() async throws {
        let outcome = try await SkeinCommand(host: "unix:///nowhere/worker.sock")(
            "doctor", "--format", "{{.Status}} {{.Check}} {{.Message}}")
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("failed worker cannot connect to unix:///nowhere/worker.sock"))
        #expect(outcome.output.contains(" kernel "))
    }

    // MARK: What is told without a worker

    private func checks(_ host: LocalHost?) throws -> [DoctorCheck] {
        let fault = CommandFault(.unavailable, "cannot connect")
        return WorkerAbsence(fault: fault, address: try DaemonAddress(DaemonAddress.standard), host: host).checks
    }

    @Test func `a flag that the service does not set is named (lesson 9)`() throws {
        let settings = LocalHost.settings(in: "# comment\nSKEIN_CLUSTER_STORE=\"etcd://a:2379\"\n; more\nSKEIN_CLUSTER_ADVERTISE=\n")
        let found = try checks(LocalHost(settings: settings))
        #expect(found.map(\.subject) == ["worker", "--cluster-store", "--cluster-advertise", "kernel"])
        #expect(found.map(\.verdict) == [.failed, .ok, .failed, .warning])
        #expect(found[1].finding == "etcd://a:2379, from /etc/skein/worker.conf")
        #expect(found[2].finding.contains("SKEIN_CLUSTER_ADVERTISE is not set"))
    }

    @Test func `a worker that serves another socket is found`() throws {
        let found = try checks(LocalHost(workers: [.init(pid: 7, socket: "/tmp/w.sock")], kernel: .sound))
        #expect(found.map(\.subject) == ["worker", "kernel"])
        #expect(found[0].advice?.contains("-H unix:///tmp/w.sock") == true)
        #expect(try checks(LocalHost(workers: [.init(pid: 7, socket: nil)]))[0].advice?.contains("pid 7") == true)
        #expect(try checks(LocalHost())[0].advice?.contains("systemctl start skein-worker") == true)
    }

    @Test func `of another host nothing is told but that its worker does not answer`() throws {
        #expect(try checks(nil).map(\.subject) == ["worker"])
    }

    @Test func `a kernel that lacks something is told without a worker too`() throws {
        let found = try checks(LocalHost(kernel: .lacking("this kernel lacks VXLAN")))
        #expect(found.last == DoctorCheck(.failed, "kernel", "this kernel lacks VXLAN"))
    }

    @Test(arguments: [
        (["skein-worker", "--socket", "/a.sock"], "/a.sock"), (["skein-worker", "--socket=unix:///b.sock"], "/b.sock"),
        (["skein-worker", "--socket"], nil), (["skein-worker"], nil),
    ])
    func `the socket of a worker is read from its command line`(arguments: [String], path: String?) {
        #expect(LocalHost.socket(in: arguments) == path)
    }
}
