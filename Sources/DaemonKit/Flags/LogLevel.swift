public import Logging
public import NetworkModel

extension Logger.Level {
    /// Reads `--log-level`: Docker's words, and those of swift-log.
    /// - Throws: ``NetworkModel/InvalidValue`` with the words that there are.
    public init(flag text: String) throws(InvalidValue) {
        switch text {
        case "warn": self = .warning
        case "fatal": self = .critical
        default:
            guard let level = Logger.Level(rawValue: text) else {
                throw InvalidValue("invalid --log-level \"\(text)\": it must be debug, info, warn, error or fatal")
            }
            self = level
        }
    }
}
