import Glibc

/// A file descriptor whose owner it never reached.
enum Descriptor {
    static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }
}
