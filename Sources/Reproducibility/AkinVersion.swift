/// The version of this package; stored with everything that it makes.
public enum AkinVersion {
  /// By semantic versioning.
  public static let current = "0.2.0"
}
