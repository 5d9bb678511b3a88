import DriverAPI
import NetworkModel

/// Calls as stock engines make them, in the order of a network's life with one container: 20.10.24 with its own and with our IPAM.
struct Captured: Sendable {
    let method: String
    let body: String
    let answer: String
    /// What the backend is asked for; nil when it is not.
    let asked: CannedDriver.Call?

    init(_ method: String, _ body: String, _ answer: String, asked: CannedDriver.Call? = nil) {
        self.method = method
        self.body = body
        self.answer = answer
        self.asked = asked
    }

    static let n = String(repeating: "1", count: 64)
    static let e = String(repeating: "e", count: 64)
    private static let ids = #""NetworkID":"\#(n)","EndpointID":"\#(e)""#
    private static let ports =
        #""com.docker.network.endpoint.exposedports":[{"Proto":6,"Port":80},{"Proto":17,"Port":53}],"#
        + #""com.docker.network.portmap":[{"Proto":6,"IP":"","Port":80,"HostIP":"","HostPort":8088,"HostPortEnd":8088},"#
        + #"{"Proto":17,"IP":"","Port":53,"HostIP":"127.0.0.1","HostPort":0,"HostPortEnd":0}]"#

    /// The whole life, activation first.
    static func life() throws -> [Captured] {
        activation + (try pool()) + (try network()) + (try endpoint()) + (try end())
    }

