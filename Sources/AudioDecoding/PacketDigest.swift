import CFFmpeg
import Tags

/// Digests the packets of a region of one stream, which are shown to it as they are read.
///
/// It is MurmurHash3 of libavutil, 128 bits: it recognises what is the same, and keeps out nobody who wants to forge.
final class PacketDigest {
  /// The digest, once all packets of the region were read.
  private(set) var digest: SoundDigest?

  private let region: Range<Int>
  private let head: [UInt8]
  /// A tick of the stream's clock, in seconds.
  private let tick: Double
  /// The bytes of a moment of all channels and the rate in Hz, for samples that are not compressed: their packets begin
  /// anywhere, so that the region has to be cut out of them.
  private let samples: (bytes: Int, rate: Double)?
  private var state: OpaquePointer?

  /// The time stamps of the first packet, and after the last one.
  private var origin: Int64?
  private var next: Int64?
  /// How much of the region was read.
  private var progress = Progress.before
  private var byteCount = 0

  private enum Progress { case unknown, before, inside, done, failed }

  /// A digest for the stream of a file, of which nothing was read yet, or for a song in it; nil for chains, and for a sound
  /// of unknown length.
  init?(_ sound: Sound, _ demuxer: Demuxer, of bounds: SongBounds? = nil) {
    guard sound.links.count == 1, let duration = sound.duration else { return nil }
    region = bounds.map { SoundDigest.region(of: $0, duration: duration) } ?? SoundDigest.region(duration: duration)
    // A song that begins or ends elsewhere is another one.
    let place = bounds.map { "\($0.start) \($0.end ?? 0) " } ?? ""
    let parameters = demuxer.stream.pointee.codecpar.pointee
    let channels = Int(parameters.ch_layout.nb_channels)
    head = Array(
      "\(String(cString: avcodec_get_name(parameters.codec_id))) \(parameters.sample_rate) \(channels) \(region) \(place)"
        .utf8)
    tick = av_q2d(demuxer.stream.pointee.time_base)
    let bits = Int(av_get_bits_per_sample(parameters.codec_id)) * channels
    samples =
      bits > 0 && bits == Int(parameters.block_align) * 8
      ? (Int(parameters.block_align), Double(parameters.sample_rate)) : nil
    state = av_murmur3_alloc()
    guard state != nil else { return nil }
    begin()
  }

  deinit { av_free(UnsafeMutableRawPointer(state)) }

  private func begin() {
    av_murmur3_init(state)
    av_murmur3_update(state, head, head.count)
    byteCount = 0
  }

  /// Whether nothing more has to be read.
  private var isFinished: Bool { progress == .done || progress == .failed }

  /// The demuxer went to another place: what follows may begin anywhere.
  func noteSeek() {
    guard progress != .done else { return }
    begin()
    (progress, next) = (.unknown, nil)
  }

  /// The next packet in the order of the file.
  func take(_ packet: UnsafeMutablePointer<AVPacket>) {
    guard !isFinished else { return }
    let stamp = packet.pointee.pts != akin_no_timestamp ? packet.pointee.pts : packet.pointee.dts
    guard let time = stamp != akin_no_timestamp ? stamp : next ?? (origin == nil ? 0 : nil) else { return }
    next = time.addingReportingOverflow(max(0, packet.pointee.duration)).partialValue
    let first = origin ?? time
    origin = first
    place(packet, at: Double(time &- first) * tick)
  }

  /// Digests what of a packet lies in the region; `seconds` is where it begins.
  private func place(_ packet: UnsafeMutablePointer<AVPacket>, at seconds: Double) {
    let (begin, end) = (Double(region.lowerBound), Double(region.upperBound))
    guard seconds < end else { return finish() }
    let size = Int(packet.pointee.size)
    var range = 0..<size
    if let samples {
      let position = (seconds * samples.rate).rounded()
      let count = Double(size / samples.bytes)
      let lower = min(max(begin * samples.rate - position, 0), count)
      let upper = min(max(end * samples.rate - position, 0), count)
      range = Int(lower) * samples.bytes..<Int(upper) * samples.bytes
    } else if seconds < begin {
      range = 0..<0
    }
    guard !range.isEmpty else {
      if progress == .unknown { progress = .before }
      return
    }
    // What comes before the region was not seen: some of its packets may be missing.
    if progress == .unknown, seconds > begin { return progress = .failed }
    progress = .inside
    if let data = packet.pointee.data {
      av_murmur3_update(state, data + range.lowerBound, range.count)
      byteCount += range.count
    }
  }

  /// There are no more packets in the file.
  func noteEnd() {
    // A region beyond the end has no packets, and after a seek it may have been missed.
    if progress == .inside { finish() } else if !isFinished { progress = .failed }
  }

  private func finish() {
    guard progress == .inside, byteCount > 0 else { return progress = .failed }
    var bytes = [UInt8](repeating: 0, count: 16)
    av_murmur3_final(state, &bytes)
    digest = SoundDigest(bytes: bytes)
    progress = .done
  }
}

extension PacketDigest {
  /// How long before the region reading begins, in seconds: containers seek to where a page or a cluster begins.
  private static let margin = 0.5

  /// Reads the packets of the region, from a demuxer of which nothing was read yet.
  ///
  /// - Parameter maySeek: False to read from the file's beginning, as if its time stamps lead nowhere.
  func read(_ demuxer: Demuxer, maySeek: Bool) throws(AudioDecodingError) {
    demuxer.packetDigest = self
    defer { demuxer.packetDigest = nil }
    guard try demuxer.nextPacket() != nil, let origin else { return }
    // Not to the second, to which the region was rounded up.
    let target = Double(region.lowerBound) - 1 - Self.margin
    if maySeek, target > 0, demuxer.seek(to: origin &+ Int64(target / tick)) {
      while !isFinished, try demuxer.nextPacket() != nil {}
      guard progress == .failed else { return }
      // From the beginning; where the first packet is known by now.
      guard demuxer.seek(to: origin) else { return }
      progress = .before
    }
    while !isFinished, try demuxer.nextPacket() != nil {}
  }
}
