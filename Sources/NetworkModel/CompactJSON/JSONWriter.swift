/// Writes a JSON value member by member: the counterpart of ``JSONNode``, for what is written with every transaction.
public struct JSONWriter {
    private let sink: JSONSink

    /// Where an encoder is to write a value.
    /// - Throws: an `EncodingError` if it is no encoder of ``CompactJSON``.
    public static func of(_ encoder: any Encoder, for value: some Encodable) throws -> JSONWriter {
        guard let encoder = encoder as? JSONSinkEncoder else {
            throw EncodingError.invalidValue(
                value, EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "only CompactJSON writes this"))
        }
        return JSONWriter(sink: encoder.sink)
    }

    public func object(_ members: () -> Void) { container(.object, members) }

    public func array<Element>(_ elements: some Sequence<Element>, _ write: (Element) -> Void) {
        container(.array) {
            for element in elements {
                sink.nextElement(at: sink.depth)
                write(element)
            }
        }
    }

    private func container(_ kind: JSONText.Kind, _ content: () -> Void) {
        let depth = sink.depth
        sink.begin(kind)
        content()
        sink.close(to: depth)
    }

    /// Begins a member of the innermost object: its value is what is written next.
    /// - Parameter name: without anything that has to be escaped.
    public func member(_ name: StaticString) -> JSONWriter {
        sink.nextMember(plain: name)
        return self
    }

    /// As ``member(_:)``, of a name that may be anything.
    public func member(named name: String) -> JSONWriter {
        sink.nextMember(name, at: sink.depth)
        return self
    }

    public func write(_ text: String) { sink.write(text) }
    public func write(_ value: Bool) { sink.write(value) }
    public func write(_ value: some FixedWidthInteger) { sink.write(value) }
    /// A value that is coded as its text.
    public func write(_ value: some TextValue) { sink.write(value.description) }

    /// A string of which nothing has to be escaped, in UTF-8.
    public func write(plain text: [UInt8]) { sink.write(plain: text) }
}
