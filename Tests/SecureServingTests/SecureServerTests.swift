import ClusterAuthority
import FoundationEssentials
import HTTPTransport
import Logging
import NetworkModel
import TestSupport
import Testing

@testable import SecureServing

@Suite struct `A server with certificates` {
    private let certificates: Certificates

    init() throws {
        certificates = try Certificates()
    }

    @Test func `serves who shows one of its authority`() async throws {
        let client = try certificates.client()
        try await serving(try certificates.server()) { server in
            #expect(try await server.ask(client).body == Array("hello".utf8))
            let large = HTTPTransport.HTTPRequest(
                method: "POST", url: server.url, body: [UInt8](repeating: 7, count: 3_000_000), connectTimeout: .seconds(20))
            let answer = try await HTTPClient(tls: client, logger: RecordingLog().logger).send(large)
            #expect(answer.body == Array("3000000".utf8))
            #expect(server.log.lines(.warning).isEmpty)
        }
    }

    @Test func `turns away who shows none, and says so once`() async throws {
        let files = try certificates.server()
        try await serving(files) { server in
            let refusal = await server.refusal(TLSFiles(caFile: files.authorities))
            #expect(refusal?.code == .tls)
            #expect(refusal?.mayHaveBeenSent == false)
            let reason = "no trusted connection to 127.0.0.1:\(server.port): it asks for a certificate of ours"
            #expect(refusal?.message.hasPrefix(reason) == true)
            try await eventually("the server has told of it") { !server.log.lines(.warning).isEmpty }
            let lines = server.log.lines(.warning)
            #expect(lines.count == 1)
            #expect(lines.first?.contains("cause=it showed no certificate peer=127.0.0.1:") == true)
        }
    }

    @Test func `turns away who shows one of another authority`() async throws {
        let others = try Certificates()
        let stranger = try others.client(of: certificates)
        try await serving(try certificates.server()) { server in
            let refusal = await server.refusal(stranger)
            #expect(refusal?.message.contains("it does not accept the certificate") == true)
            try await eventually("the server has told of it") {
                server.log.lines(.warning).first?.contains("not of this cluster's authority") == true
            }
        }
    }

    @Test func `is not taken for another by its clients`() async throws {
        let stranger = try Certificates()
        let client = try certificates.client(of: stranger)
        let local = try certificates.client(name: "second")
        try await serving(try certificates.server()) { server in
            #expect(await server.refusal(client)?.message.contains("signed by none of the authorities") == true)
            let elsewhere = try? await server.ask(local, url: "https://[::1]:\(server.port)/hello")
            #expect(elsewhere == nil)
            try await eventually("the server has told of it") { !server.log.lines(.warning).isEmpty }
        }
    }

    @Test func `tells who speaks plain HTTP in plain HTTP`() async throws {
        try await serving(try certificates.server()) { server in
            let answer = try await server.ask(nil, url: "http://127.0.0.1:\(server.port)/hello")
            #expect(answer.status == 400)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("client sent an HTTP request to an HTTPS server"))
            let lines = server.log.lines(.warning)
            #expect(lines.count == 1)
            #expect(lines.first?.contains("it does not speak TLS") == true)
        }
    }

    @Test func `lets its last words arrive though the peer has sent more than anybody read`() async throws {
        try await serving(try certificates.server()) { server in
            let request = HTTPTransport.HTTPRequest(
                method: "POST", url: "http://127.0.0.1:\(server.port)/hello", body: [UInt8](repeating: 7, count: 200_000),
                connectTimeout: .seconds(20))
            let client = try HTTPClient(logger: RecordingLog().logger)
            for _ in 0..<20 { #expect(try await client.send(request).status == 400) }
        }
    }

    @Test func `is not disturbed by who says nothing, or nothing sensible`() async throws {
        let client = try certificates.client()
        try await serving(try certificates.server()) { server in
            let port = try #require(UInt16(exactly: server.port))
            #expect(LoopbackPorts.isOpen(port))
            // The head of a record of TLS, and rubbish.
            _ = try await shell("exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\\026\\003\\001\\000\\004rubbish' >&3; timeout 5 cat <&3")
            try await eventually("the server has told of it") { server.log.lines(.warning).count == 1 }
            #expect(try await server.ask(client).status == 200)
            try await eventually("a look at the port is no event") { server.log.lines(.debug).count == 1 }
        }
    }

    @Test func `speaks no TLS before 1.2`() async throws {
        try await serving(try certificates.server()) { server in
            let output = try await shell(
                "openssl s_client -connect 127.0.0.1:\(server.port) -tls1_1 -cipher ALL:@SECLEVEL=0 </dev/null 2>&1")
            #expect(output.contains("alert protocol version"))
            try await eventually("the server has told of it") {
                server.log.lines(.warning).first?.contains("it speaks no version of TLS from 1.2 on") == true
            }
        }
    }
}
