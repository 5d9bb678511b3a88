/// How objects are shown one by one: a JSON array as from `docker inspect`, or a template's text a line each.
struct InspectFormat {
    private enum Form {
        case indented
        case oneLine
        case template(Template)
    }

    private let form: Form

    init(_ format: String?) throws(TemplateFault) {
        switch format {
        case nil, "": form = .indented
        case "json": form = .oneLine
        case .some(let format): form = .template(try Template(format))
        }
    }

    /// All objects: those of a command that takes several names.
    func render(_ objects: [TemplateValue]) throws(TemplateFault) -> String {
        switch form {
        case .indented: TemplateValue.list(objects).indentedJSON + "\n"
        case .oneLine: TemplateValue.list(objects).json + "\n"
        case .template(let template): try Self.render(objects, by: template)
        }
    }

    /// The one object of a command that shows always one.
    func render(_ object: TemplateValue) throws(TemplateFault) -> String {
        switch form {
        case .indented: object.indentedJSON + "\n"
        case .oneLine: object.json + "\n"
        case .template(let template): try Self.render([object], by: template)
        }
    }

    private static func render(_ objects: [TemplateValue], by template: Template) throws(TemplateFault) -> String {
        var text = ""
        for object in objects { text += try template.render(object) + "\n" }
        return text
    }
}
