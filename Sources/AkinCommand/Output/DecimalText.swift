import Foundation

/// A number with so many decimals, the same in every language.
func decimal(_ value: Double, _ decimals: Int) -> String {
  value.formatted(
    .number.precision(.fractionLength(decimals)).grouping(.never).locale(.init(identifier: "en_US_POSIX")))
}
