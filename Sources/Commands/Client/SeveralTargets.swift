import ArgumentParser
import NetworkModel

/// Commands that take several names do what they can, and tell of each name that fails.
enum SeveralTargets {
    /// - Throws: the exit status 1 when one failed; its sentence is told already.
    static func each(_ names: [String], _ body: (String) async throws -> Void) async throws {
        var hasFailed = false
        for name in names {
            do {
                try await body(name)
            } catch let fault as any Fault {
                Console.complain(fault.message)
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

    /// Shows what was found, and then tells what was not.
    static func inspect(
        _ names: [String], format: String?, _ find: (String) async throws -> TemplateValue
    ) async throws {
        let format = try InspectFormat(format)
        var found: [TemplateValue] = []
        var faults: [any Fault] = []
        for name in names {
            do {
                found.append(try await find(name))
            } catch let fault as any Fault {
                faults.append(fault)
            }
        }
        Console.print(try format.render(found))
        for fault in faults { Console.complain(fault.message) }
        if !faults.isEmpty { throw ExitCode.failure }
    }
}
