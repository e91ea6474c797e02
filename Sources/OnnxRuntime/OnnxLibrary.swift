import COnnxRuntime
import Files
import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// ONNX Runtime's library, opened when the first network is: nobody else pays for it, and Akin is built without it.
final class OnnxLibrary: Sendable {
  /// The environment variable that names the library, or the folder that it lies in.
  static let variable = "AKIN_ONNXRUNTIME"

  // The table and the environment are made to be used by several threads, and are never released.
  nonisolated(unsafe) let api: UnsafePointer<akin_ort_api>
  nonisolated(unsafe) let environment: OpaquePointer
  /// ONNX Runtime's version, such as "1.32.0".
  let version: String

  /// The library; opened once, whether that works or not.
  static func opened() throws(OnnxError) -> OnnxLibrary { try first.get() }

  private static let first = Result<OnnxLibrary, OnnxError> { () throws(OnnxError) in try OnnxLibrary() }

  private init() throws(OnnxError) {
    var faults: [String] = []
    for place in Self.places {
      guard let library = dlopen(place, RTLD_NOW | RTLD_LOCAL) else {
        faults.append(Self.loaderFault(place))
        continue
      }
      guard let symbol = dlsym(library, "OrtGetApiBase"),
        let base = unsafeBitCast(symbol, to: akin_ort_get_api_base.self)()
      else {
        faults.append("\(place) is another library")
        continue
      }
      let version = String(cString: base.pointee.GetVersionString())
      guard let api = base.pointee.GetApi(UInt32(AKIN_ORT_API_VERSION)) else {
        faults.append("\(place) is version \(version), which is too old")
        continue
      }
      var environment: OpaquePointer?
      try Self.check(
        api.pointee.CreateEnv(AKIN_ORT_LOGGING_LEVEL_ERROR, "akin", &environment), "be started", api)
      guard let environment else { throw .refused(action: "be started", reason: "there is no environment") }
      self.api = api
      self.environment = environment
      self.version = version
      return
    }
    throw .noLibrary(faults)
  }

  /// Throws what a function of ONNX Runtime returned, unless it returned nothing.
  func check(_ status: OpaquePointer?, _ action: @autoclosure () -> String) throws(OnnxError) {
    try Self.check(status, action(), api)
  }

  private static func check(
    _ status: OpaquePointer?, _ action: @autoclosure () -> String, _ api: UnsafePointer<akin_ort_api>
  ) throws(OnnxError) {
    guard let status else { return }
    defer { api.pointee.ReleaseStatus(status) }
    throw .refused(action: action(), reason: String(cString: api.pointee.GetErrorMessage(status)))
  }

  private static func loaderFault(_ place: String) -> String {
    // The loader's words name the place.
    dlerror().map { String(cString: $0) } ?? "\(place) cannot be opened"
  }

  #if canImport(Darwin)
    private static let ending = ".dylib"
    private static let names = ["libonnxruntime.dylib"]
    private static let folders = ["/opt/homebrew/lib", "/usr/local/lib"]
  #else
    private static let ending = ".so"
    private static let names = ["libonnxruntime.so.1", "libonnxruntime.so"]
    private static let folders = ["/home/linuxbrew/.linuxbrew/lib"]
  #endif

  /// What is tried, in this order: what the environment names, and nothing else if it names something; what the loader
  /// finds; what `Scripts/bootstrap onnx` installed; Homebrew's.
  private static var places: [String] {
    if let named = ProcessInfo.processInfo.environment[variable], !named.isEmpty {
      return libraries(in: named) ?? [named]
    }
    let own = (try? UserFolder.data.url)?.appending(path: "akin/onnxruntime").path
    return names + ([own].compactMap(\.self) + folders).flatMap { libraries(in: $0) ?? [] }
  }

  /// The libraries in a folder, the latest version first; nil if there is no such folder.
  private static func libraries(in folder: String) -> [String]? {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return nil }
    return files.filter { $0.hasPrefix("libonnxruntime.") && $0.contains(ending) }
      .sorted { $0.compare($1, options: .numeric) == .orderedDescending }
      .map { "\(folder)/\($0)" }
  }
}
