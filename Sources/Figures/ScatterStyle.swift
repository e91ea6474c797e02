/// How the points of one class look: a colour, and beyond the eighth class another shape, so that classes can be told
/// apart without telling red from green.
enum ScatterStyle {
  /// The form of a point.
  enum Shape: String, CaseIterable, Encodable { case circle, triangle, square, diamond }

  /// The colours of Okabe and Ito (2008), whose black gives way to a dark violet where the ground is light and to a pale
  /// one where it is dark; the others serve both.
  static let colours: [(light: String, dark: String)] = [
    ("#0072b2", "#3d9bd6"), ("#e69f00", "#e69f00"), ("#009e73", "#1fbf92"), ("#d55e00", "#f07d26"),
    ("#56b4e9", "#8fd0f5"), ("#cc79a7", "#e08fbc"), ("#4b2e83", "#b9a3e8"), ("#d1c400", "#f0e442"),
  ]

  /// What the points of all other classes have.
  static let otherColour = (light: "#a8a8a8", dark: "#6f6f6f")

  /// So many classes can be told apart.
  static var limit: Int { colours.count * Shape.allCases.count }

  /// The colour of the class at a place in the legend.
  static func colour(_ place: Int) -> Int { place % colours.count }

  /// The shape of the class at a place in the legend.
  static func shape(_ place: Int) -> Shape { Shape.allCases[place / colours.count % Shape.allCases.count] }
}
