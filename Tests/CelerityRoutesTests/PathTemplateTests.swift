import CelerityRoutes
import Testing

@Suite struct PathTemplateTests {
  @Test(arguments: [
    ("/tasks/{id}:cancel", ["id"], "/tasks/{}:cancel", "tasks"),
    ("/files/{folder}/{name}", ["folder", "name"], "/files/{}/{}", "files"),
    ("/{page}", ["page"], "/{}", ""),
    ("/", [], "/", ""),
    ("/a/b", [], "/a/b", "a"),
    ("/a/{open", [], "/a/{open", "a"),
  ])
  func `A template knows its parameters, its shape and its first segment`(
    text: String, names: [String], shape: String, first: String
  ) {
    let template = PathTemplate(text)
    #expect(template.parameterNames == names)
    #expect(template.shape == shape)
    #expect(template.firstSegment == first)
    #expect(template.description == text)
  }

  @Test func `A prefix comes before the path, and the root becomes the prefix itself`() {
    let template: PathTemplate = "/tasks/{id}:cancel"
    #expect(template.prefixed("/finance").description == "/finance/tasks/{id}:cancel")
    #expect(template.prefixed("/finance").firstSegment == "finance")
    #expect(template.prefixed("/finance").parameterNames == ["id"])
    #expect(PathTemplate("/").prefixed("/finance") == "/finance")
  }

  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("a%41b", "aAb"), ("%2f%2F", "//"), ("%25", "%"), ("%2541", "%41"),
    ("%e2%82%ac", "€"), ("%E2%82%AC", "€"), ("€", "€"), ("a+b", "a+b"), ("%F0%9F%98%80", "😀"), ("%7f", "\u{7F}"),
  ])
  func `Escapes are decoded once`(text: String, decoded: String) {
    #expect(percentDecoded(text) == decoded)
  }

  @Test(arguments: [
    "%", "a%", "%4", "%4x", "%x4", "%%41", "%0", "%00", "a%00b", "\0", "%FF", "%C0%AF", "%C3", "%ED%A0%80",
    "%F4%90%80%80", "% 41", "%+1", "%-1",
  ])
  func `A broken escape, a NUL and what is no UTF-8 are refused`(text: String) {
    #expect(percentDecoded(text) == nil)
    #expect(percentDecoded(text, plusIsSpace: true) == nil)
  }

  @Test func `A plus is a space in a query only, and only when it is not escaped`() {
    #expect(percentDecoded("a+b%2Bc%20d", plusIsSpace: true) == "a b+c d")
    #expect(percentDecoded("a+b%2Bc%20d") == "a+b+c d")
  }

  @Test func `A part of a longer text is decoded as well`() {
    #expect(percentDecoded("x=%41".dropFirst(2)) == "A")
  }
}
