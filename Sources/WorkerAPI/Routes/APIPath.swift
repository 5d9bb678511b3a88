import FaceKit
import Hummingbird
import NetworkModel

enum APIPath {
    static let root: RouterPath = "skein/v1"
}

extension RequestContext {
    /// The name or id at the end of a path.
    /// - Throws: ``FaceKit/RequestFault`` for a broken escape.
    func term(_ what: String) throws(RequestFault) -> String {
        let text = parameters.get("term") ?? ""
        guard let term = PercentEncoding.decode(text), !term.isEmpty else {
            throw RequestFault(.invalid, "invalid \(what) name \(text): it has a broken escape")
        }
        return term
    }
}
