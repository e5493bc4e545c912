/// Rounding to the nearest, and from the middle to the even neighbour, so that errors cancel over many lines.
enum HalfEven {
  /// The quotient rounded half-even. `divisor` is above zero, which callers guarantee.
  static func divide(_ dividend: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    let distance = remainder.magnitude
    let rest = divisor.magnitude - distance
    let isAwayFromZero = distance > rest || (distance == rest && quotient & 1 != 0)
    guard isAwayFromZero else { return quotient }
    return dividend < 0 ? quotient - 1 : quotient + 1
  }
}
