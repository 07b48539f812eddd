import Engine
import Keys
import SQLite
import Store

/// A migrated, empty store: most worlds start from it, since the migrations are the same each time.
enum Template {
  private static let made: Result<DiskImage, StoreError> = {
    do throws(StoreError) {
      let disk: FaultDisk
      do throws(SQLiteError) { disk = try FaultDisk(seed: 1) } catch { throw StoreError(.unavailable, error.message) }
      _ = try SQLiteStore(path: World.path, vfs: disk.name, exclusive: true, sha256: OpenSSLHashing())
      return .success(disk.image)
    } catch { return .failure(error) }
  }()

  static func image() throws(StoreError) -> DiskImage { try made.get() }
}
