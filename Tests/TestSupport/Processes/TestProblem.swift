/// Something a test needs is not there, or does not work.
public struct TestProblem: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
