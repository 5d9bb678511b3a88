extension EngineError {
    /// Docker's answer of failure: its own words, and a code by its status.
    init(status: Int, body: [UInt8]) {
        let said = (try? DockerJSON.decode(DockerFailureBody.self, from: body[...]))?.message
        let text = said ?? String(decoding: body.prefix(200), as: UTF8.self).filter { !$0.isNewline }
        let code: Code =
            switch status {
            case 400: .invalid
            case 403: .forbidden
            case 404: .notFound
            case 409: .conflict
            default: .unavailable
            }
        self.init(code, text.isEmpty ? "the container engine answered with status \(status)" : text)
    }
}
