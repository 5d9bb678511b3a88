#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file descriptor whose owner it never reached.
enum Descriptor {
    static func close(_ descriptor: Int32) {
        #if canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Glibc.close(descriptor)
        #endif
    }
}
