/// Makes inputs out of others.
enum Mutation {
  /// Changes an input of `target` a little: in its own terms where it has them, else byte by byte and word by word.
  static func apply(to input: inout [UInt8], of target: FuzzTarget, other: [UInt8] = [], _ chance: inout Chance) {
    if let mutate = target.mutate, !chance.once(in: 4) {
      mutate(&input, &chance)
    } else {
      for _ in 0...chance.below(4) { change(&input, words: target.words, other: other, &chance) }
    }
    if input.count > target.inputBytesMax { input.removeLast(input.count - target.inputBytesMax) }
  }

  /// One change of the bytes.
  static func change(_ input: inout [UInt8], words: [[UInt8]], other: [UInt8], _ chance: inout Chance) {
    let place = chance.below(input.count + 1)
    switch chance.below(10) {
    case 0: input.insert(chance.byte(), at: place)
    case 1: input.insert(contentsOf: [UInt8](repeating: chance.byte(), count: 1 + chance.below(64)), at: place)
    case 2, 3, 4:
      if let word = chance.pick(words) { input.insert(contentsOf: word, at: place) }
    case 5 where place < input.count: input[place] ^= 1 << UInt8(chance.below(8))
    case 6 where place < input.count: input[place] = chance.pick([0, 1, 0x7F, 0x80, 0xFF, chance.byte()]) ?? 0
    case 7 where place < input.count:
      input.removeSubrange(place..<min(input.count, place + 1 + chance.below(chance.once(in: 4) ? 64 : 4)))
    case 8 where place < input.count:
      let piece = input[place..<min(input.count, place + 1 + chance.below(32))]
      input.insert(contentsOf: Array(piece), at: chance.below(input.count + 1))
    default:
      let start = chance.below(other.count + 1)
      input.replaceSubrange(place..., with: other[start...])
    }
  }
}
