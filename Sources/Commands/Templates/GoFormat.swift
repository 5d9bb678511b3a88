extension TemplateValue {
    /// As Go's `fmt` prints it with `%v`.
    var shown: String {
        switch self {
        case .null: "<no value>"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
        case .string(let text): text
        case .list(let items): "[" + items.map(\.shown).joined(separator: " ") + "]"
        case .map(let items):
            "map[" + items.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.shown)" }.joined(separator: " ") + "]"
        case .record(let record): "{" + record.fields.map(\.value.shown).joined(separator: " ") + "}"
        }
    }
}

/// The part of Go's `fmt` (pkg.go.dev/fmt) that templates use.
enum GoFormat {
    /// Spaces stand between operands when neither is a text.
    static func print(_ values: [TemplateValue]) -> String {
        var text = ""
        for (index, value) in values.enumerated() {
            if index > 0, !value.isText, !values[index - 1].isText { text += " " }
            text += value.shown
        }
        return text
    }

    /// `%s %v %d %q %t %x %%` with a width, `-` and `0`.
    static func printf(_ given: TemplateArguments) throws(TemplateProblem) -> String {
        var rest = try given.text(0)[...]
        var next = 1
        var text = ""
        while let character = rest.popFirst() {
            guard character == "%" else {
                text.append(character)
                continue
            }
            let verb = try Verb(&rest)
            guard verb.letter != "%" else {
                text += "%"
                continue
            }
            text += try verb.format(try given.value(next))
            next += 1
        }
        guard next >= given.values.count else { throw TemplateProblem("printf has more values than verbs") }
        return text
    }

    /// One `%-10.3s`.
    private struct Verb {
        var isLeft = false
        var isZeroPadded = false
        var width = 0
        var precision: Int?
        var letter: Character = "%"

        init(_ rest: inout Substring) throws(TemplateProblem) {
            while let flag = rest.first, flag == "-" || flag == "0" || flag == "+" || flag == " " {
                if flag == "-" { isLeft = true }
                if flag == "0" { isZeroPadded = true }
                rest = rest.dropFirst()
            }
            width = Self.number(&rest) ?? 0
            if rest.first == "." {
                rest = rest.dropFirst()
                precision = Self.number(&rest) ?? 0
            }
            guard let letter = rest.popFirst() else { throw TemplateProblem("printf ends in %") }
            self.letter = letter
        }

        private static func number(_ rest: inout Substring) -> Int? {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(digits.count)
            return Int(digits).map { min($0, 1000) }
        }

        func format(_ value: TemplateValue) throws(TemplateProblem) -> String {
            var text = try plain(value)
            if let precision, letter == "s" || letter == "v" { text = String(text.prefix(precision)) }
            let padding = String(
                repeating: isZeroPadded && !isLeft ? "0" : " ", count: max(0, width - text.unicodeScalars.count))
            return isLeft ? text + padding : padding + text
        }

        private func plain(_ value: TemplateValue) throws(TemplateProblem) -> String {
            switch (letter, value) {
            case ("v", _), ("s", _): return value.shown
            case ("d", .integer(let number)): return String(number)
            case ("x", .integer(let number)): return String(number, radix: 16)
            case ("t", .bool(let flag)): return String(flag)
            case ("f", .number(let number)): return "\(number)"
            case ("q", .string(let text)): return TemplateValue.quoted(text)
            case ("d", _), ("x", _), ("t", _), ("f", _), ("q", _):
                throw TemplateProblem("printf cannot print \(value.kindName) with %\(letter)")
            default: throw TemplateProblem("printf does not know %\(letter)")
            }
        }
    }
}

extension TemplateValue {
    fileprivate var isText: Bool { if case .string = self { true } else { false } }
}
