import Foundation
import Redis
import TestSupport
import Testing

@Suite("Redis connection", .serialized)
struct RedisConnectionTests {
  static func connect(_ port: UInt16, _ limits: RedisConnection.Limits = .init()) throws -> RedisConnection {
    try RedisConnection(.tcp(host: "127.0.0.1", port: port), limits)
  }

  @Test func `any byte may stand in a word, and a pipeline is answered in order`() throws {
    let server = try BrokerServer(.redis)
    let connection = try Self.connect(server.port)
    let value: [UInt8] = [0, 13, 10, 255, 36, 42, 0]
    var commands = RedisCommands("SET", "k\u{0}\r\n", value)
    commands.append("GET", "k\u{0}\r\n")
    for n in 0..<20_000 { commands.append("ECHO", n) }
    commands.append("NOSUCH")
    commands.append(["RPUSH", "list", "a", "b"])
    commands.append("LRANGE", "list", Int64(0), -1)
    let replies = try connection.run(commands, timeoutMilliseconds: 20_000)
    #expect(replies.count == commands.count && replies[0] == .status("OK") && replies[1] == .bytes(value))
    #expect(replies[2..<20_002].enumerated().allSatisfy { $0.element.text == "\($0.offset)" })
    #expect(replies[20_002].error?.hasPrefix("ERR unknown command") == true)
    #expect(replies[20_003] == .integer(2) && replies[20_004] == .array([.bytes([97]), .bytes([98])]))
  }

  @Test func `a large value goes both ways while neither side reads first`() throws {
    let server = try BrokerServer(.redis)
    let connection = try Self.connect(server.port)
    let value = [UInt8](repeating: 7, count: 8 << 20)
    var commands = RedisCommands()
    for _ in 0..<4 { commands.append("ECHO", value) }
    let replies = try connection.run(commands, timeoutMilliseconds: 30_000)
    #expect(replies.allSatisfy { $0 == .bytes(value) } && replies.count == 4)
  }

  @Test func `a server that stops answering is waited for no longer than asked, and its connection is closed`() throws {
    let server = try BrokerServer(.redis)
    let connection = try Self.connect(server.port)
    server.pause(true)
    defer { server.pause(false) }
    let began = ContinuousClock.now
    let error = #expect(throws: RedisError.self) {
      try connection.run(RedisCommands("PING"), timeoutMilliseconds: 300)
    }
    #expect(error?.code == .timeout && ContinuousClock.now - began < .seconds(2))
    let later = #expect(throws: RedisError.self) { try connection.run(RedisCommands("PING"), timeoutMilliseconds: 300) }
    #expect(later?.code == .closed)
  }

  @Test func `a server that answers byte by byte does not stretch the time`() throws {
    let server = try ScriptedServer(Array(repeating: [UInt8(ascii: "+")], count: 1_000), pauseMilliseconds: 20)
    let connection = try Self.connect(server.port)
    let began = ContinuousClock.now
    let error = #expect(throws: RedisError.self) {
      try connection.run(RedisCommands("PING"), timeoutMilliseconds: 400)
    }
    #expect(error?.code == .timeout && ContinuousClock.now - began < .seconds(3))
  }

  @Test(
    arguments: [
      ("nonsense\r\n", [.malformed]), ("HTTP/1.1 200 OK\r\n\r\n", [.malformed]), ("", [.connectionLost]),
      ("*2147483647\r\n", [.tooLarge]), ("*99999999999999999999\r\n", [.malformed, .tooLarge]),
      ("*-7\r\n", [.malformed]), ("$-7\r\n", [.malformed]), ("$999999999999\r\nab", [.connectionLost, .tooLarge]),
      (":12x\r\n", [.malformed, .connectionLost]), (String(repeating: "*1\r\n", count: 40), [.malformed]),
      (String(repeating: "*1000\r\n", count: 7), [.connectionLost]),
      (String(repeating: "*200000\r\n*200000\r\n", count: 3), [.tooLarge]), ("*3\r\n+a\r\n", [.connectionLost]),
      ("%2\r\n+a\r\n+b\r\n+c\r\n+d\r\n", [.malformed]), ("$5\r\nabcdefgh\r\n", [.malformed, .connectionLost]),
    ] as [(String, [RedisError.Code])])
  func `an answer that is none is an error, and never the end`(answer: String, codes: [RedisError.Code]) throws {
    let server = try ScriptedServer([Array(answer.utf8)], thenCloses: true)
    let connection = try Self.connect(server.port)
    do throws(RedisError) {
      let replies = try connection.run(RedisCommands("PING"), timeoutMilliseconds: 3_000)
      // Only what hiredis takes for an answer may come through: never a crash, never an empty list.
      #expect(replies.count == 1, "\(answer)")
      #expect(answer.hasPrefix(":12x") || answer.hasPrefix("$5"), "\(answer): \(replies)")
    } catch {
      #expect(codes.contains(error.code), "\(answer): \(error)")
    }
  }

  @Test func `an answer that came before the question is never taken for its answer`() throws {
    let server = try ScriptedServer([Array("+one\r\n+two\r\n".utf8)])
    let connection = try Self.connect(server.port)
    #expect(try connection.run(RedisCommands("PING"), timeoutMilliseconds: 3_000) == [.status("one")])
    let error = #expect(throws: RedisError.self) {
      try connection.run(RedisCommands("PING"), timeoutMilliseconds: 3_000)
    }
    #expect(error?.code == .malformed)
  }

  @Test func `an answer without end is dropped at its limit`() throws {
    let server = try ScriptedServer(
      [Array("$100000000\r\n".utf8)] + Array(repeating: [UInt8](repeating: 97, count: 1 << 20), count: 64))
    var limits = RedisConnection.Limits()
    limits.mostReplyBytes = 4 << 20
    let connection = try Self.connect(server.port, limits)
    let error = #expect(throws: RedisError.self) {
      try connection.run(RedisCommands("PING"), timeoutMilliseconds: 20_000)
    }
    #expect(error?.code == .tooLarge)
  }

  @Test func `nobody listening, no such host, no such socket: cannot connect`() throws {
    let port = try LoopbackSocket.freePort()
    for address: RedisConnection.Address in [
      .tcp(host: "127.0.0.1", port: port), .tcp(host: "no-such-host.invalid", port: 1),
      .unix(path: "/nonexistent/socket"), .tcp(host: "", port: 1),
    ] {
      let error = #expect(throws: RedisError.self) { try RedisConnection(address) }
      #expect(error?.code == .cannotConnect, "\(address)")
    }
  }

  @Test func `a Unix socket is as good as a port`() throws {
    let server = try BrokerServer(.redis)
    let connection = try RedisConnection(.unix(path: server.socket))
    #expect(try connection.run(RedisCommands("PING"), timeoutMilliseconds: 5_000) == [.status("PONG")])
  }
}
