import DriverAPI
import NetworkModel
import Testing

@Suite struct `A pool's id` {
    @Test(arguments: [
        "skein/10.200.0.0/24", "skein/10.200.0.0/24/10.200.0.128/25", "skein/2001:db8:9::/64", "skein/2001:db8:9::/64/2001:db8:9::/80",
    ]) func `is read as it is written`(text: String) throws {
        #expect(try PoolID(text).description == text)
    }

    @Test(arguments: [
        "", "/", "skein", "skein/", "skein/10.0.0.0", "skein/10.0.0.0/24/", "skein/10.0.0.0/24/10.0.0.0", "skein/10.0.0.0/24/10.0.0.0/25/",
        "other/10.0.0.0/24", "skein/10.0.0.5/24", "skein/10.0.0.0/99", "skein//24", "skein////",
    ]) func `of another form is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try PoolID(text) }
    }
}
