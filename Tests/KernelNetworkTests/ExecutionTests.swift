import Foundation
import KernelNetwork
import NetworkModel
import Testing

/// In processes of their own: what is tested replaces them.
@Suite(Lab.condition) struct ExecutionTests {
    @Test func `a program runs in the namespace, with its devices and its files`() async throws {
        let lab = try Lab()
        let place = try lab.namespace()
        try lab.apply([.addLink(LinkSpec(name: "br0", kind: .bridge))], in: place)
        let directory = "\(NamespaceExecution.filesDirectory)/\(place.name)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try Data("nameserver 10.7.0.1\n".utf8).write(to: URL(fileURLWithPath: "\(directory)/resolv.conf"))
        await #expect(processExitsWith: .success) { [name = place.name as String] in
            let script = """
                test "$(cat /etc/resolv.conf)" = "nameserver 10.7.0.1" && test "$(ls /sys/class/net | xargs)" = "br0 lo" &&
                ip -o link show br0 >/dev/null && test "$0 $1" = "zero one"
                """
            try NamespaceExecution.replaceProcess(with: ["sh", "-c", script, "zero", "one"], in: name)
        }
        #expect(try String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8) != "nameserver 10.7.0.1\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net").contains("br0") == false)
    }

    @Test func `the exit status and the environment are the program's`() async throws {
        let lab = try Lab()
        let place = try lab.namespace()
        await #expect(processExitsWith: .exitCode(7)) { [name = place.name as String] in
            try NamespaceExecution.replaceProcess(
                with: ["/bin/sh", "-c", "test \"$A\" = b && test -z \"$HOME\" && exit 7"], in: name,
                environment: ["A": "b", "PATH": "/bin"])
        }
    }

    @Test func `what cannot be run, and where, is told`() async throws {
        let lab = try Lab()
        let place = try lab.namespace()
        await #expect(processExitsWith: .success) { [name = place.name as String] in
            do throws(KernelError) {
                try NamespaceExecution.replaceProcess(with: ["absent-program"], in: name)
            } catch {
                exit(error == KernelError(.errno(ENOENT), "cannot run absent-program: no such file or directory") ? 0 : 1)
            }
        }
        #expect(throws: KernelError(.noSuchNamespace, "there is no namespace absent")) {
            try NamespaceExecution.replaceProcess(with: ["true"], in: "absent")
        }
        #expect(throws: KernelError(.errno(EINVAL), "there is no program to run in \(place.name): name one")) {
            try NamespaceExecution.replaceProcess(with: [], in: place.name)
        }
    }
}
