import Foundation

// libFuzzer brings `main` (the toolchain's `-sanitize=fuzzer`) and calls these two.
// Source: https://llvm.org/docs/LibFuzzer.html, "Fuzz Target" and "Startup initialization".

/// The target named by `ALMONER_FUZZ_TARGET`, for every input of this run.
private let target: FuzzTarget? = ProcessInfo.processInfo.environment["ALMONER_FUZZ_TARGET"].flatMap(FuzzTarget.init)

/// Without a known target, prints those there are, one a line, and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ argc: UnsafeMutablePointer<CInt>?,
  _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
  guard target == nil else { return 0 }
  for known in FuzzTarget.allCases { print(known.rawValue) }
  exit(64)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func oneInput(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
  target?.run(unsafe Array(UnsafeBufferPointer(start: bytes, count: length)))
  return 0
}
