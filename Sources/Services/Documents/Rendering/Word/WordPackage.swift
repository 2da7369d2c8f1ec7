/// A document as an Office Open XML package (ECMA-376, parts 1 and 2).
struct WordPackage: Sendable, Hashable {
  /// The parts with their names, in the order of the archive.
  let parts: [Part]

  struct Part: Sendable, Hashable {
    var name: String
    var content: String
  }

  /// The package of a document.
  init(_ content: DocumentContent, _ order: DocumentOrder) {
    var writer = WordWriter(order: order)
    writer.write(content)
    parts = [
      Part(name: "[Content_Types].xml", content: Self.contentTypes),
      Part(name: "_rels/.rels", content: Self.relationships),
      Part(name: "docProps/core.xml", content: Self.core(content.person, order.type)),
      Part(name: "docProps/app.xml", content: Self.application),
      Part(name: "word/document.xml", content: writer.document),
      Part(name: "word/_rels/document.xml.rels", content: writer.relationships),
      Part(name: "word/styles.xml", content: WordStyles(order).xml),
      Part(name: "word/numbering.xml", content: Self.numbering),
      Part(name: "word/settings.xml", content: Self.settings),
    ]
  }

  /// The archive.
  var bytes: [UInt8] {
    var archive = ZIPArchive()
    for part in parts { archive.add(part.name, Array(part.content.utf8)) }
    return archive.finish()
  }

  static let declaration = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"# + "\n"
  static let wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006"
  private static let package = "http://schemas.openxmlformats.org/package/2006"
  private static let word = "application/vnd.openxmlformats-officedocument.wordprocessingml"

  private static let contentTypes =
    declaration + """
      <Types xmlns="\(package)/content-types">\
      <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
      <Default Extension="xml" ContentType="application/xml"/>\
      <Override PartName="/word/document.xml" ContentType="\(word).document.main+xml"/>\
      <Override PartName="/word/styles.xml" ContentType="\(word).styles+xml"/>\
      <Override PartName="/word/numbering.xml" ContentType="\(word).numbering+xml"/>\
      <Override PartName="/word/settings.xml" ContentType="\(word).settings+xml"/>\
      <Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>\
      <Override PartName="/docProps/app.xml" \
      ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>
      """

  private static let relationships =
    declaration + """
      <Relationships xmlns="\(package)/relationships">\
      <Relationship Id="rId1" Type="\(office)/relationships/officeDocument" Target="word/document.xml"/>\
      <Relationship Id="rId2" Type="\(package)/relationships/metadata/core-properties" Target="docProps/core.xml"/>\
      <Relationship Id="rId3" Type="\(office)/relationships/extended-properties" Target="docProps/app.xml"/>\
      </Relationships>
      """

  /// The relationships of the document itself; its links come after the parts it consists of.
  static func documentRelationships(links: [String]) -> String {
    let parts = ["styles", "numbering", "settings"].enumerated().map { index, name in
      #"<Relationship Id="rId\#(index + 1)" Type="\#(office)/relationships/\#(name)" Target="\#(name).xml"/>"#
    }
    let links = links.enumerated().map { index, target in
      #"<Relationship Id="link\#(index + 1)" Type="\#(office)/relationships/hyperlink" "#
        + #"Target="\#(XMLText.escaped(target))" TargetMode="External"/>"#
    }
    return declaration + #"<Relationships xmlns="\#(package)/relationships">"# + (parts + links).joined()
      + "</Relationships>"
  }

  /// Title and author are the applicant's.
  private static func core(_ person: DocumentPerson, _ type: DocumentType) -> String {
    declaration + """
      <cp:coreProperties xmlns:cp="\(package)/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">\
      <dc:title>\(XMLText.escaped(TeXWriter.title(of: person, type)))</dc:title>\
      <dc:creator>\(XMLText.escaped(person.name))</dc:creator>\
      <cp:lastModifiedBy>\(XMLText.escaped(person.name))</cp:lastModifiedBy></cp:coreProperties>
      """
  }

  private static let application =
    declaration + """
      <Properties xmlns="\(office)/extended-properties"><Application>Celerity</Application></Properties>
      """

  private static let settings =
    declaration + """
      <w:settings xmlns:w="\(wordNamespace)"><w:zoom w:percent="100"/><w:compat>\
      <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>\
      </w:compat></w:settings>
      """

  /// One list: bullets.
  private static let numbering =
    declaration + """
      <w:numbering xmlns:w="\(wordNamespace)"><w:abstractNum w:abstractNumId="0">\
      <w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>\
      <w:lvlText w:val="•"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="227" w:hanging="227"/></w:pPr>\
      </w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>
      """
}
