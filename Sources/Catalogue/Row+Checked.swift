internal import GRDB

extension Row {
  /// The value of a column. A damaged file may hold any type anywhere, at which GRDB's own subscript would trap.
  func checked<Value: DatabaseValueConvertible>(_ column: Int, as type: Value.Type = Value.self) throws -> Value {
    let stored: DatabaseValue = self[column]
    guard let value = Value.fromDatabaseValue(stored) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT,
        message: "column \(column) holds \(stored), which is not a value of type \(Value.self)")
    }
    return value
  }

  /// The value of a column that may be empty.
  func checked<Value: DatabaseValueConvertible>(_ column: Int, as type: Value?.Type = Value?.self) throws -> Value? {
    let stored: DatabaseValue = self[column]
    return stored.isNull ? nil : try checked(column, as: Value.self)
  }
}
