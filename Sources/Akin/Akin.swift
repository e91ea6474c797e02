/// Akin finds music that sounds alike.
public enum Akin {
  /// The version of this package.
  public static let version = "0.1.0"
}
