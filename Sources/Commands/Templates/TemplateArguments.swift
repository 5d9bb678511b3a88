/// The arguments of a call, read with their kinds.
struct TemplateArguments {
    let function: String
    let values: [TemplateValue]

    func value(_ index: Int) throws(TemplateProblem) -> TemplateValue {
        guard values.indices.contains(index) else {
            throw TemplateProblem("\(function) needs \(index + 1) value\(index == 0 ? "" : "s"), and has \(values.count)")
        }
        return values[index]
    }

    func only() throws(TemplateProblem) -> TemplateValue {
        guard values.count < 2 else { throw TemplateProblem("\(function) needs 1 value, and has \(values.count)") }
        return try value(0)
    }

    func text(_ index: Int) throws(TemplateProblem) -> String {
        let value = try value(index)
        guard case .string(let text) = value else { throw TemplateProblem("\(function) of \(value.kindName)") }
        return text
    }

    func integer(_ index: Int) throws(TemplateProblem) -> Int {
        let value = try value(index)
        guard case .integer(let number) = value else { throw TemplateProblem("\(function) by \(value.kindName)") }
        return Int(clamping: number)
    }

    func list(_ index: Int) throws(TemplateProblem) -> [TemplateValue] {
        switch try value(index) {
        case .list(let items): return items
        case .null: return []
        case let value: throw TemplateProblem("\(function) of \(value.kindName)")
        }
    }
}
