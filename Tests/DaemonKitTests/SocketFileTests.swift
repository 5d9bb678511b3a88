import Foundation
import NetworkModel
import TestSupport
import Testing

@testable import DaemonKit

@Suite struct `The file of a socket` {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(lstat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    @Test func `begins where nobody else may look, and gets its place with its mode`() throws {
        let path = folder.file("a/api.sock")
        let file = try SocketFile(preparing: path)
        #expect(try mode(folder.file("a/.api.sock")) == 0o700)
        try Data().write(to: URL(filePath: file.staged))
        #expect(!FileManager.default.fileExists(atPath: path))
        try file.publish(to: nil)
        #expect(try mode(path) == 0o660)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("a")) == ["api.sock"])
        file.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("a")).isEmpty)
    }

    @Test func `takes over what a life left that was cut short before it had its place`() throws {
        let path = folder.file("api.sock")
        _ = try SocketFile(preparing: path)
        try Data().write(to: URL(filePath: folder.file(".api.sock/s")))
        chmod(folder.file(".api.sock"), 0o777)
        let file = try SocketFile(preparing: path)
        #expect(try mode(folder.file(".api.sock")) == 0o700)
        #expect(!FileManager.default.fileExists(atPath: file.staged))
    }

    @Test func `does not begin in a place that another has made`() throws {
        try FileManager.default.createSymbolicLink(atPath: folder.file(".api.sock"), withDestinationPath: "/tmp")
        let refusal = #expect(throws: DaemonError.self) { try SocketFile(preparing: folder.file("api.sock")) }
        #expect(refusal?.message.contains(folder.file(".api.sock")) == true)
    }

    @Test func `replaces nothing that is there when it gets its place`() throws {
        let file = try SocketFile(preparing: folder.file("api.sock"))
        try Data().write(to: URL(filePath: file.staged))
        try Data("another's".utf8).write(to: URL(filePath: file.path))
        #expect(throws: DaemonError.self) { try file.publish(to: nil) }
        #expect(try Data(contentsOf: URL(filePath: file.path)) == Data("another's".utf8))
    }

    @Test(.enabled(if: geteuid() == 0)) func `belongs to its group`() throws {
        let groups = folder.file("group")
        try Data("root:x:0:\nskein:x:4711:rose\n".utf8).write(to: URL(filePath: groups))
        let file = try SocketFile(preparing: folder.file("api.sock"))
        try Data().write(to: URL(filePath: file.staged))
        try file.publish(to: try #require(try SocketGroup.chosen(nil, in: groups)))
        let facts = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(facts[.groupOwnerAccountID] as? Int == 4711)
    }
}

@Suite struct `The group of a socket` {
    private func chosen(_ text: String?, _ groups: String) throws -> SocketGroup? {
        let folder = try TemporaryFolder()
        try Data(groups.utf8).write(to: URL(filePath: folder.file("group")))
        return try SocketGroup.chosen(text, in: folder.file("group"))
    }

    @Test func `is found by its name or its number`() throws {
        let groups = "root:x:0:\nskeins:x:1:\nadm:x:4:rose,iris\n"
        #expect(try chosen("adm", groups)?.id == 4)
        #expect(try chosen("77", groups)?.id == 77)
        #expect(try chosen(nil, groups) == nil)
        let refusal = #expect(throws: InvalidValue.self) { try chosen("nobody-here", groups) }
        #expect(refusal?.message.contains("\"nobody-here\"") == true)
    }
}
