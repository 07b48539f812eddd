import Engine
import Money
import Terminal

/// Signs the heads of the audit chains every ten minutes and at the end.
final class Seal {
  private static let every: Int64 = 600_000
  private let app: App
  private let store: any PayoutStore
  private var at: Timestamp

  init(app: App, store: any PayoutStore) {
    self.app = app
    self.store = store
    at = app.clock.now()
  }

  func ifDue() {
    if app.clock.now().milliseconds - at.milliseconds >= Seal.every { now() }
  }

  /// A checkpoint that cannot be made is told, and tried again in ten minutes: it must not stop payments. Of two
  /// workers that seal at once one comes second, and has nothing to add.
  func now() {
    at = app.clock.now()
    do { _ = try app.audit(store).seal(at: at) } catch let error as StoreError where error.code == .conflict {
    } catch { app.terminal.note("audit checkpoint: \(EngineError(any: error).message)") }
  }
}
