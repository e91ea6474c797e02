import Foundation

/// A resonant two-pole filter with low-, band- and high-pass outputs, stable while its cutoff moves.
///
/// Source: Zavalishin, *The Art of VA Filter Design*, the trapezoidal state-variable filter.
struct StateVariableFilter: Sendable {
  private var a1: Float = 1
  private var a2: Float = 0
  private var a3: Float = 0
  private var damping: Float = 1
  private var first: Float = 0
  private var second: Float = 0

  /// Creates a filter with a cutoff in Hz; `resonance` is its Q.
  init(cutoff: Float, resonance: Float = 0.707) {
    setCutoff(cutoff, resonance: resonance)
  }

  mutating func setCutoff(_ cutoff: Float, resonance: Float) {
    let rate = Float(SyntheticCollection.sampleRate)
    let g = tan(.pi * min(max(cutoff, 20), 0.46 * rate) / rate)
    damping = 1 / resonance
    a1 = 1 / (1 + g * (g + damping))
    a2 = g * a1
    a3 = g * a2
  }

  @inline(__always)
  mutating func process(_ input: Float) -> (low: Float, band: Float, high: Float) {
    let v3 = input - second
    let band = a1 * first + a2 * v3
    let low = second + a2 * first + a3 * v3
    first = 2 * band - first
    second = 2 * low - second
    return (low, band, input - damping * band - low)
  }
}
