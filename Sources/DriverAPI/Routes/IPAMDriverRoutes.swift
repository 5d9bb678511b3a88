import NetworkModel

extension DriverRoutes {
    func addIPAMDriver(_ methods: PluginMethods) {
        methods.answer("GetCapabilities", with: IPAMCapabilities())
        methods.answer("GetDefaultAddressSpaces", with: AddressSpacesAnswer())
        addPools(methods)
        addAddresses(methods)
    }

    private func addPools(_ methods: PluginMethods) {
        methods.answer("RequestPool") { (body: RequestPoolBody) in
            RequestPoolAnswer(try await addresses.requestPool(try body.request()))
        }
        methods.perform("ReleasePool") { (body: PoolBody) in try await addresses.releasePool(body.id) }
    }

    private func addAddresses(_ methods: PluginMethods) {
        methods.answer("RequestAddress") { (body: RequestAddressBody) in
            RequestAddressAnswer(try await addresses.requestAddress(try body.request()), of: body.id)
        }
        methods.perform("ReleaseAddress") { (body: ReleaseAddressBody) in
            try await addresses.releaseAddress(body.address, of: body.id)
        }
    }
}
