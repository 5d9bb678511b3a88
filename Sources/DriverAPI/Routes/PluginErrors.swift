import FaceKit
import Hummingbird
import Logging

/// Turns whatever a handler throws, and a path that is no method, into the protocol's form of an error.
///
/// A refusal is an answer as any other, with a field for it: `Err` of the network driver, `Error` of the IPAM driver. The engine shows it
/// behind `remote: `. What the plugin itself does not know is a 404 with `Err`, the only field that the engine's plugin client reads then.
struct PluginErrors<Context: RequestContext>: RouterMiddleware {
    func handle(_ request: Request, context: Context, next: (Request, Context) async throws -> Response) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return try Response.plugin(["Err": Self.unknown(request.uri.path)], status: .notFound)
        } catch {
            let failure = Failure(error)
            if failure.status.code >= 500 {
                context.logger.warning(
                    "engine's call failed", metadata: ["call": "\(request.uri.path)", "cause": "\(failure.message)"])
            }
            return try Response.plugin([Self.field(of: request.uri.path): failure.message])
        }
    }

    private static func field(of path: String) -> String { path.hasPrefix("/IpamDriver.") ? "Error" : "Err" }

    /// Engines before 28 pass over a method that a driver does not have by these first words (libnetwork, drivers/remote).
    private static func unknown(_ path: String) -> String {
        "404 page not found: \(path.drop { $0 == "/" }) is not a method of this plugin, or was not sent by POST"
    }
}
