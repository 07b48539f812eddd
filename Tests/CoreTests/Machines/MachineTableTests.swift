import Payouts
import Testing

@Suite("Machines against the models' table")
struct MachineTableTests {
  let model: ModelTable
  init() throws { model = try ModelTable() }

  @Test func `the machines take exactly the moves of the table`() {
    #expect(MachineTable.moves.subtracting(model.common).sorted() == [], "moves that the table does not have")
    #expect(model.common.subtracting(MachineTable.moves).sorted() == [], "moves that the machines refuse")
    #expect(model.common.count > 25)
  }

  @Test func `every life begins in the state that the table says`() {
    let births: Set<Move> = [
      Move(machine: "batch", from: "none", event: "intended", to: BatchState.live.rawValue),
      Move(machine: "attempt", from: "none", event: "intended", to: AttemptState.intended.rawValue),
    ]
    #expect(model.births == births)
  }

  @Test func `no move of another rail is taken here`() {
    #expect(model.ofOtherRails.intersection(MachineTable.moves).isEmpty)
    #expect(model.ofOtherRails.allSatisfy { $0.machine == "batch" && $0.from == BatchState.live.rawValue })
  }
}
