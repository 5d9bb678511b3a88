/// The versions this source tree stands for.
public enum SkeinVersion {
    /// Semantic version of the release.
    public static let current = "0.1.0"
    /// The catalog's schema at key `format`: a newer one is refused.
    public static let catalogFormat = 1
}
