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

  /// The value of a column that lies in a range. A damaged file may hold any number, at which arithmetic would trap.
  func checked<Value: DatabaseValueConvertible & Comparable>(
    _ column: Int, in range: ClosedRange<Value>
  ) throws -> Value {
    let value: Value = try checked(column)
    guard range.contains(value) else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "column \(column) holds \(value), which does not lie in \(range)")
    }
    return value
  }

  /// The value of a column that may be empty, or lies in a range.
  func checked<Value: DatabaseValueConvertible & Comparable>(
    _ column: Int, in range: ClosedRange<Value>
  ) throws -> Value? {
    let stored: DatabaseValue = self[column]
    return stored.isNull ? nil : try checked(column, in: range) as Value
  }

  /// A time in a column, in seconds since 1970: within 30 centuries.
  func checkedTime(_ column: Int) throws -> Double { try checked(column, in: -1e11...1e11) }

  /// The value of a column that may be empty.
  func checked<Value: DatabaseValueConvertible>(_ column: Int, as type: Value?.Type = Value?.self) throws -> Value? {
    let stored: DatabaseValue = self[column]
    return stored.isNull ? nil : try checked(column, as: Value.self)
  }
}
