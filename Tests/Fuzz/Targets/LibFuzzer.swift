/// What the C driver calls: the one target of the process, chosen by name.
private enum Chosen {
  nonisolated(unsafe) static var target: FuzzTarget?
}

/// Chooses the target; 0 when there is none of this name.
@_cdecl("dms_fuzz_choose")
func chooseFuzzTarget(_ name: UnsafePointer<CChar>) -> CInt {
  Chosen.target = FuzzTargets.named(String(cString: name))
  return Chosen.target == nil ? 0 : 1
}

/// Bytes of an input of the target at most.
@_cdecl("dms_fuzz_input_max")
func inputBytesMaxOfFuzzTarget() -> Int { Chosen.target?.inputBytesMax ?? 0 }

/// Prints the names of all targets.
@_cdecl("dms_fuzz_list")
func listFuzzTargets() {
  for target in FuzzTargets.all { print(target.name) }
}

/// Takes an input; a property that does not hold ends the process, as libFuzzer wants it.
@_cdecl("dms_fuzz_run")
func runFuzzTarget(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
  do {
    try Chosen.target?.run(UnsafeRawBufferPointer(start: bytes, count: count))
  } catch {
    fatalError("\(error)")
  }
}

/// Changes an input in place, in the terms of the target; returns its new size.
@_cdecl("dms_fuzz_mutate")
func mutateForFuzzTarget(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ room: Int, _ seed: UInt32) -> Int {
  guard let target = Chosen.target else { return count }
  var input = Array(UnsafeBufferPointer(start: bytes, count: count))
  var chance = Chance(seed: UInt64(seed))
  Mutation.apply(to: &input, of: target, &chance)
  let size = min(input.count, room)
  for index in 0..<size { bytes[index] = input[index] }
  return size
}
