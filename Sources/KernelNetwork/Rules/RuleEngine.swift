import CNFTables
import FoundationEssentials
import Glibc
import Synchronization

/// libnftables, with JSON in and out: libnftables-json(5). It acts on the namespace of the thread that makes it, and waits with
/// select(2): use it on a thread with descriptors of its own.
@safe struct RuleEngine: ~Copyable {
    /// The library keeps tables of its own that threads would share.
    private static let turn = Mutex(())

    private let context: OpaquePointer

    /// Runs work with an engine of its own, one at a time in the process.
    static func use<Value: Sendable>(_ work: (borrowing RuleEngine) throws(KernelError) -> Value) throws(KernelError) -> Value {
        let result: Result<Value, KernelError> = turn.withLock { _ in
            do throws(KernelError) {
                return .success(try work(try RuleEngine()))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init() throws(KernelError) {
        guard let context = unsafe nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) else { throw .current("cannot use nftables") }
        unsafe self.context = context
        unsafe nft_ctx_output_set_flags(context, UInt32(NFT_CTX_OUTPUT_JSON) | UInt32(NFT_CTX_OUTPUT_NUMERIC_PROTO))
        unsafe nft_ctx_buffer_output(context)
        unsafe nft_ctx_buffer_error(context)
    }

    deinit { unsafe nft_ctx_free(context) }

    /// Carries out commands, all or none.
    func run(_ commands: [JSONValue], _ operation: String) throws(KernelError) {
        guard let data = try? JSONEncoder().encode(["nftables": commands]) else {
            throw KernelError(.ruleset, "\(operation): the rules cannot be written as JSON")
        }
        _ = try run(String(decoding: data, as: UTF8.self), operation)
    }

    /// The objects that a `list` command gives.
    func list(_ command: String, _ operation: String) throws(KernelError) -> [JSONValue] {
        let text = try run(command, operation)
        guard case .array(let objects)? = JSONReader.read(text)?["nftables"] else {
            throw KernelError(.ruleset, "\(operation): libnftables answered with something else than a list")
        }
        return objects.filter { $0["metainfo"] == nil }
    }

    private func run(_ command: String, _ operation: String) throws(KernelError) -> String {
        let status = unsafe nft_run_cmd_from_buffer(context, command)
        let errors = unsafe nft_ctx_get_error_buffer(context).map { unsafe String(cString: $0) } ?? ""
        let output = unsafe nft_ctx_get_output_buffer(context).map { unsafe String(cString: $0) } ?? ""
        guard status == 0 else {
            throw KernelError(.ruleset, "\(operation): \(Self.words(errors))")
        }
        return output
    }

    /// The first line, without what the library puts before it.
    static func words(_ errors: String) -> String {
        guard let line = errors.split(separator: "\n").first else { return "nftables refused it" }
        guard let range = line.firstRange(of: "Error: ") else { return String(line) }
        let words = line[range.upperBound...]
        return words.prefix(1).lowercased() + words.dropFirst()
    }
}
