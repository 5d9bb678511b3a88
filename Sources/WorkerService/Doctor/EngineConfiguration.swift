import FoundationEssentials

/// What a Docker engine was started with, as far as it concerns Skein: its command line and its configuration file.
struct EngineConfiguration: Hashable, Sendable {
    /// Where the file is, there or not.
    var file: String
    /// Why the file cannot be read as JSON.
    var fileFault: String?
    /// Whether the file was changed after the engine had started.
    var isFileNewer = false
    /// The servers that containers ask, in their order.
    var dns: [String]
    /// The engine's own cluster store (engines before 23.0).
    var clusterStore: String?

    /// Docker's own default (dockerd(8)).
    static let standardFile = "/etc/docker/daemon.json"

    /// - Parameters:
    ///   - arguments: the engine's command line without its name.
    ///   - text: of the file; nil if there is none.
    init(arguments: [String], file text: String?) {
        file = Self.file(in: arguments)
        dns = Self.values(of: "dns", in: arguments)
        clusterStore = Self.values(of: "cluster-store", in: arguments).last
        guard let text, text.contains(where: { !$0.isWhitespace }) else { return }
        do {
            let body = try JSONDecoder().decode(File.self, from: Data(text.utf8))
            // The engine refuses to start when an option is in both places.
            dns += body.dns ?? []
            clusterStore = clusterStore ?? body.clusterStore
        } catch {
            fileFault = "\(error)"
        }
    }

    static func file(in arguments: [String]) -> String {
        values(of: "config-file", in: arguments).last ?? standardFile
    }

    /// Long options as pflag reads them: `--name value` or `--name=value`, any number of times.
    static func values(of name: String, in arguments: [String]) -> [String] {
        var values: [String] = []
        for (index, argument) in arguments.enumerated() {
            if argument.hasPrefix("--\(name)=") {
                values.append(String(argument.dropFirst(name.utf8.count + 3)))
            } else if argument == "--\(name)", index + 1 < arguments.count {
                values.append(arguments[index + 1])
            }
        }
        return values
    }

    private struct File: Decodable {
        let dns: [String]?
        let clusterStore: String?

        enum CodingKeys: String, CodingKey {
            case dns
            case clusterStore = "cluster-store"
        }
    }
}
