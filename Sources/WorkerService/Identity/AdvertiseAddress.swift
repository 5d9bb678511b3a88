import DaemonKit
import NetworkModel

/// Docker's `--cluster-advertise`: `10.0.0.5:2376`, or `eth1:2376` for the first address of an interface.
struct AdvertiseAddress: Hashable {
    enum Host: Hashable {
        case address(IPAddress)
        case interface(String)
    }

    let host: Host
    /// Kept and shown for Docker's sake; a worker listens on no TCP port.
    let port: UInt16

    init(_ text: String) throws(InvalidValue) {
        guard let (host, port) = HostPort.split(text), !host.isEmpty else {
            throw InvalidValue("invalid --cluster-advertise \"\(text)\": it must be like eth1:2376 or 10.0.0.5:2376")
        }
        self.port = port
        if let address = try? IPAddress(host) {
            guard !address.isUnspecified, !address.isMulticast, !address.isLoopback else {
                throw InvalidValue("invalid --cluster-advertise \"\(text)\": other hosts cannot reach \(address)")
            }
            self.host = .address(address)
        } else {
            self.host = .interface(host)
        }
    }
}
