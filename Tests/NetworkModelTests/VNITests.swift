import NetworkModel
import Testing

@Suite struct VNITests {
    @Test(arguments: [UInt32(1), 256, 4097, 0xff_ffff])
    func `24 bits without zero are a VNI`(number: UInt32) throws {
        #expect(try VNI(number).rawValue == number)
    }

    @Test(arguments: [UInt32(0), 0x100_0000, .max])
    func `what does not fit is refused`(number: UInt32) {
        #expect(throws: InvalidValue("VNI \(number) is out of range: it must be 1 to 16777215")) { try VNI(number) }
    }

    @Test func `those given out start at 256, as Docker's do`() {
        #expect(VNI.allocatable == 256...16_777_215)
    }
}
