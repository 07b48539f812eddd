@testable import Commands
import Testing

@Suite("Settings")
struct SettingsTests {
  private func settings(
    flags: [String: String] = [:], environment: [String: String] = [:], file: [String: String] = [:]
  ) throws(CommandError) -> Settings {
    try Settings(flags: flags, environment: environment, file: file)
  }

  private func refusal(flags: [String: String] = [:], environment: [String: String] = [:]) -> CommandError? {
    do throws(CommandError) {
      _ = try settings(flags: flags, environment: environment)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a flag beats the environment, which beats the file, which beats the default`() throws {
    let name = "AM_MAX_BATCH_SIZE"
    let all = try settings(flags: [name: "1"], environment: [name: "2"], file: [name: "3"])
    #expect(all[name] == "1" && all.value(name)?.source == .flag)
    let two = try settings(environment: [name: "2"], file: [name: "3"])
    #expect(two[name] == "2" && two.value(name)?.source == .environment)
    let one = try settings(file: [name: "3"])
    #expect(one[name] == "3" && one.value(name)?.source == .file)
    let none = try settings()
    #expect(none[name] == "500" && none.value(name)?.source == .standard)
  }

  @Test func `an empty value counts as not set, and hides nothing`() throws {
    let made = try settings(environment: ["AM_KEYSTORE": ""])
    #expect(made["AM_KEYSTORE"] == nil)
    #expect(throws: CommandError.self) { try made.required("AM_KEYSTORE", for: "signing") }
  }

  @Test func `a name that is no setting is refused with the nearest one`() {
    let error = refusal(environment: ["AM_EVM_RCP": "http://127.0.0.1"])
    #expect(error?.code == .unknownSetting)
    #expect(error?.message == "AM_EVM_RCP (environment) is not a setting")
    #expect(error?.hint == "did you mean AM_EVM_RPC?")
  }

  @Test func `other variables of the environment are not looked at`() {
    #expect(refusal(environment: ["PATH": "/bin", "AMERICA": "x", "am_db_dsn": "y"]) == nil)
  }

  @Test(arguments: SettingSpec.all.filter { $0.notYet != nil }.map(\.name))
  func `a setting whose feature is not built is refused, never ignored`(name: String) {
    let error = refusal(environment: [name: "1"])
    #expect(error?.code == .notSupported)
    #expect(error?.message.contains(name) == true)
    #expect(error?.hint?.isEmpty == false)
  }

  @Test func `production is refused without a rule of approvals, and says so`() {
    let error = refusal(environment: ["AM_MODE": "production"])
    #expect(error?.code == .missingSetting)
    #expect(error?.message.contains("AM_APPROVALS") == true)
    #expect(error?.hint?.contains("leave AM_MODE unset") == true)
    #expect(refusal(environment: ["AM_MODE": "production", "AM_APPROVALS": ""])?.code == .missingSetting)
    #expect(refusal(environment: ["AM_MODE": "production", "AM_APPROVALS": "2/3"]) == nil)
    #expect(refusal(environment: ["AM_MODE": "prod"])?.code == .notSupported)
    #expect(refusal(environment: ["AM_MODE": "development"]) == nil)
  }

  @Test func `the refusals reach the shell with their exit code and one JSON line`() throws {
    for (name, value) in [("AM_MODE", "production"), ("AM_PROMETHEUS", "1"), ("AM_NOTHING", "1")] {
      let run = shell("config", "check", "--json", environment: [name: value])
      #expect(run.status == .config)
      #expect(run.out.split(separator: "\n").count == 1)
      #expect(run.out.contains("\"event\":\"error\""))
    }
  }

  @Test(arguments: ["0", "x", "1e3", "10001", "-5", " 7"])
  func `a number out of its range names its setting`(text: String) throws {
    let made = try settings(environment: ["AM_MAX_BATCH_SIZE": text])
    let error = #expect(throws: CommandError.self) { try made.number("AM_MAX_BATCH_SIZE", in: 1...10_000) }
    #expect(error?.code == .badSetting)
    #expect(error?.message.contains("AM_MAX_BATCH_SIZE=\(text)") == true)
  }

  @Test func `a file of settings has comments, spaces and either line end`() throws {
    let read = try Settings.parse(file: "# desk\r\n\n  AM_POLL_MS=20\r\n\tAM_EVM_RPC=http://a/?k=v,http://b  \n")
    #expect(read == ["AM_POLL_MS": "20", "AM_EVM_RPC": "http://a/?k=v,http://b"])
  }

  @Test(arguments: ["AM_POLL_MS", "POLL=1", "AM_POLL_MS=1\nAM_POLL_MS=2", "=1", "export AM_POLL_MS=1"])
  func `a file that is not NAME=VALUE once per name is refused with its line`(text: String) {
    let error = #expect(throws: CommandError.self) { try Settings.parse(file: text) }
    #expect(error?.code == .badSetting)
    #expect(error?.message.contains("line ") == true)
  }

  @Test func `the settings file is read from --config, and must exist`() throws {
    let scratch = try Scratch()
    try scratch.write("AM_MAX_BATCH_SIZE=42\n", to: "desk.conf")
    let run = shell("config", "check", "--config", scratch("desk.conf"))
    #expect(run.out.contains("42"))
    let missing = shell("config", "check", "--config", scratch("nothing.conf"))
    #expect(missing.status == .noInput)
    #expect(missing.error.contains("command.cannot_read"))
  }

  @Test func `config check hides what stands behind the host of a node's URL`() {
    let run = shell(
      "config", "check",
      environment: ["AM_EVM_RPC": "https://user:pass@node.example/v3/s3cr3tk3y,http://127.0.0.1:8545"])
    #expect(run.out.contains("https://node.example/..."))
    #expect(!run.out.contains("s3cr3tk3y") && !run.out.contains("user:"))
    #expect(!run.error.contains("s3cr3tk3y"))
  }
}
