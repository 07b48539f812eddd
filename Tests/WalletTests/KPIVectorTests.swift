import Codecs
import Money
import Testing
import Wallet

@Suite("Vectors: figures of nodes")
struct KPIVectorTests {
  @Test func `every summary of the vectors holds`() throws {
    for vector in try WalletVectors.cases("organization_kpi") {
      let records = try vector.list("records").map { record in
        DailyVolume(
          day: try #require(CivilDay(record.text("date"))), personal: try ExactDecimal(record.text("personal")),
          group: try ExactDecimal(record.text("group")), orders: record["orders"]?.uint64 ?? 0,
          left: try record["left"]?.string.map { try ExactDecimal($0) },
          right: try record["right"]?.string.map { try ExactDecimal($0) })
      }
      let name: Comment = "\(vector.text("name"))"
      do {
        let summary = try KPISummary(
          node: "node-1", tree: "binary", today: try #require(CivilDay(vector.text("today"))),
          days: Int(vector["days"]?.uint64 ?? 0), records: records)
        #expect(try summary.json() == vector["expected"], name)
      } catch let error as WalletError {
        #expect(error.code == .badDays && vector["error"] != nil, name)
      }
    }
  }

  @Test func `every reader of the vectors gets the answer that is theirs`() throws {
    let file = try WalletVectors.file("kpi_access")
    let ids = NodeCounter()
    var tree = OrganizationTree(.binary)
    try tree.createRoot(user: "root", id: ids.next())
    for number in 1...6 { _ = try tree.place(user: "m\(number)", sponsor: "root", nextID: { ids.next() }) }
    for node in file.list("tree") {
      let number = try #require(tree.number(id: node.text("node_id")))
      #expect(tree.nodes[number].user == node.text("user_id") && tree.path(of: number) == node.text("path"))
    }
    for vector in file.list("cases") {
      let path = vector.text("path").split(separator: "/").map(String.init)
      let refusal = KPIAccess.refusal(
        WalletAccess(vector.list("roles").compactMap(\.string)), user: vector.text("user_id"), tree: path[0],
        node: path[1], days: vector["days"]?.string ?? "7", trees: [tree])
      #expect(UInt64(refusal?.status ?? 200) == vector["status"]?.uint64, "\(vector)")
      if refusal != .unreadable { #expect((refusal?.rawValue).json == vector["detail"], "\(vector)") }
    }
  }

  @Test func `a day below a floor is told, and one on it is not`() throws {
    let today = try #require(CivilDay("2025-01-03"))
    let summary = try KPISummary(
      node: "n", tree: "binary", today: today, days: 1,
      records: [DailyVolume(day: today, personal: try ExactDecimal("1"), group: try ExactDecimal("3"))])
    let notice = try #require(summary.alert(personalFloor: try ExactDecimal("5"), groupFloor: try ExactDecimal("3")))
    #expect(notice.body == "KPI alert for node n (binary)\npersonal_volume below floor (1 < 5)")
    #expect(summary.alert(personalFloor: try ExactDecimal("1"), groupFloor: nil) == nil)
  }

  @Test func `days and times are those of the calendar`() throws {
    for text in ["1970-01-01", "2000-02-29", "2024-12-31", "2025-03-01", "0001-01-01", "1969-12-31"] {
      #expect(CivilDay(text)?.text == text)
    }
    #expect(CivilDay("2025-02-29") == nil && CivilDay("2025-13-01") == nil && CivilDay("25-01-01") == nil)
    let time = Timestamp(milliseconds: 1_735_732_859_999)
    #expect(CivilTime.text(time) == "2025-01-01T12:00:59+00:00" && CivilTime.digits(time) == "20250101120059")
    #expect(CivilDay(Timestamp(milliseconds: -1)).text == "1969-12-31")
  }
}