    static let activation = [
        Captured("Plugin.Activate", "", #"{"Implements":["NetworkDriver","IpamDriver"]}"#),
        Captured("NetworkDriver.GetCapabilities", "", #"{"Scope":"local","ConnectivityScope":"global"}"#),
        Captured("IpamDriver.GetCapabilities", "", #"{"RequiresMACAddress":false,"RequiresRequestReplay":false}"#),
        Captured("IpamDriver.GetDefaultAddressSpaces", "", #"{"LocalDefaultAddressSpace":"skein","GlobalDefaultAddressSpace":"skein"}"#),
        Captured(
            "NetworkDriver.DiscoverNew",
            #"{"DiscoveryType":1,"DiscoveryData":{"Address":"10.98.0.1","BindAddress":"","Self":true}}"#, "{}"),
    ]

    private static func pool() throws -> [Captured] {
        let chosen = PoolID(try Subnet("10.200.0.0/24"))
        let ranged = PoolID(try Subnet("10.201.0.0/24"), subPool: try Subnet("10.201.0.128/25"))
        return [
            Captured(
                "IpamDriver.RequestPool", #"{"AddressSpace":"skein","Pool":"","SubPool":"","Options":{"k":"v"},"V6":false}"#,
                #"{"PoolID":"skein/10.200.0.0/24","Pool":"10.200.0.0/24","Data":{"com.docker.network.gateway":"10.200.0.1/24"}}"#,
                asked: .requestPool(PoolRequest(family: .v4, options: ["k": "v"]))),
            Captured(
                "IpamDriver.RequestPool",
                #"{"AddressSpace":"skein","Pool":"10.201.0.0/24","SubPool":"10.201.0.128/25","Options":null,"V6":false}"#,
                #"{"PoolID":"skein/10.201.0.0/24/10.201.0.128/25","Pool":"10.201.0.0/24","Data":{}}"#,
                asked: .requestPool(PoolRequest(family: .v4, pool: ranged.pool, subPool: ranged.subPool))),
            Captured(
                "IpamDriver.RequestPool", #"{"AddressSpace":"skein","Pool":"2001:db8:9::/64","SubPool":"","Options":null,"V6":true}"#,
                #"{"PoolID":"skein/2001:db8:9::/64","Pool":"2001:db8:9::/64","Data":{}}"#,
                asked: .requestPool(PoolRequest(family: .v6, pool: try Subnet("2001:db8:9::/64")))),
            Captured(
                "IpamDriver.RequestAddress",
                #"{"PoolID":"skein/10.200.0.0/24","Address":"","Options":{"RequestAddressType":"com.docker.network.gateway"}}"#,
                #"{"Address":"10.200.0.1/24","Data":{}}"#, asked: .requestAddress(AddressRequest(pool: chosen, isGateway: true))),
            Captured(
                "IpamDriver.RequestAddress", #"{"PoolID":"skein/10.200.0.0/24","Address":"10.200.0.9","Options":null}"#,
                #"{"Address":"10.200.0.9/24","Data":{}}"#,
                asked: .requestAddress(AddressRequest(pool: chosen, address: IPAddress(10, 200, 0, 9)))),
            Captured(
                "IpamDriver.RequestAddress",
                #"{"PoolID":"skein/10.201.0.0/24/10.201.0.128/25","Address":"10.201.0.130","Options":{"#
                    + #""com.docker.network.endpoint.macaddress":"02:42:0a:c9:00:82","com.docker.network.endpoint.name":"web","#
                    + #""com.docker.network.ipam.serial":"true"}}"#,
                #"{"Address":"10.201.0.130/24","Data":{}}"#,
                asked: .requestAddress(
                    AddressRequest(
                        pool: ranged, address: IPAddress(10, 201, 0, 130), mac: MACAddress(bits: 0x0242_0ac9_0082), endpointName: "web",
                        options: ["com.docker.network.ipam.serial": "true"]))),
        ]
    }

    private static func network() throws -> [Captured] {
        [
            Captured(
                "NetworkDriver.CreateNetwork",
                #"{"NetworkID":"\#(n)","Options":{"com.docker.network.enable_ipv6":true,"com.docker.network.generic":{"foo":"bar"}},"#
                    + #""IPv4Data":[{"AddressSpace":"LocalDefault","AuxAddresses":{"a":"10.201.0.9/24"},"#
                    + #""Gateway":"10.201.0.1/24","Pool":"10.201.0.0/24"}],"#
                    + #""IPv6Data":[{"AddressSpace":"LocalDefault","Gateway":"2001:db8:9::1/64","Pool":"2001:db8:9::/64"}]}"#,
                "{}",
                asked: .createNetwork(
                    EngineNetwork(
                        id: try Identifier(n),
                        subnets: [
                            SubnetRecord(
                                pool: try Subnet("10.201.0.0/24"), gateway: IPAddress(10, 201, 0, 1),
                                auxiliary: ["a": IPAddress(10, 201, 0, 9)]),
                            SubnetRecord(pool: try Subnet("2001:db8:9::/64"), gateway: try IPAddress("2001:db8:9::1")),
                        ], options: ["foo": "bar"], isIPv6Enabled: true))),
            // With the IPAM driver `null`, and --internal.
            Captured(
                "NetworkDriver.CreateNetwork",
                #"{"NetworkID":"\#(n)","Options":{"com.docker.network.generic":{},"com.docker.network.internal":true},"#
                    + #""IPv4Data":[{"AddressSpace":"null","Pool":"0.0.0.0/0"}],"IPv6Data":null}"#,
                "{}", asked: .createNetwork(EngineNetwork(id: try Identifier(n), isInternal: true))),
        ]
    }

    static func options() -> EndpointOptions {
        EndpointOptions(
            exposedPorts: [TransportPort(.tcp, 80), TransportPort(.udp, 53)],
            publishedPorts: [
                PublishedPort(TransportPort(.tcp, 80), hostPorts: 8088...8088),
                PublishedPort(TransportPort(.udp, 53), hostAddress: IPAddress(127, 0, 0, 1)),
            ])
    }

    private static func endpoint() throws -> [Captured] {
        let reference = EndpointReference(network: try Identifier(n), endpoint: try Identifier(e))
        var options = options()
        options.driverOptions = ["com.docker.network.endpoint.ifname": "web0"]
        return [
            Captured(
                "NetworkDriver.CreateEndpoint",
                #"{\#(ids),"Interface":{"Address":"10.201.0.50/24","AddressIPv6":"2001:db8:9::2/64","MacAddress":""},"#
                    + #""Options":{\#(ports),"com.docker.network.endpoint.ifname":"web0"}}"#,
                #"{"Interface":{"MacAddress":"02:42:0a:c9:00:32"}}"#,
                asked: .createEndpoint(
                    EngineEndpoint(
                        reference: reference,
                        addresses: [try InterfaceAddress("10.201.0.50/24"), try InterfaceAddress("2001:db8:9::2/64")],
                        options: options))),
            Captured(
                "NetworkDriver.EndpointOperInfo", "{\(ids)}", #"{"Value":{"device":"skeeeeeeeeeeee"}}"#, asked: .details(reference)),
            Captured(
                "NetworkDriver.Join", #"{\#(ids),"SandboxKey":"/var/run/docker/netns/30add452edd4","Options":{\#(ports)}}"#,
                #"{"InterfaceName":{"SrcName":"skeeeeeeeeeeee","DstPrefix":"eth"},"Gateway":"10.201.0.1","GatewayIPv6":"","#
                    + #""StaticRoutes":[{"Destination":"10.250.0.0/16","RouteType":1,"NextHop":""},"#
                    + #"{"Destination":"10.251.0.0/16","RouteType":0,"NextHop":"10.201.0.9"}],"DisableGatewayService":true}"#,
                asked: .join(
                    SandboxJoining(
                        endpoint: reference, sandboxPath: "/var/run/docker/netns/30add452edd4", options: Captured.options()))),
            Captured(
                "NetworkDriver.ProgramExternalConnectivity", #"{\#(ids),"Options":{\#(ports)}}"#, "{}",
                asked: .publish(Captured.options(), reference)),
        ]
    }

    private static func end() throws -> [Captured] {
        let reference = EndpointReference(network: try Identifier(n), endpoint: try Identifier(e))
        let pool = PoolID(try Subnet("10.200.0.0/24"))
        return [
            Captured("NetworkDriver.RevokeExternalConnectivity", "{\(ids)}", "{}", asked: .unpublish(reference)),
            Captured("NetworkDriver.Leave", "{\(ids)}", "{}", asked: .leave(reference)),
            Captured("NetworkDriver.DeleteEndpoint", "{\(ids)}", "{}", asked: .deleteEndpoint(reference)),
            Captured(
                "IpamDriver.ReleaseAddress", #"{"PoolID":"skein/10.200.0.0/24","Address":"10.200.0.3"}"#, "{}",
                asked: .releaseAddress(IPAddress(10, 200, 0, 3), pool)),
            Captured("IpamDriver.ReleasePool", #"{"PoolID":"skein/10.200.0.0/24"}"#, "{}", asked: .releasePool(pool)),
            Captured(
                "NetworkDriver.DeleteNetwork", #"{"NetworkID":"\#(n)"}"#, "{}", asked: .deleteNetwork(reference.network)),
            Captured("NetworkDriver.FreeNetwork", #"{"NetworkID":"\#(n)"}"#, "{}"),
            Captured(
                "NetworkDriver.DiscoverDelete",
                #"{"DiscoveryType":1,"DiscoveryData":{"Address":"10.98.0.2","BindAddress":"","Self":false}}"#, "{}"),
        ]
    }
}
