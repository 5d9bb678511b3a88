import ArgumentParser

/// Commands whose last words are another program's: the parser passes on whatever it does not know.
enum Passthrough {
    /// Refuses a flag where the first of those words is expected, since nobody means a program by it.
    static func check(_ first: String, of command: (some ParsableCommand).Type) throws {
        switch first {
        case "-h", "--help": throw CleanExit.helpRequest(command)
        case "--": return
        case _ where first.hasPrefix("-"): throw ValidationError("Unknown option '\(first)'")
        default: return
        }
    }
}
