import NetworkModel

/// Names for sandboxes whose user gives none.
enum SandboxName {
    private static let adjectives = [
        "amber", "brave", "bright", "calm", "clever", "coral", "deft", "eager", "fair", "gentle", "golden", "keen", "lively", "lucid",
        "mellow", "nimble", "patient", "plain", "quiet", "rapid", "silver", "steady", "sunny", "swift", "vivid", "warm", "wise", "young",
    ]
    private static let birds = [
        "avocet", "barnacle", "brent", "bunting", "crane", "curlew", "dunlin", "eider", "gannet", "goose", "grebe", "greylag", "heron",
        "knot", "lapwing", "linnet", "martin", "osprey", "ouzel", "plover", "redwing", "siskin", "snipe", "stork", "swallow", "tern",
        "wagtail", "wigeon",
    ]

    /// Such as `brave-heron-3f2a`: a name that another node is unlikely to have.
    static func random(_ randomness: any Randomness = SystemRandomness()) -> String {
        var generator = RandomnessGenerator(randomness)
        let words = [adjectives, birds].compactMap { $0.randomElement(using: &generator) }
        let digits = String(UInt32.random(in: 0x1000...0xffff, using: &generator), radix: 16)
        return (words + [digits]).joined(separator: "-")
    }
}
