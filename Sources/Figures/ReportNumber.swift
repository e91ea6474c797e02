/// Numbers as reports write them, in every language's system the same.
package enum ReportNumber {
  package static func text(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    let factor = [1.0, 10, 100, 1000, 10_000][decimals]
    let scaled = (abs(value) * factor).rounded()
    guard scaled < 1e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return decimals == 0 ? sign + padded : "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }
}
