import Airdrop
import Codecs
import Files
import Foundation
import Glibc
import POSIX
import TestSupport
import Testing

@Suite("Files of an ingest")
struct FilesTests {
  @Test func `a file is read to its end, in pieces of any size`() throws {
    let folder = try TestFolder("files")
    let source = try SourceFile.open(try folder.write("hello, world", to: "a.csv"))
    #expect(source.size == 12)
    var buffer = [UInt8](repeating: 0, count: 8)
    var text: [UInt8] = []
    while case let count = try source.read(into: &buffer, 2..<7), count > 0 { text += buffer[2..<(2 + count)] }
    #expect(String(decoding: text, as: UTF8.self) == "hello, world" && buffer[0] == 0 && buffer[7] == 0)
  }

  @Test func `what is no readable file is refused`() throws {
    let folder = try TestFolder("files")
    for path in [folder.file("none.csv"), folder.path, "\(folder.path)/\0"] {
      let error = #expect(throws: IngestError.self) { try SourceFile.open(path) }
      #expect(error?.code == .unreadable)
    }
  }

  @Test func `a spill file has no name, grows and is read back anywhere`() throws {
    let folder = try TestFolder("files")
    let file = try SpillDirectory(folder.path).makeFile()
    #expect(try folder.names.isEmpty)
    try file.append(Array("abc".utf8))
    try file.append(Array("defgh".utf8))
    var buffer = [UInt8](repeating: 0x2e, count: 6)
    try file.read(at: 2, into: &buffer, 1..<5)
    #expect(buffer == Array(".cdef.".utf8))
    let error = #expect(throws: IngestError.self) { try file.read(at: 6, into: &buffer, 0..<6) }
    #expect(error?.code == .spillFailed)
  }

  @Test func `a spill directory that is not there is named`() {
    let error = #expect(throws: IngestError.self) { try SpillDirectory("/nonexistent/almoner").makeFile() }
    #expect(error?.code == .spillFailed && error?.message.contains("/nonexistent/almoner") == true)
  }

  @Test func `a full disk, a quota and a file size limit are all told as full`() {
    for number in [ENOSPC, EDQUOT, EFBIG] { #expect(FileError(number, "writing").code == .full) }
    #expect(FileError(EACCES, "x").code == .denied && FileError(EIO, "x").code == .io)
    #expect(FileError(ENOENT, "opening a file").message == "opening a file: No such file or directory")
  }

  @Test func `a rejects file appears complete, private, and in the place of an older one`() throws {
    let folder = try TestFolder("files")
    let path = try folder.write("old", to: "a.rejects")
    let file = RejectFile(path)
    #expect(try folder.names == ["a.rejects"])
    try file.append(Array("new ".utf8))
    try file.append(Array("rows".utf8))
    #expect(try folder.read("a.rejects") == "old")
    try file.finish()
    #expect(try folder.read("a.rejects") == "new rows" && mode(of: path) == 0o600)
    #expect(try folder.names == ["a.rejects"])
  }

  private func mode(of path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func `a rejects file that was not finished leaves the older one and nothing else`() throws {
    let folder = try TestFolder("files")
    let path = try folder.write("old", to: "a.rejects")
    var file: RejectFile? = RejectFile(path)
    try file?.append(Array("new".utf8))
    #expect(try folder.names == ["a.rejects", "a.rejects.part"])
    file = nil
    #expect(try folder.names == ["a.rejects"] && folder.read("a.rejects") == "old")
  }

  @Test func `a part left by a killed process is no hindrance, a link in its place is not followed`() throws {
    let folder = try TestFolder("files")
    let victim = try folder.write("precious", to: "victim")
    try FileManager.default.createSymbolicLink(atPath: folder.file("a.rejects.part"), withDestinationPath: victim)
    let file = RejectFile(folder.file("a.rejects"))
    try file.append(Array("row".utf8))
    try file.finish()
    #expect(try folder.read("a.rejects") == "row" && folder.read("victim") == "precious")
  }

  @Test func `a place that cannot be written refuses before anything is loaded`() throws {
    let desk = try IngestDesk()
    let file = RejectFile("/nonexistent/almoner/a.rejects")
    let error = #expect(throws: IngestError.self) {
      try desk.load(Array("address,amount\n\(wallet(1)),1\nbad,1\n".utf8), rejects: file)
    }
    #expect(error?.code == .rejectsUnwritable)
    #expect(try desk.rows.isEmpty)
  }

  @Test func `the content hash is SHA-256 of the bytes`() throws {
    let hasher = try StreamHashing().makeHasher()
    try hasher.update(Array("xabcx".utf8), 1..<3)
    try hasher.update(Array("xabcx".utf8), 3..<4)
    // FIPS 180-4, appendix B.1 of its predecessor: the digest of "abc".
    #expect(
      try hasher.finish().description == "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
