import NetworkModel
import TestSupport
import Testing

@testable import Commands

/// What `--format` prints of a network as it comes from a daemon.
@Suite struct TemplateTests {
    private static let value = TemplateValue.record(
        TemplateRecord(
            [
                .init(name: "Name", value: .string("multi")), .init(name: "Id", value: .string("1f2e3d4c5b6a")),
                .init(name: "Internal", value: .bool(false)), .init(name: "Count", value: .integer(3)),
                .init(name: "Empty", value: .list([])), .init(name: "Nothing", value: .null),
                .init(name: "Words", value: .list([.string("a"), .string("b")])),
                .init(name: "Labels", value: .map(["tier": .string("back"), "a.b": .string("c")])),
                .init(
                    name: "Containers",
                    value: .map([
                        "22": .record(TemplateRecord(["Name": "demo2", "IPv4Address": "10.0.0.3/24"])),
                        "11": .record(TemplateRecord(["Name": "demo1", "IPv4Address": "10.0.0.2/24"])),
                    ])),
                .init(
                    name: "IPAM",
                    value: .record(
                        TemplateRecord([.init(name: "Config", value: .list([.record(TemplateRecord(["Subnet": "10.0.0.0/24"]))]))]))),
            ], lookups: ["Label": ["tier": "back"]]))

