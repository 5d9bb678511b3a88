import CMnl
import Glibc

/// What the kernel says of a message: an error number, 0 for an acknowledgement, and some words of its own if it has any.
struct Refusal {
    let number: Int32
    let words: String?

    init(number: Int32, words: String? = nil) {
        self.number = number
        self.words = words
    }

    /// Reads an NLMSG_ERROR: the error number, negated; the header of the message meant; then, with NLM_F_ACK_TLVS, attributes.
    init(_ message: Message) {
        number = -(message.read(Int32.self) ?? -EBADMSG)
        guard message.flags & MessageFlags.hasErrorAttributes != 0, message.flags & MessageFlags.errorIsCapped != 0 else {
            words = nil
            return
        }
        let attributes = message.attributes(after: MemoryLayout<Int32>.size + MemoryLayout<nlmsghdr>.size)
        words = attributes.first { $0.type == Int(NLMSGERR_ATTR_MSG.rawValue) }?.string
    }

    /// - Parameter operation: such as `cannot add vxlan0 in skein-4f…`.
    func error(_ operation: String) -> KernelError {
        guard let words, !words.isEmpty else { return .errno(number, operation) }
        let text = "\(operation): \(KernelError.words(for: number)) (\(words.prefix(1).lowercased() + words.dropFirst()))"
        return KernelError(KernelError.errno(number, "").code, text)
    }
}
