import Broker
import Codecs
import Engine
import Redis

/// What brokers answer, and the setting that names one.
enum FuzzBrokers {
  /// The first two bytes say where the stream is cut: the pieces must read as the whole does.
  static func redis(_ input: [UInt8]) {
    guard input.count >= 2 else { return }
    let bytes = Array(input.dropFirst(2))
    let cut = (Int(input[0]) << 8 | Int(input[1])) % (bytes.count + 1)
    let (whole, isWholeSound) = replies([bytes])
    let (parts, arePartsSound) = replies([Array(bytes[..<cut]), Array(bytes[cut...])])
    promise(whole == parts && isWholeSound == arePartsSound, "a cut changes what is read")
    // A status that was read is sent and read again.
    for case .bytes(let word) in whole {
      var commands = RedisCommands("ECHO", word)
      commands.append([String(decoding: word, as: UTF8.self)])
      let (echo, isSound) = replies([commands.bytes])
      promise(isSound && echo.first == .array([.bytes(Array("ECHO".utf8)), .bytes(word)]), "a word changed on the way")
    }
  }

  private static func replies(_ pieces: [[UInt8]]) -> ([RedisReply], isSound: Bool) {
    guard let reader = try? RedisReader(mostBytes: 1 << 20, mostElements: 10_000) else { return ([], true) }
    var found: [RedisReply] = []
    do throws(RedisError) {
      for piece in pieces {
        try reader.feed(piece)
        while let reply = try reader.next() { found.append(reply) }
      }
    } catch { return (found, false) }
    return (found, true)
  }

  static func jetStream(_ input: [UInt8]) {
    let answer = JetStreamAnswer(input, from: "nats://host:4222")
    guard answer == .taken else { return }
    let json = try? JSON.parse(input)
    promise(json?["stream"]?.string != nil, "taken, and nobody says by whom")
    promise(json?["error"].map(\.isNull) ?? true, "taken, although it was refused")
  }

  static func queue(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    if let topic = try? Topic(text) {
      promise(topic.name == text && !text.contains("*") && !text.contains(" "), "a topic that is none")
    }
    guard let url = try? BrokerURL(text) else { return }
    if let password = url.password, password.utf8.count > 3, !url.shown.isEmpty {
      let bare = try? BrokerURL(url.shown)
      promise(bare?.password == nil, "a password is shown")
    }
    if case .redisSocket = url.kind { return }
    guard let again = try? BrokerURL(url.shown) else { broken("what is shown is no URL") }
    promise(again.shown == url.shown, "a URL changed on the way")
  }
}
