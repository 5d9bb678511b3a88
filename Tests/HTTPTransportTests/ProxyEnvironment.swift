import Glibc

/// An environment whose proxy answers nothing.
enum ProxyEnvironment {
    private static let isSet = setenv("http_proxy", "http://127.0.0.1:1", 1) == 0

    static func set() {
        _ = isSet
    }
}
