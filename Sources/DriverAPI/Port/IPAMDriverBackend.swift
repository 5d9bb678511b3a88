public import NetworkModel

/// What stands behind Docker's remote IPAM driver: a worker, for the engine of its host.
///
/// The rules of ``NetworkDriverBackend`` hold. An engine names neither network nor endpoint here: a pool is known by its ``PoolID``, and an
/// address is only an address. So a call that is repeated cannot be told from a new one, where the driver is to choose: what is chosen
/// and never claimed, by a network or an endpoint that holds it, is the backend's to take back after a moment (lesson 3).
public protocol IPAMDriverBackend: Sendable {
    /// Gives a pool to a network that is about to be made. The same pool asked for again is given again, while no other network has it.
    func requestPool(_ request: PoolRequest) async throws -> GrantedPool

    /// The network that had the pool goes, or could not be made. Releasing what nobody has succeeds.
    ///
    /// An engine that fails on the way to a network releases the pool alone: the gateway and auxiliary addresses that it was given of it
    /// go with it.
    func releasePool(_ pool: PoolID) async throws

    /// Gives an address of a pool: the one asked for, or the lowest that is free.
    func requestAddress(_ request: AddressRequest) async throws -> IPAddress

    /// Releasing what nobody has succeeds.
    func releaseAddress(_ address: IPAddress, of pool: PoolID) async throws
}
