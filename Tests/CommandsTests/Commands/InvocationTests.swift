import ArgumentParser
import NetworkModel
import Testing

@testable import Commands

@Suite struct InvocationTests {
    @Test(arguments: [
        (["-H", "tcp://a:1", "network", "ls"], "tcp://a:1", ["network", "ls"]), (["--host=unix:///s", "info"], "unix:///s", ["info"]),
        (["-H", "a", "--host", "b", "info"], "b", ["info"]), (["run", "curl", "-H", "x"], nil, ["run", "curl", "-H", "x"]),
        (["network", "create", "--internal=true", "--ipv6=false", "a"], nil, ["network", "create", "--internal", "--no-ipv6", "a"]),
        (["network", "create", "--ipv4=1", "--attachable=0", "a"], nil, ["network", "create", "--ipv4", "a"]),
        (
            ["network", "create", "--label=internal=true", "--", "--internal=no"], nil,
            ["network", "create", "--label=internal=true", "--", "--internal=no"]
        ),
        (["run", "x", "--internal=true"], nil, ["run", "x", "--internal=true"]), ([], nil, []),
    ])
    func `the host before the verb and Docker's flags with a value are understood`(given: [String], host: String?, arguments: [String])
        throws
    {
        let invocation = try Invocation(given)
        #expect(invocation.leading.host == host)
        #expect(invocation.arguments == arguments)
    }

    @Test func `a host without a value and a flag with a wrong one are refused`() {
        #expect(throws: ValidationError.self) { try Invocation(["-H"]) }
        #expect(throws: ValidationError.self) { try Invocation(["network", "ls", "--quiet=maybe"]) }
    }

    @Test(arguments: [
        (["run", "--net", "multi", "curl", "-H", "Host: a", "--version", "-h"], ["curl", "-H", "Host: a", "--version", "-h"]),
        (["run", "-d", "--name", "x", "sh", "-c", "exit 3"], ["sh", "-c", "exit 3"]), (["run", "--", "-odd"], ["-odd"]),
    ])
    func `what stands behind the command is the command's`(arguments: [String], command: [String]) async throws {
        let run = try #require(try await Skein.asyncParseAsRoot(arguments) as? RunCommand)
        #expect(try run.flags.program(run.command).command == command)
    }

    @Test func `the flags of exec stand before the sandbox`() async throws {
        let exec = try #require(
            try await Skein.asyncParseAsRoot(["sandbox", "exec", "-it", "-e", "A=b", "demo1", "curl", "-H", "x", "-e", "-i"])
                as? SandboxExec)
        #expect(exec.sandbox == "demo1")
        #expect(exec.command == ["curl", "-H", "x", "-e", "-i"])
        #expect(exec.flags.environment == ["A=b"])
        #expect(exec.daemon.host == nil)
    }

    @Test(arguments: [
        ("unix:///run/x.sock", "http://skein", "/run/x.sock"), ("tcp://10.0.0.5:2375", "http://10.0.0.5:2375", nil),
        ("tcp://alpha", "http://alpha:2375", nil), ("tcp://[fd00::1]:80", "http://[fd00::1]:80", nil),
        ("tcp://[fd00::1]", "http://[fd00::1]:2375", nil),
        ("tcp://alpha:2375/", "http://alpha:2375", nil),
    ])
    func `addresses of daemons are read as Docker reads them`(text: String, base: String, socket: String?) throws {
        let address = try DaemonAddress(text)
        #expect(address.base == base)
        #expect(address.socketPath == socket)
    }

    @Test(arguments: [
        "", "http://a", "unix://", "unix://relative", "tcp://", "tcp://a:0", "tcp://a:99999", "tcp://a b", "tcp://[fd00::1", "tcp://a/b",
        "tcp://u@a:1", "tcp://fd00::1:80",
        "unix:///" + String(repeating: "x", count: 107),
    ])
    func `what is no address of a daemon is refused`(text: String) {
        let fault = #expect(throws: InvalidValue.self) { try DaemonAddress(text) }
        #expect(fault?.message.contains("\"\(text)\"") == true)
    }

    @Test func `a name of any characters is one component of a path`() {
        #expect(APITarget("networks", "a/b c?ü", query: [("f", "x&y=z")]).text == "/networks/a%2Fb%20c%3F%C3%BC?f=x%26y%3Dz")
    }
}
