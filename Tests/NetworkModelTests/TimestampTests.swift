import NetworkModel
import Testing

@Suite struct TimestampTests {
    /// Known instants: seconds since the epoch as `date -u -d … +%s` gives them.
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000000000Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
        (951_868_799_999_999_999, "2000-02-29T23:59:59.999999999Z"),
        (1_234_567_890_123_456_789, "2009-02-13T23:31:30.123456789Z"),
        (1_767_225_600_000_000_000, "2026-01-01T00:00:00.000000000Z"),
        (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000000000Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
        (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000000000Z"),
        (.max, "2262-04-11T23:47:16.854775807Z"),
        (.min, "1677-09-21T00:12:43.145224192Z"),
    ])
    func `an instant is written as RFC 3339 in UTC with nine decimals`(nanoseconds: Int64, text: String) {
        #expect(Timestamp(nanoseconds: nanoseconds).description == text)
    }

    @Test func `instants are ordered`() {
        #expect(Timestamp(nanoseconds: -5) < Timestamp(nanoseconds: 3))
    }

    @Test func `the host's time of day is after this was written`() {
        #expect(SystemTime().now() > Timestamp(nanoseconds: 1_767_225_600_000_000_000))
    }
}
