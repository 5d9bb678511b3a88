extension ClusterCatalog {
    /// Finds what is wrong with a request for a network whatever other networks there are.
    /// - Throws: ``CatalogError`` as ``createNetwork(_:avoidingRoutesOf:)`` does.
    public func check(_ request: NetworkRequest) throws(CatalogError) {
        _ = try NetworkBlueprint(request, scope: scope)
    }
}
