import Glibc

/// Standard output and standard error.
enum Console {
    static func print(_ text: String) { print(Array(text.utf8)) }

    static func print(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// One sentence on standard error.
    static func complain(_ sentence: String) { printError("skein: \(sentence)\n") }

    static func printError(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    /// What cannot be written is lost: there is nobody to tell.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Whether the user says yes; anything else, and the end of the input, is a no.
    static func confirms(_ question: String) -> Bool {
        print("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
