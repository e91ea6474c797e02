#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How loud frequencies are: the K-weighting of ITU-R BS.1770-4, two filters that are given for 48 kHz, as a factor for
/// the power of each frequency.
enum KWeighting {
  /// The numerator and the denominator of a filter of the second order.
  private typealias Filter = (b: (Double, Double, Double), a: (Double, Double, Double))

  /// The head's effect, and what takes off the lowest frequencies (tables 1 and 2).
  private static let filters: [Filter] = [
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1, -1.69065929318241, 0.73248077421585)),
    ((1, -2, 1), (1, -1.99004745483398, 0.99007225036621)),
  ]

  /// The factor for the power of a frequency in Hz, below 24,000.
  static func power(of frequency: Double) -> Double {
    let angle = 2 * Double.pi * frequency / 48_000
    func square(_ c: (Double, Double, Double)) -> Double {
      let real = c.0 + c.1 * cos(angle) + c.2 * cos(2 * angle)
      let imaginary = c.1 * sin(angle) + c.2 * sin(2 * angle)
      return real * real + imaginary * imaginary
    }
    return filters.reduce(1) { $0 * square($1.b) / square($1.a) }
  }
}
