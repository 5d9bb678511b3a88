/// What should be at a key.
public enum Wish<Value: Equatable & Sendable>: Equatable, Sendable {
    case nothing
    /// Whatever is there stays; if nothing is, nothing is made (docs/decisions/0005).
    case anything
    case value(Value)
}

extension Wish: Hashable where Value: Hashable {}
