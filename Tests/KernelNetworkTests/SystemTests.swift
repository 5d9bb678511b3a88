import Foundation
import NetworkModel
import Testing

@testable import KernelNetwork

@Suite(Lab.condition) struct SystemTests {
    private let lab: Lab
    private let place: KernelNamespace
    private var kernel: LinuxKernel { lab.kernel }

    init() throws {
        lab = try Lab()
        place = try lab.namespace()
    }

    // MARK: Settings

    @Test func `a setting is written in its namespace only`() throws {
        let path = "net/ipv4/ip_forward"
        let before = try kernel.systemControl(path, in: .host)
        let other = try lab.namespace()
        try kernel.setSystemControl(path, to: "1", in: place)
        #expect(try kernel.systemControl(path, in: place) == "1")
        #expect(try kernel.systemControl(path, in: other) == "0")
        #expect(try kernel.systemControl(path, in: .host) == before)
    }

    @Test(arguments: ["net/ipv4/conf/absent/forwarding", "net/absent", "kernel/hostname", "net/../kernel/hostname", "/etc/passwd"])
    func `a setting that is not there, or is no network's, is refused`(path: String) throws {
        #expect(throws: KernelError.self) { try kernel.setSystemControl(path, to: "1", in: place) }
        #expect(throws: KernelError.self) { try kernel.systemControl(path, in: place) }
    }

    @Test func `a value that makes no sense is refused with the setting's name`() throws {
        let message = "cannot set net/ipv4/ip_forward in \(place.name) to \"no\": invalid argument"
        #expect(throws: KernelError(.errno(EINVAL), message)) { try kernel.setSystemControl("net/ipv4/ip_forward", to: "no", in: place) }
    }

    // MARK: Sockets

    @Test(arguments: ["127.0.0.1", "::1", "10.7.0.1", "fd07::1"])
    func `sockets are opened in their namespace, also at addresses that come later`(text: String) throws {
        let address = try IPAddress(text)
        for (kind, flag) in [(SocketKind.datagram, "u"), (.stream, "t")] {
            let descriptor = try kernel.openSocket(kind, at: address, port: 53, in: place)
            defer { close(descriptor) }
            #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
            let listing = "ss -\(flag)lnH"
            let name = text.contains(":") ? "[\(text)]:53 " : "\(text):53 "
            #expect(try shell("ip netns exec \(place.name) \(listing)").output.contains(name))
            #expect(try !shell(listing).output.contains(name))
        }
    }

    @Test func `a port that is taken is named`() throws {
        let first = try kernel.openSocket(.stream, at: IPAddress(127, 0, 0, 1), port: 53, in: place)
        defer { close(first) }
        let message = "cannot open TCP port 53 of 127.0.0.1 in \(place.name): address already in use"
        #expect(throws: KernelError(.errno(EADDRINUSE), message)) {
            try kernel.openSocket(.stream, at: IPAddress(127, 0, 0, 1), port: 53, in: place)
        }
    }

    // MARK: The host

    @Test func `the MTU of the device with an address of the host's is found`() throws {
        let name = "mtu\(Lab.unique())"
        let address = IPAddress(10, 201, 0, 1)
        try lab.apply([.addLink(LinkSpec(name: name, kind: .bridge, mtu: 1357))], in: .host)
        defer { _ = try? kernel.apply([.deleteLink(name)], in: .host) }
        let message = "no device of this host has the address \(address)"
        #expect(throws: KernelError(.errno(EADDRNOTAVAIL), message)) { try kernel.underlayMTU(of: address) }
        try lab.apply([.replaceAddress(AddressEntry(link: name, address: InterfaceAddress(address, prefixLength: 24)))], in: .host)
        #expect(try kernel.underlayMTU(of: address) == 1357)
    }
}

@Suite struct PrivilegeTests {
    @Test func `the capabilities that are missing are named`() {
        #expect(Privileges.missing(fromStatus: "Name:\tx\nCapEff:\t000001ffffffffff\n") == [])
        #expect(Privileges.missing(fromStatus: "CapEff:\t0000000000000000\n") == ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"])
        #expect(Privileges.missing(fromStatus: "CapEff:\t0000000000001000\n") == ["CAP_SYS_ADMIN"])
        #expect(Privileges.missing(fromStatus: "") == ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root to give root's privileges up"))
    func `without root's privileges there is one clear sentence`() async {
        await #expect(processExitsWith: .success) {
            // The capabilities of a process go with its user.
            guard setuid(65_534) == 0 else { exit(2) }
            do throws(KernelError) {
                _ = try LinuxKernel()
            } catch {
                let sentence = "cannot manage the kernel's networking without CAP_NET_ADMIN and CAP_SYS_ADMIN: run it as root"
                exit(error == KernelError(.notPermitted, sentence) ? 0 : 3)
            }
            exit(4)
        }
    }
}
