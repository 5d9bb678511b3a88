/// How objects are shown one by one: a JSON array as from `docker inspect`, or a template's text a line each.
struct InspectFormat {
    private let template: Template?

    init(_ format: String?) throws(TemplateFault) {
        switch format {
        case nil, "": template = nil
        case "json": template = try Template("{{json .}}")
        case .some(let format): template = try Template(format)
        }
    }

    func render(_ objects: [TemplateValue]) throws(TemplateFault) -> String {
        guard let template else { return TemplateValue.list(objects).indentedJSON + "\n" }
        var text = ""
        for object in objects { text += try template.render(object) + "\n" }
        return text
    }
}