    @Test(arguments: [
        // Fields
        ("{{.Name}}", "multi"), ("{{ .Name }}", "multi"), ("a {{.Name}} b", "a multi b"), ("{{.Id}} {{.ID}}", "1f2e3d4c5b6a 1f2e3d4c5b6a"),
        ("plain", "plain"), ("", ""), ("{{.Internal}} {{.Count}} {{.Nothing}}", "false 3 <no value>"),
        ("{{.Labels.tier}} {{.Labels.absent}}", "back <no value>"), ("{{.Words}} {{.Labels}}", "[a b] map[a.b:c tier:back]"),
        ("{{(index .IPAM.Config 0).Subnet}}", "10.0.0.0/24"), ("{{.IPAM.Config}}", "[{10.0.0.0/24}]"),
        // Ranges, in the order of the keys
        ("{{range .Containers}}{{.Name}} {{end}}", "demo1 demo2 "),
        ("{{range $k, $v := .Containers}}{{$k}}={{$v.Name}};{{end}}", "11=demo1;22=demo2;"),
        ("{{range $v := .Words}}<{{$v}}>{{end}}", "<a><b>"), ("{{range $i, $v := .Words}}{{$i}}{{$v}}{{end}}", "0a1b"),
        ("{{range .Empty}}x{{else}}none{{end}}", "none"), ("{{range .Words}}{{.}}{{$.Name}} {{end}}", "amulti bmulti "),
        // Conditions
        ("{{if .Internal}}yes{{else}}no{{end}}", "no"), ("{{if .Empty}}a{{else if .Name}}b{{else}}c{{end}}", "b"),
        ("{{if not .Internal}}open{{end}}", "open"), ("{{with .IPAM}}{{len .Config}}{{end}}", "1"),
        ("{{with .Empty}}x{{else}}y{{end}}", "y"), ("{{if eq .Name \"multi\"}}m{{end}}{{if ne .Count 3}}n{{end}}", "m"),
        ("{{if and .Name (gt .Count 2)}}both{{end}}", "both"), ("{{or .Internal .Name}}", "multi"), ("{{and .Internal .Missing}}", "false"),
        ("{{if eq .Name \"a\" \"multi\"}}any{{end}}", "any"), ("{{lt 1 2}} {{le 2 2}} {{ge 1 2}}", "true true false"),
        // Functions and pipelines
        ("{{json .Words}}", #"["a","b"]"#), ("{{.Labels | json}}", #"{"a.b":"c","tier":"back"}"#),
        ("{{.Name | upper | printf \"%s!\"}}", "MULTI!"),
        ("{{join .Words \", \"}}", "a, b"), ("{{range split \"x,y\" \",\"}}[{{.}}]{{end}}", "[x][y]"),
        ("{{lower \"ABC\"}} {{title \"ab cd\"}}", "abc Ab Cd"),
        ("{{index .Labels \"a.b\"}}{{index .Labels \"none\"}}", "c"), ("{{len .Name}} {{len .Containers}}", "5 2"),
        ("{{printf \"%-8s|%4d|%v|%q|%%\" .Name .Count .Internal .Name}}", "multi   |   3|false|\"multi\"|%"),
        ("{{truncate .Id 4}} {{slice .Id 0 3}}", "1f2e 1f2"), ("{{pad .Name 1 2}}|", " multi  |"), ("{{println .Name 1}}", "multi 1\n"),
        ("{{print 1 2 .Name}}", "1 2multi"), ("{{.Label \"tier\"}}{{.Label \"none\"}}", "back"), ("{{\"a\\tb\"}}{{`c\\t`}}", "a\tbc\\t"),
        // Variables, comments, white space
        ("{{$n := .Name}}{{$n}}", "multi"), ("{{$n := 1}}{{if true}}{{$n = 2}}{{end}}{{$n}}", "2"), ("a{{/* remark */}}b", "ab"),
        ("a  {{- .Count -}}  b", "a3b"), ("a {{- /* remark */ -}} b", "ab"), ("{{- .Name}} x", "multi x"),
    ])
    func `a template renders as in Go`(template: String, expected: String) throws {
        #expect(try Template(template).render(Self.value) == expected)
    }

    @Test(arguments: [
        ("{{.Name", "not closed"), ("{{", "not closed"), ("{{.Foo}}", "no field \"Foo\""), ("{{.Name.Foo}}", "no field \"Foo\" in a text"),
        ("{{foo .Name}}", "function \"foo\" is not defined"), ("{{if .Name}}x", "{{if}} has no {{end}}"), ("{{end}}", "unexpected {{end}}"),
        ("{{else}}", "unexpected {{else}}"), ("{{range .Name}}{{end}}", "cannot go over a text"), ("{{template \"x\"}}", "not supported"),
        ("{{}}", "empty"), ("{{\"x}}", "not closed with \""), ("{{.Name | .Name}}", "cannot be called"),
        ("{{.Name | 3}}", "only a function"),
        ("{{index .Words 7}}", "out of range: there are 2"), ("{{len .Count}}", "len of a number"),
        ("{{upper .Count}}", "upper of a number"),
        ("{{eq .Name 3}}", "cannot be compared"), ("{{printf \"%z\" 1}}", "does not know %z"), ("{{printf \"%d\"}}", "needs 2 values"),
        ("{{$x}}", "variable $x is not defined"), ("{{(.Name}}", "parenthesis"), ("{{.Name 1}}", "cannot be called"),
        ("{{1 2}}", "cannot be called"),
        ("{{slice .Name 3 99}}", "out of range"), ("{{json}}", "needs 1 value"), ("{{@}}", "unexpected \"@\""),
        ("{{99999999999999999999x}}", "not a number"),
    ])
    func `a mistake is named, and the template with it`(template: String, problem: String) {
        let fault = #expect(throws: TemplateFault.self) { try Template(template).render(Self.value) }
        #expect(fault?.message.hasPrefix("invalid template \"\(template)\": ") == true)
        #expect(fault?.message.contains(problem) == true, "\(fault?.message ?? "")")
    }

    @Test func `the head of a table leaves functions out`() throws {
        let captions = TemplateValue.record(TemplateRecord(["Name": "NAME", "Labels": "LABELS"], lookups: ["Label": [:]]))
        #expect(
            try Template("{{lower .Name}}\t{{json .Labels}}\t{{.Label \"com.example.my-tier\"}}").renderHeader(captions)
                == "NAME\tLABELS\tMY TIER")
    }

    /// Whatever a user writes is rendered or refused.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `no text of a template traps`(seed: UInt64) {
        let words = [
            "{{", "}}", "{{-", " -}}", ".", ".Name", ".Words", ".Labels", ".Containers", "$", "$x", ":=", "=", ",", "|", "(", ")", " ",
            "if ",
            "else", "end", "range ", "with ", "index ", "slice ", "printf ", "\"%-9999999999s\"", "truncate ", "pad ", "-1",
            "9223372036854775807",
            "1e300", "len ", "json", "eq ", "lt ", "\"", "`", "/*", "*/", "\\", "ü", "nil", "true", "split ",
        ]
        var generator = RandomnessGenerator(SeededRandomness(seed: seed))
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 1...16, using: &generator)).map { _ in words.randomElement(using: &generator) ?? "" }.joined()
            for candidate in [text, "{{" + text + "}}", "{{range .Words}}{{" + text + "}}{{end}}"] {
                do throws(TemplateFault) {
                    _ = try Template(candidate).render(Self.value)
                } catch {
                    #expect(!error.message.isEmpty)
                }
            }
        }
    }
}
