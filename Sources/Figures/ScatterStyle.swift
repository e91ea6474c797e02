/// How the points of one class look: a colour, and beyond the eighth class another shape, so that classes can be told
/// apart without telling red from green.
enum ScatterStyle {
  /// The form of a point.
  enum Shape: String, CaseIterable, Encodable { case circle, triangle, square, diamond }

  /// The colours of Okabe and Ito (2008), for a light and for a dark ground. Instead of black there is a dark violet on
  /// a light ground, and a pale one on a dark ground.
  static let colours: [(light: String, dark: String)] = [
    ("#0072b2", "#3d9bd6"), ("#e69f00", "#e69f00"), ("#009e73", "#1fbf92"), ("#d55e00", "#f07d26"),
    ("#56b4e9", "#8fd0f5"), ("#cc79a7", "#e08fbc"), ("#4b2e83", "#b9a3e8"), ("#d1c400", "#f0e442"),
  ]

  /// The colour of the points of all other classes.
  static let otherColour = (light: "#a8a8a8", dark: "#6f6f6f")

  /// How many classes can be told apart.
  static var limit: Int { colours.count * Shape.allCases.count }

  /// The colour of the class in a line of the legend.
  static func colour(_ line: Int) -> Int { line % colours.count }

  /// The shape of the class in a line of the legend.
  static func shape(_ line: Int) -> Shape { Shape.allCases[line / colours.count % Shape.allCases.count] }
}
