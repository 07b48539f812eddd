import CSQLite
import Synchronization

/// The C side of `FaultDisk`: the tables of functions that SQLite calls. Source: https://sqlite.org/vfs.html
///
/// A file is SQLite's own block of memory: its `sqlite3_file`, then the address of the disk, then the handle's number.
/// Every open file holds a reference to the disk, so the address is good whenever SQLite calls.
enum FaultVFS {
  private static let diskOffset = unsafe MemoryLayout<sqlite3_file>.stride
  private static let handleOffset = diskOffset + MemoryLayout<UInt>.stride
  private static let fileSize = handleOffset + MemoryLayout<Int>.stride

  // MARK: Registration

  /// A VFS that is not registered yet. `retire` frees it.
  static func make(_ name: String) -> UnsafeMutablePointer<sqlite3_vfs> {
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    unsafe vfs.initialize(to: sqlite3_vfs())
    let utf8 = Array(name.utf8CString)
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: utf8.count)
    unsafe text.initialize(from: utf8, count: utf8.count)
    unsafe vfs.pointee.iVersion = 2
    unsafe vfs.pointee.szOsFile = Int32(fileSize)
    unsafe vfs.pointee.mxPathname = 512
    unsafe vfs.pointee.zName = UnsafePointer(text)
    unsafe vfs.pointee.xOpen = open
    unsafe vfs.pointee.xDelete = delete
    unsafe vfs.pointee.xAccess = access
    unsafe vfs.pointee.xFullPathname = fullPathname
    unsafe vfs.pointee.xRandomness = randomness
    unsafe vfs.pointee.xSleep = { _, microseconds in microseconds }
    unsafe vfs.pointee.xCurrentTime = { _, out in
      unsafe out?.pointee = 2_461_000.5
      return SQLITE_OK
    }
    unsafe vfs.pointee.xCurrentTimeInt64 = { _, out in
      unsafe out?.pointee = 212_630_443_200_000
      return SQLITE_OK
    }
    return unsafe vfs
  }

  static func register(_ vfs: UnsafeMutablePointer<sqlite3_vfs>, for disk: FaultDisk) throws(SQLiteError) {
    unsafe vfs.pointee.pAppData = Unmanaged.passUnretained(disk).toOpaque()
    let result = unsafe sqlite3_vfs_register(vfs, 0)
    guard result == SQLITE_OK else { throw unsafe SQLiteError.from(result, nil) }
  }

  static func retire(_ address: UInt) {
    guard let vfs = unsafe UnsafeMutablePointer<sqlite3_vfs>(bitPattern: address) else { return }
    unsafe sqlite3_vfs_unregister(vfs)
    unsafe vfs.pointee.zName?.deallocate()
    unsafe vfs.deinitialize(count: 1)
    unsafe vfs.deallocate()
  }

  // MARK: From C to Swift

  private static func disk(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> FaultDisk? {
    guard let data = unsafe vfs?.pointee.pAppData else { return nil }
    return unsafe Unmanaged<FaultDisk>.fromOpaque(data).takeUnretainedValue()
  }

  private static func file(_ file: UnsafeMutablePointer<sqlite3_file>?) -> (disk: FaultDisk, handle: Int)? {
    guard let raw = UnsafeMutableRawPointer(file) else { return nil }
    let address = unsafe raw.load(fromByteOffset: diskOffset, as: UInt.self)
    guard let data = unsafe UnsafeRawPointer(bitPattern: address) else { return nil }
    let handle = unsafe raw.load(fromByteOffset: handleOffset, as: Int.self)
    return (unsafe Unmanaged<FaultDisk>.fromOpaque(data).takeUnretainedValue(), handle)
  }

  private static func failure(_ failure: DiskFailure, _ io: Int32) -> Int32 { failure == .full ? SQLITE_FULL : io }

  // MARK: The file system

  private static let open:
    @convention(c) (
      UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, Int32,
      UnsafeMutablePointer<Int32>?
    ) -> Int32 = { vfs, name, file, flags, outFlags in
      guard let disk = unsafe disk(vfs), let file = unsafe file else { return SQLITE_CANTOPEN }
      // Without methods SQLite does not call xClose on a file that could not be opened.
      unsafe file.pointee.pMethods = nil
      let path = unsafe name.map { unsafe String(cString: $0) }
      let handle = disk.state.withLock { state -> Int? in
        guard !state.isDown else { return nil }
        return state.open(
          path, creates: flags & SQLITE_OPEN_CREATE != 0, deletesOnClose: flags & SQLITE_OPEN_DELETEONCLOSE != 0)
      }
      guard let handle else { return SQLITE_CANTOPEN }
      let raw = UnsafeMutableRawPointer(file)
      unsafe raw.storeBytes(
        of: UInt(bitPattern: Unmanaged.passRetained(disk).toOpaque()), toByteOffset: diskOffset, as: UInt.self)
      unsafe raw.storeBytes(of: handle, toByteOffset: handleOffset, as: Int.self)
      unsafe file.pointee.pMethods = UnsafePointer<sqlite3_io_methods>(bitPattern: methods)
      unsafe outFlags?.pointee = flags
      return SQLITE_OK
    }

  private static let delete:
    @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32) -> Int32 = { vfs, name, syncs in
      guard let disk = unsafe disk(vfs), let name = unsafe name else { return SQLITE_IOERR }
      let path = unsafe String(cString: name)
      guard disk.state.withLock({ $0.names[path] != nil }) else { return SQLITE_IOERR | (23 << 8) }  // DELETE_NOENT
      let verdict = disk.verdict(.delete, path)
      switch verdict {
      case .fail, .crashBefore: return SQLITE_IOERR | (10 << 8)  // DELETE
      case .proceed, .crashAfter: break
      }
      disk.state.withLock { state in
        state.remove(path, syncs: syncs != 0)
        if verdict == .crashAfter { state.isDown = true }
      }
      return verdict == .crashAfter ? SQLITE_IOERR | (10 << 8) : SQLITE_OK
    }

  private static let access:
    @convention(c) (
      UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<Int32>?
    ) -> Int32 = { vfs, name, flags, out in
      guard let disk = unsafe disk(vfs), let name = unsafe name else { return SQLITE_IOERR }
      let path = unsafe String(cString: name)
      let isThere = disk.state.withLock { state -> Bool in
        guard let file = state.names[path] else { return false }
        // As the system's VFS: an empty file is no journal.
        return flags != SQLITE_ACCESS_EXISTS || !(state.files[file]?.current.isEmpty ?? true)
      }
      unsafe out?.pointee = isThere ? 1 : 0
      return SQLITE_OK
    }

  private static let fullPathname:
    @convention(c) (
      UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<CChar>?
    ) -> Int32 = { _, name, size, out in
      guard let name = unsafe name, let out = unsafe out else { return SQLITE_CANTOPEN }
      let text = unsafe Array(String(cString: name).utf8CString)
      guard text.count <= Int(size) else { return SQLITE_CANTOPEN }
      unsafe out.update(from: text, count: text.count)
      return SQLITE_OK
    }

  private static let randomness:
    @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, Int32, UnsafeMutablePointer<CChar>?) -> Int32 = {
      vfs, count, out in
      guard let disk = unsafe disk(vfs), let out = unsafe out else { return 0 }
      disk.state.withLock { state in
        for index in 0..<Int(max(0, count)) { unsafe out[index] = CChar(truncatingIfNeeded: state.next()) }
      }
      return count
    }

  // MARK: One file

  /// Lives as long as the process: SQLite keeps its address in every open file.
  private static let methods: UInt = {
    let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    unsafe table.initialize(to: sqlite3_io_methods())
    unsafe table.pointee.iVersion = 2
    unsafe table.pointee.xClose = { file in
      guard let (disk, handle) = unsafe FaultVFS.file(file) else { return SQLITE_OK }
      disk.state.withLock { $0.close(handle) }
      // Balances the retain of xOpen; the last file to go may take the disk with it.
      unsafe Unmanaged.passUnretained(disk).release()
      return SQLITE_OK
    }
    unsafe table.pointee.xRead = read
    unsafe table.pointee.xWrite = write
    unsafe table.pointee.xTruncate = truncate
    unsafe table.pointee.xSync = sync
    unsafe table.pointee.xFileSize = { file, out in
      guard let (disk, handle) = unsafe FaultVFS.file(file) else { return SQLITE_IOERR }
      let size = disk.state.withLock { state in state.file(handle).flatMap { state.files[$0]?.current.count } }
      unsafe out?.pointee = Int64(size ?? 0)
      return SQLITE_OK
    }
    unsafe table.pointee.xLock = { file, level in
      unsafe change(file, else: SQLITE_BUSY) { $1.locks.raise($0, to: level) }
    }
    unsafe table.pointee.xUnlock = { file, level in
      unsafe change(file, else: SQLITE_BUSY) { handle, entry in
        entry.locks.lower(handle, to: level)
        return true
      }
    }
    unsafe table.pointee.xCheckReservedLock = { file, out in
      guard let (disk, handle) = unsafe FaultVFS.file(file) else { return SQLITE_IOERR }
      let isReserved = disk.state.withLock { state in
        state.file(handle).flatMap { state.files[$0]?.locks.isReserved } ?? false
      }
      unsafe out?.pointee = isReserved ? 1 : 0
      return SQLITE_OK
    }
    unsafe table.pointee.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    unsafe table.pointee.xSectorSize = { _ in 4096 }
    unsafe table.pointee.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
    unsafe table.pointee.xShmMap = sharedMap
    unsafe table.pointee.xShmLock = { file, offset, count, flags in
      unsafe change(file, else: SQLITE_BUSY) {
        $1.shared.lock($0, Int(offset)..<(Int(offset) + Int(max(0, count))), flags)
      }
    }
    unsafe table.pointee.xShmBarrier = { file in
      // The lock orders memory between threads.
      guard let (disk, _) = unsafe FaultVFS.file(file) else { return }
      disk.state.withLock { _ in }
    }
    unsafe table.pointee.xShmUnmap = { file, deletes in
      unsafe change(file, else: SQLITE_OK) { handle, entry in
        entry.shared.unmap(handle, deletes: deletes != 0)
        return true
      }
    }
    return UInt(bitPattern: table)
  }()

  private static func change(
    _ file: UnsafeMutablePointer<sqlite3_file>?, else refused: Int32, _ body: (Int, inout DiskState.File) -> Bool
  ) -> Int32 {
    guard let (disk, handle) = unsafe FaultVFS.file(file) else { return SQLITE_IOERR }
    let isDone = disk.state.withLock { state -> Bool in
      // A file of before a restart: its locks went with the machine.
      guard let number = state.file(handle), var entry = state.files.removeValue(forKey: number) else { return true }
      defer { state.files[number] = entry }
      return body(handle, &entry)
    }
    return isDone ? SQLITE_OK : refused
  }

  private static let read:
    @convention(c) (UnsafeMutablePointer<sqlite3_file>?, UnsafeMutableRawPointer?, Int32, Int64) -> Int32 = {
      file, out, count, offset in
      guard let (disk, handle) = unsafe FaultVFS.file(file), let out = unsafe out, count >= 0, offset >= 0 else {
        return SQLITE_IOERR | (1 << 8)
      }
      let name = disk.fileName(handle)
      if case .fail = disk.verdict(.read, name, bytes: Int(count)) { return SQLITE_IOERR | (1 << 8) }  // READ
      let target = unsafe UnsafeMutableRawBufferPointer(start: out, count: Int(count))
      let got = disk.state.withLock { state -> Int in
        guard let number = state.file(handle) else { return 0 }
        return unsafe state.files[number]?.read(into: target, at: Int(offset)) ?? 0
      }
      guard got < Int(count) else { return SQLITE_OK }
      // SQLite asks for zeros behind what was there.
      unsafe UnsafeMutableRawBufferPointer(rebasing: target[got...]).initializeMemory(as: UInt8.self, repeating: 0)
      return SQLITE_IOERR | (2 << 8)  // SHORT_READ
    }

  private static let write:
    @convention(c) (UnsafeMutablePointer<sqlite3_file>?, UnsafeRawPointer?, Int32, Int64) -> Int32 = {
      file, bytes, count, offset in
      guard let (disk, handle) = unsafe FaultVFS.file(file), count >= 0, offset >= 0 else {
        return SQLITE_IOERR | (3 << 8)
      }
      let verdict = disk.verdict(.write, disk.fileName(handle), bytes: Int(count))
      let failed = SQLITE_IOERR | (3 << 8)  // WRITE
      var written = Int(count)
      switch verdict {
      case .proceed, .crashAfter: break
      case .crashBefore: return failed
      case .fail(let failure):
        guard failure == .io else { return FaultVFS.failure(failure, failed) }
        written /= 2
      }
      let source = unsafe UnsafeRawBufferPointer(start: bytes, count: written)
      disk.state.withLock { state in
        if let number = state.file(handle) { unsafe state.write(source, at: Int(offset), to: number) }
        if verdict == .crashAfter { state.isDown = true }
      }
      return verdict == .proceed ? SQLITE_OK : failed
    }

  private static let truncate: @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int64) -> Int32 = { file, size in
    let failed = SQLITE_IOERR | (6 << 8)  // TRUNCATE
    guard let (disk, handle) = unsafe FaultVFS.file(file), size >= 0 else { return failed }
    let verdict = disk.verdict(.truncate, disk.fileName(handle))
    switch verdict {
    case .proceed, .crashAfter: break
    case .crashBefore: return failed
    case .fail(let failure): return FaultVFS.failure(failure, failed)
    }
    disk.state.withLock { state in
      if let number = state.file(handle) { state.truncate(number, to: Int(size)) }
      if verdict == .crashAfter { state.isDown = true }
    }
    return verdict == .proceed ? SQLITE_OK : failed
  }

  private static let sync: @convention(c) (UnsafeMutablePointer<sqlite3_file>?, Int32) -> Int32 = { file, _ in
    let failed = SQLITE_IOERR | (4 << 8)  // FSYNC
    guard let (disk, handle) = unsafe FaultVFS.file(file) else { return failed }
    let verdict = disk.verdict(.sync, disk.fileName(handle))
    switch verdict {
    case .crashBefore: return failed
    case .fail(let failure):
      guard failure != .down else { return failed }
      disk.state.withLock { state in if let number = state.file(handle) { state.failSync(number) } }
      return FaultVFS.failure(failure, failed)
    case .proceed, .crashAfter: break
    }
    disk.state.withLock { state in
      if let number = state.file(handle) { state.sync(number) }
      if verdict == .crashAfter { state.isDown = true }
    }
    return verdict == .proceed ? SQLITE_OK : failed
  }

  private static let sharedMap:
    @convention(c) (
      UnsafeMutablePointer<sqlite3_file>?, Int32, Int32, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32 = { file, index, size, extends, out in
      guard let (disk, handle) = unsafe FaultVFS.file(file), index >= 0, size > 0 else { return SQLITE_IOERR }
      let address = disk.state.withLock { state -> UInt? in
        guard let number = state.file(handle) else { return nil }
        return state.files[number]?.shared.region(Int(index), size: Int(size), extends: extends != 0, for: handle)
      }
      unsafe out?.pointee = address.flatMap { unsafe UnsafeMutableRawPointer(bitPattern: $0) }
      return SQLITE_OK
    }
}

extension FaultDisk {
  func fileName(_ handle: Int) -> String {
    state.withLock { state in state.file(handle).flatMap { state.files[$0]?.name } ?? "" }
  }
}

extension DiskState.File {
  /// How many bytes there were to read.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    let got = max(0, min(target.count, current.count - offset))
    guard got > 0 else { return 0 }
    unsafe current.withUnsafeBytes { content in
      unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: content[offset..<(offset + got)]))
    }
    return got
  }
}
