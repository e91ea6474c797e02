import CFFmpeg

extension Demuxer {
  /// Whether a stream holds moving pictures.
  var hasVideo: Bool {
    guard let context else { return false }
    return (0..<Int(context.pointee.nb_streams)).contains { index in
      guard let stream = context.pointee.streams[index]?.pointee else { return false }
      return stream.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        && stream.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }
  }

  /// The length in seconds that the header states in formats in which FFmpeg goes by what is there; nil in all others.
  var promisedDuration: Double? {
    oggTimes?.promised ?? ContainerEnd.promisedDuration(source, format: formatName)
  }

  /// Whether the file ends before its header says, in formats in which FFmpeg goes by what is there.
  var isBrokenOff: Bool {
    oggTimes?.isBrokenOff() ?? ContainerEnd.isBrokenOff(source, format: formatName)
  }

  /// The length in seconds as the header states it; nil if FFmpeg only guesses it from the bit rate.
  var statedDuration: Double? {
    guard let context else { return nil }
    guard context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE else { return sampleDuration }
    let duration = stream.pointee.duration
    if duration != akin_no_timestamp && duration > 0 { return seconds(duration) }
    guard context.pointee.duration > 0 else { return nil }
    return Double(context.pointee.duration) / Double(AV_TIME_BASE)
  }

  /// The length of the samples that a WAV file or its like states, where FFmpeg goes by the file's size.
  private var sampleDuration: Double? {
    let parameters = stream.pointee.codecpar.pointee
    // Compressed samples of a few bits, as of ADPCM, have an even rate too.
    let isEven = av_get_bits_per_sample(parameters.codec_id) > 0 && parameters.bit_rate > 0
    guard let bytes = sampleChunk?.statedBytes,
      let rate = bytesPerSecond ?? (isEven ? Double(parameters.bit_rate) / 8 : nil)
    else { return nil }
    return Double(bytes) / rate
  }

  /// The bytes of a second of samples that are not compressed; nil for all others.
  var bytesPerSecond: Double? {
    let parameters = stream.pointee.codecpar.pointee
    let bits = Int(av_get_bits_per_sample(parameters.codec_id)) * Int(parameters.ch_layout.nb_channels)
    guard bits > 0, bits == 8 * Int(parameters.block_align) else { return nil }
    return Double(parameters.block_align) * Double(parameters.sample_rate)
  }

  /// When the sound begins, in seconds; nil if its first packets do not say so.
  var startTime: Double? { stream.pointee.start_time == akin_no_timestamp ? nil : seconds(stream.pointee.start_time) }

  /// The number of samples in the blocks of a FLAC file whose blocks all have the same; 0 for other codecs.
  var fixedBlockSize: Int {
    let parameters = stream.pointee.codecpar.pointee
    guard parameters.codec_id == AV_CODEC_ID_FLAC, parameters.extradata_size >= 4, let header = parameters.extradata
    else { return 0 }
    return Int(header[0]) << 8 | Int(header[1])
  }

  /// What a sound file may have that FFmpeg passes over without a word; nil if there is nothing of that kind.
  var unsupportedFeature: String? {
    let parameters = stream.pointee.codecpar.pointee
    // FFmpeg before 6.1 takes no frame of such a file for a frame.
    return parameters.codec_id == AV_CODEC_ID_FLAC && parameters.bits_per_raw_sample > 24
      ? "FLAC of \(parameters.bits_per_raw_sample) bits a sample" : nil
  }

  /// What the index at the beginning of a file says of its end: when the last packet ends whose bytes are all there, in
  /// seconds after the first, and whether packets are missing after it; nil if there is no such index.
  func endByIndex() -> (seconds: Double, isBrokenOff: Bool)? {
    let count = avformat_index_get_entries_count(stream)
    guard count > 1, let first = avformat_index_get_entry(stream, 0)?.pointee.timestamp else { return nil }
    var next: Int64?
    for place in (0..<count).reversed() {
      guard let entry = avformat_index_get_entry(stream, place)?.pointee else { return nil }
      // Where the last packet ends is not in the index; packets are about as long as the one before.
      if Int(entry.pos) + Int(entry.size) <= source.byteCount && Int(entry.pos) < source.byteCount {
        let before = place > 0 ? avformat_index_get_entry(stream, place - 1)?.pointee.timestamp : nil
        let end = next ?? before.map { 2 &* entry.timestamp &- $0 } ?? entry.timestamp
        return (seconds(end &- first), place < count - 1)
      }
      next = entry.timestamp
    }
    return (0, true)
  }

  func seconds(_ timestamp: Int64) -> Double { Double(timestamp) * av_q2d(stream.pointee.time_base) }

  /// What all packets from here to the end say of the length; they are read but not decoded.
  struct Scan {
    /// The length in seconds; nil if the packets do not state theirs.
    var duration: Double?
    /// Whether their time stamps run on without a gap or a jump back, as far as they have any.
    var isEven = true
    /// Whether bytes of the last one are missing.
    var endsBrokenOff = false
    /// The bytes of those that look like sound.
    var soundBytes = 0
  }

  /// How far a time stamp may be from where the packet before ends, in seconds: containers round.
  private static let toleratedDrift = 0.25
  /// Clocks of containers that tick no faster, in seconds, as Matroska's and ASF's, round the length of each packet.
  private static let coarseTick = 0.000_5

  /// Reads all packets from here to the end.
  func scan() throws(AudioDecodingError) -> Scan {
    var scan = Scan()
    var (total, first, next): (Int64, Int64?, Int64?) = (0, nil, nil)
    let tick = av_q2d(stream.pointee.time_base)
    let (tolerated, isRounded) = (Self.toleratedDrift / tick, tick >= Self.coarseTick)
    while let packet = try nextPacket() {
      scan.endsBrokenOff = packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
      if looksLikeSound(packet) { scan.soundBytes += Int(packet.pointee.size) }
      let length = max(0, packet.pointee.duration)
      let time = packet.pointee.pts == akin_no_timestamp ? packet.pointee.dts : packet.pointee.pts
      if time != akin_no_timestamp {
        let begin = first ?? time &- total
        first = begin
        // Rounded lengths add up to something else than the times, which do not drift.
        let expected = isRounded ? next ?? time : begin &+ total
        if abs(Double(time) - Double(expected)) > tolerated { scan.isEven = false }
        next = time &+ length
      } else if let end = next {
        next = end &+ length
      }
      total = total.addingReportingOverflow(length).partialValue
    }
    guard total > 0 else { return scan }
    let span = first.flatMap { first in next.map { $0 &- first } } ?? total
    let isDrift = isRounded && scan.isEven && abs(Double(span) - Double(total)) > tolerated
    scan.duration = seconds(isDrift ? span : total)
    return scan
  }

  /// Whether a packet has the size that its header states, if it is one of MPEG audio: FFmpeg makes packets of noise too.
  private func looksLikeSound(_ packet: UnsafeMutablePointer<AVPacket>) -> Bool {
    guard stream.pointee.codecpar.pointee.codec_id == AV_CODEC_ID_MP3, let data = packet.pointee.data else {
      return true
    }
    let size = Int(packet.pointee.size)
    return size >= 4 && MPEGFrameHeader(UnsafeBufferPointer(start: data, count: 4))?.byteCount == size
  }
}
