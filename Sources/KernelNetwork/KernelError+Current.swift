import Glibc

extension KernelError {
    /// What the last system call or C function left in errno.
    /// - Parameter operation: such as `cannot enter skein-4f…`.
    static func current(_ operation: String) -> KernelError { .errno(Glibc.errno, operation) }

    /// An error number with its name in words, in lower case.
    static func errno(_ number: Int32, _ operation: String) -> KernelError {
        KernelError(number == EPERM ? .notPermitted : .errno(number), "\(operation): \(words(for: number))")
    }

    static func absent(_ place: KernelNamespace) -> KernelError {
        KernelError(.noSuchNamespace, "there is no namespace \(place)")
    }

    static func words(for number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text).lowercased()
    }
}
