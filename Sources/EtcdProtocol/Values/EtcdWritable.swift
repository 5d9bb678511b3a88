public import NetworkModel

/// A request, or a part of one, that writes itself member by member: those that every transaction sends.
public protocol EtcdWritable: Encodable {
    func write(to json: JSONWriter)
}

extension EtcdWritable {
    public func encode(to encoder: any Encoder) throws {
        write(to: try JSONWriter.of(encoder, for: self))
    }
}

/// Members as the gateway reads them: left out when they are zero or empty (proto3's JSON mapping).
extension JSONWriter {
    func member(_ name: StaticString, _ bytes: [UInt8]) {
        if !bytes.isEmpty { member(name).write(plain: Base64.text(of: bytes)) }
    }

    func member(_ name: StaticString, _ number: Int64) {
        if number != 0 { member(name).write(String(number)) }
    }

    func member(_ name: StaticString, _ value: Bool) {
        if value { member(name).write(true) }
    }

    func member<Value: EtcdEnum>(_ name: StaticString, _ value: Value) {
        if value != .etcdZero { member(name).write(value.rawValue) }
    }

    func member(_ name: StaticString, _ messages: [some EtcdWritable]) {
        if !messages.isEmpty { member(name).array(messages) { $0.write(to: self) } }
    }
}
