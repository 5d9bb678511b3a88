import FaceKit
import Hummingbird
import NetworkModel

extension EngineRoutes {
    func addEvents(to group: RouterGroup<some RequestContext>) {
        group.get("events") { request, _ in try await events(request) }
    }

    private func events(_ request: Request) async throws -> Response {
        for option in ["since", "until"] where try request.queryItem(option)?.nonEmpty != nil {
            throw RequestFault(
                .unsupported, "\(option) is not supported: past events are not kept, so the stream begins now and has no end")
        }
        let filters = try Filters(try request.queryItem("filters"))
        try filters.check(known: ["container", "event", "network", "scope", "type"])
        return request.lines(of: try await backend.events()) { filters.admit($0) ? EventBody($0) : nil }
    }
}

extension Filters {
    func admit(_ event: NetworkEvent) -> Bool {
        admits("network", by: "type") && admits(event.action.rawValue, by: "event") && admits(event.driver.scope.rawValue, by: "scope")
            && (admits(event.name, by: "network") || admitsStart(of: event.network.rawValue, by: "network"))
            && admitsStart(of: event.sandbox?.rawValue ?? "", by: "container")
    }
}
