import Foundation
import HTTPTypes
import Hummingbird

/// `/metrics`, for Prometheus: requests, the library, and the process.
struct MetricsRoute {
  let library: ServedLibrary
  let metrics: ServerMetrics
  let slots: TranscodingSlots
  let indexing: ServedIndexing

  func add(to root: RouterGroup<ServerContext>) {
    let (library, metrics, slots, indexing) = (library, metrics, slots, indexing)
    root.get("metrics") { request, _ in
      _ = try RequestParameters(request, known: [])
      let text = try await library.run { snapshot in
        var page = MetricsPage()
        let gauges: [(name: String, help: String, value: Double?)] = [
          ("akin_songs", "Songs in the library.", Double(snapshot.collection.tracks.count)),
          ("akin_albums", "Albums in the library.", Double(snapshot.collection.albums.count)),
          ("akin_artists", "Artists in the library.", Double(snapshot.collection.artists.count)),
          ("akin_transcodings_running", "Songs that are being converted.", Double(slots.taken)),
          ("akin_indexing_running", "Whether the server is indexing.", indexing.now.phase == .running ? 1 : 0),
          ("process_resident_memory_bytes", "Memory of the process.", Process.residentMemory),
          ("process_open_fds", "Files and connections that the process has open.", Process.openFiles),
        ]
        for gauge in gauges {
          guard let value = gauge.value else { continue }
          page.begin(gauge.name, .gauge, gauge.help)
          page.add(value)
        }
        return metrics.text + page.text
      }
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
  }

  /// What Linux tells of this process; nil elsewhere.
  private enum Process {
    static var residentMemory: Double? {
      let numbers = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
      return numbers.flatMap { $0.count > 1 ? Double($0[1]) : nil }.map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }

    static var openFiles: Double? {
      (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
    }
  }
}
