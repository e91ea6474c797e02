import COnnxRuntime
import Foundation

/// A network of the ONNX format, ready to run. Several threads may run it at a time; each run works in the thread that
/// asks for it, and gives its memory back.
package final class OnnxSession: Sendable {
  /// One of a network's inputs or outputs.
  package struct Port: Sendable, Hashable, CustomStringConvertible {
    /// What the network calls it.
    package let name: String
    /// The sizes of its dimensions, -1 for those that are free; nil if it is no tensor.
    package let shape: [Int]?
    /// Whether it holds 32-bit floats.
    package let isFloat: Bool

    package var description: String {
      let sizes = shape.map { $0.map { $0 < 0 ? "?" : "\($0)" }.joined(separator: " × ") } ?? "no tensor"
      return "\(name) (\(isFloat ? "" : "not of 32-bit floats, ")\(sizes))"
    }
  }

  /// The network's inputs, and its outputs, in its own order.
  package let inputs, outputs: [Port]

  private let library: OnnxLibrary
  // Made to be run by several threads.
  nonisolated(unsafe) private let session: OpaquePointer
  nonisolated(unsafe) private let memory: OpaquePointer

  /// Opens the bytes of an ONNX file.
  ///
  /// - Throws: `OnnxError`.
  package init(network: Data) throws(OnnxError) {
    let library = try OnnxLibrary.opened()
    let api = library.api.pointee
    var options: OpaquePointer?
    try library.check(api.CreateSessionOptions(&options), "be configured")
    guard let options else { throw .refused(action: "be configured", reason: "there are no options") }
    defer { api.ReleaseSessionOptions(options) }
    // Akin's own threads share the songs among them. Without an arena memory is given back after each run.
    try library.check(api.SetIntraOpNumThreads(options, 1), "be configured")
    try library.check(api.SetInterOpNumThreads(options, 1), "be configured")
    try library.check(api.DisableCpuMemArena(options), "be configured")
    try library.check(api.DisableMemPattern(options), "be configured")
    var memory: OpaquePointer?
    try library.check(
      api.CreateCpuMemoryInfo(
        AKIN_ORT_DEVICE_ALLOCATOR, AKIN_ORT_MEMORY_DEFAULT, &memory), "be configured")
    guard let memory else { throw .refused(action: "be configured", reason: "there is no memory") }
    do throws(OnnxError) {
      let session = try Self.session(of: network, options, library)
      do throws(OnnxError) {
        inputs = try Self.ports(session, library, api.SessionGetInputCount, api.SessionGetInputName) {
          api.SessionGetInputTypeInfo(session, $0, &$1)
        }
        outputs = try Self.ports(session, library, api.SessionGetOutputCount, api.SessionGetOutputName) {
          api.SessionGetOutputTypeInfo(session, $0, &$1)
        }
      } catch {
        api.ReleaseSession(session)
        throw error
      }
      self.session = session
    } catch {
      api.ReleaseMemoryInfo(memory)
      throw error
    }
    self.memory = memory
    self.library = library
  }

  deinit {
    library.api.pointee.ReleaseSession(session)
    library.api.pointee.ReleaseMemoryInfo(memory)
  }

  private static func session(
    of network: Data, _ options: OpaquePointer, _ library: OnnxLibrary
  ) throws(OnnxError) -> OpaquePointer {
    var session: OpaquePointer?
    let status = network.withUnsafeBytes { bytes -> OpaquePointer? in
      // Of no bytes there is no address; the library says that they are no network.
      withUnsafePointer(to: UInt8(0)) { none in
        library.api.pointee.CreateSessionFromArray(
          library.environment, bytes.baseAddress ?? UnsafeRawPointer(none), bytes.count, options, &session)
      }
    }
    try library.check(status, "read the network")
    guard let session else { throw .refused(action: "read the network", reason: "there is no session") }
    return session
  }

  private static func ports(
    _ session: OpaquePointer, _ library: OnnxLibrary,
    _ count: (OpaquePointer, UnsafeMutablePointer<Int>) -> OpaquePointer?,
    _ name: (OpaquePointer, Int, OpaquePointer, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> OpaquePointer?,
    _ type: (Int, inout OpaquePointer?) -> OpaquePointer?
  ) throws(OnnxError) -> [Port] {
    let api = library.api.pointee
    let action = "tell the network's inputs and outputs"
    var (total, allocator) = (0, OpaquePointer?.none)
    try library.check(count(session, &total), action)
    try library.check(api.GetAllocatorWithDefaultOptions(&allocator), action)
    guard let allocator else { return [] }
    var ports: [Port] = []
    for index in 0..<total {
      var (text, info) = (UnsafeMutablePointer<CChar>?.none, OpaquePointer?.none)
      try library.check(name(session, index, allocator, &text), action)
      guard let text else { continue }
      defer { _ = api.AllocatorFree(allocator, text) }
      try library.check(type(index, &info), action)
      guard let info else { continue }
      defer { api.ReleaseTypeInfo(info) }
      var tensor: OpaquePointer?
      try library.check(api.CastTypeInfoToTensorInfo(info, &tensor), action)
      var element: Int32 = 0
      if let tensor { try library.check(api.GetTensorElementType(tensor, &element), action) }
      let shape = try tensor.map { tensor throws(OnnxError) in try Self.shape(of: tensor, library) }
      ports.append(
        Port(
          name: String(cString: text), shape: shape, isFloat: element == AKIN_ORT_ELEMENT_FLOAT))
    }
    return ports
  }

  private static func shape(of tensor: OpaquePointer, _ library: OnnxLibrary) throws(OnnxError) -> [Int] {
    let api = library.api.pointee
    var count = 0
    try library.check(api.GetDimensionsCount(tensor, &count), "tell a shape")
    var sizes = [Int64](repeating: 0, count: max(count, 1))
    try library.check(api.GetDimensions(tensor, &sizes, count), "tell a shape")
    return sizes.prefix(count).map { Int(clamping: $0) }
  }

  /// Runs the network once.
  ///
  /// - Parameters:
  ///   - values: What its input holds, row-major.
  ///   - shape: The sizes of the input's dimensions, whose product is the number of values.
  ///   - input: The input's name.
  ///   - output: The name of the output that is wanted, which holds 32-bit floats.
  /// - Returns: The values of the output, and the sizes of its dimensions.
  /// - Throws: `OnnxError`.
  package func run(
    _ values: [Float], shape: [Int], input: String, output: String
  ) throws(OnnxError) -> (values: [Float], shape: [Int]) {
    precondition(shape.reduce(1, *) == values.count, "\(values.count) values in the shape \(shape)")
    let api = library.api.pointee
    var values = values
    let sizes = shape.map(Int64.init)
    var result: OpaquePointer?
    let status = values.withUnsafeMutableBytes { bytes -> OpaquePointer? in
      guard let start = bytes.baseAddress else { return nil }
      var tensor: OpaquePointer?
      if let status = api.CreateTensorWithDataAsOrtValue(
        memory, start, bytes.count, sizes, sizes.count, AKIN_ORT_ELEMENT_FLOAT, &tensor)
      {
        return status
      }
      guard let tensor else { return nil }
      defer { api.ReleaseValue(tensor) }
      return input.withCString { input in
        output.withCString { output in
          api.Run(session, nil, [input], [tensor], 1, [output], 1, &result)
        }
      }
    }
    try library.check(status, "run the network")
    guard let result else { throw .refused(action: "run the network", reason: "there is no result") }
    defer { api.ReleaseValue(result) }
    var (info, data) = (OpaquePointer?.none, UnsafeMutableRawPointer?.none)
    try library.check(api.GetTensorTypeAndShape(result, &info), "read the output \(output)")
    guard let info else { throw .refused(action: "read the output \(output)", reason: "it has no shape") }
    defer { api.ReleaseTensorTypeAndShapeInfo(info) }
    var element: Int32 = 0
    try library.check(api.GetTensorElementType(info, &element), "read the output \(output)")
    guard element == AKIN_ORT_ELEMENT_FLOAT else {
      throw .refused(action: "read the output \(output)", reason: "it does not hold 32-bit floats")
    }
    let found = try Self.shape(of: info, library)
    try library.check(api.GetTensorMutableData(result, &data), "read the output \(output)")
    let count = found.reduce(1, *)
    guard let data, count > 0 else { return ([], found) }
    return (Array(UnsafeBufferPointer(start: data.assumingMemoryBound(to: Float.self), count: count)), found)
  }
}

/// What is known of the ONNX Runtime that there is.
package enum OnnxRuntimeStatus {
  /// Its version.
  ///
  /// - Throws: `OnnxError` if there is none that can be used.
  package static func version() throws(OnnxError) -> String { try OnnxLibrary.opened().version }
}
