import Testing

@Suite("Telling code from text")
struct SwiftTextTests {
  @Test(
    arguments: [
      ("let a = 1 // try! b", "let a = 1 "),
      ("a /* x /* y */ z */ b", "a  b"),
      ("let a = \"say \\\"try!\\\"\" + b", "let a = \"\" + b"),
      ("let a = #\"raw \\ \"quote\" \"#; b", "let a = \"\"; b"),
      ("let a = \"\"; b!", "let a = \"\"; b!"),
      ("let a = \"\"\"\n  as! \"x\"\n  \"\"\"\nb", "let a = \"\"\n\n\nb"),
    ])
  func `comments and strings go, code and lines stay`(text: String, code: String) {
    #expect(SwiftText.code(of: text) == code)
  }
}
