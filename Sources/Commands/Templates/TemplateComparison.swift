/// `eq`, `ne` and the orders.
enum TemplateComparison {
    static func compare(_ name: String, _ given: TemplateArguments) throws(TemplateProblem) -> Bool {
        let left = try given.value(0)
        // `eq` takes several: whether the first is any of the others.
        if name == "eq", given.values.count > 2 {
            for right in given.values.dropFirst() where try areEqual(left, right) { return true }
            return false
        }
        let right = try given.value(1)
        switch name {
        case "eq": return try areEqual(left, right)
        case "ne": return !(try areEqual(left, right))
        case "lt": return try isLess(left, right)
        case "ge": return !(try isLess(left, right))
        case "gt": return try isLess(right, left)
        default: return !(try isLess(right, left))
        }
    }

    private static func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateProblem) -> Bool {
        switch (left, right) {
        case (.null, _), (_, .null): return left == right
        case (.bool, .bool), (.integer, .integer), (.number, .number), (.string, .string): return left == right
        default: throw TemplateProblem("\(left.kindName) cannot be compared with \(right.kindName)")
        }
    }

    private static func isLess(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateProblem) -> Bool {
        switch (left, right) {
        case (.integer(let left), .integer(let right)): return left < right
        case (.number(let left), .number(let right)): return left < right
        case (.string(let left), .string(let right)): return left < right
        default: throw TemplateProblem("\(left.kindName) cannot be compared with \(right.kindName)")
        }
    }
}
