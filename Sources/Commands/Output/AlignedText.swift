/// Text whose cells end with tabs, its columns aligned: Go's `tabwriter` as Docker uses it.
///
/// A column is a run of lines that have a cell there; the last cell of a line belongs to none.
struct AlignedText {
    /// In characters.
    private static let narrowest = 10
    private static let gap = 3

    static func align(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false)
        }
        let widths = widths(of: lines)
        return zip(lines, widths).map { line, widths in
            let cells = zip(line, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
            }
            return cells.joined() + (line.last ?? "")
        }.joined(separator: "\n")
    }

    /// The widths of each line's cells, the last apart.
    private static func widths(of lines: [[Substring]]) -> [[Int]] {
        var widths = lines.map { line in line.dropLast().map { max(narrowest, $0.unicodeScalars.count + gap) } }
        for column in 0..<(widths.map(\.count).max() ?? 0) {
            var start = 0
            while start < widths.count {
                let run = widths[start...].prefix { $0.count > column }
                let width = run.map { $0[column] }.max() ?? 0
                for line in run.indices { widths[line][column] = width }
                start = max(run.endIndex, start + 1)
            }
        }
        return widths
    }
}
