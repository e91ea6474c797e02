/// The version of this package, which everything that it makes carries.
public enum AkinVersion {
  /// By semantic versioning.
  public static let current = "0.2.0"
}
