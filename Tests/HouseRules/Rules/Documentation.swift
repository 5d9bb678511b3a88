import Foundation

/// What the pages of the package must be like.
enum Documentation {
    /// The pages that an index does not link to. Paths are relative to the index's folder.
    static func missing(from index: String, pages: [String]) -> [String] {
        pages.filter { !index.contains("](\($0))") }
    }

    /// Links of a page to files that are not there.
    static func brokenLinks(in page: String, exists: (String) -> Bool) -> [String] {
        page.matches(of: /\]\(([^)#:\s]+)(#[^)]*)?\)/).map { String($0.output.1) }.filter { !exists($0) }
    }

    /// Whether the last second-level heading of a page is its review notes.
    static func endsInReviewNotes(_ page: String) -> Bool {
        page.split(separator: "\n").last { $0.hasPrefix("## ") } == "## Review notes"
    }
}
