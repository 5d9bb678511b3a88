/// How long an engine may take.
enum DockerBound {
    /// To tell what it has. It holds a container's lock while it starts it, and tells of it afterwards.
    static let telling = Duration.seconds(8)
    /// To do what makes it call its drivers, each of which it asks again for up to a quarter of a minute.
    static let driving = Duration.seconds(45)
    /// To begin to tell its events, or its version.
    static let greeting = Duration.seconds(3)
}
