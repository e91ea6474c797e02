import CFFmpeg
import Foundation

/// Turns the packets of a file into frames of samples in the codec's own format.
final class FrameDecoder {
  let demuxer: Demuxer
  private var context: UnsafeMutablePointer<AVCodecContext>?
  private var frame: UnsafeMutablePointer<AVFrame>?
  private var isDraining = false

  /// What was decoded so far, and what was refused.
  struct Tally {
    /// The number of decoded frames, and of packets that the decoder refused.
    var goodFrames = 0
    var brokenPackets = 0
    /// The bytes of the refused packets.
    var brokenBytes = 0
    /// Why the last packet was refused.
    var lastFailure: FFmpegFailure?
  }

  /// What was decoded so far, in earlier links of a chain too.
  private(set) var tally: Tally
  private var lastPacketBytes = 0
  /// Whether a frame was decoded since the decoder was opened anew: a packet that a new decoder refuses is broken.
  private var canForget = true

  /// The most samples in a frame: more than any codec has, but keeps broken headers from asking for gigabytes.
  private static let largestFrame: Int64 = 1 << 22

  /// Opens the decoder of the file's stream.
  init(_ demuxer: Demuxer, continuing tally: Tally = Tally()) throws(AudioDecodingError) {
    self.demuxer = demuxer
    self.tally = tally
    context = try Self.open(demuxer, withHeader: true)
    frame = try AudioDecodingError.on(demuxer.path) { () throws(FFmpegFailure) in
      try FFmpegFailure.check(allocated: av_frame_alloc(), for: "a frame")
    }
  }

  private static func open(
    _ demuxer: Demuxer, withHeader: Bool
  ) throws(AudioDecodingError) -> UnsafeMutablePointer<AVCodecContext>? {
    var opened = avcodec_alloc_context3(demuxer.decoder)
    do throws(FFmpegFailure) {
      let context = try FFmpegFailure.check(allocated: opened, for: "a decoder")
      try FFmpegFailure.check(
        avcodec_parameters_to_context(context, demuxer.stream.pointee.codecpar), to: "set up the decoder")
      if !withHeader {
        av_freep(&context.pointee.extradata)
        context.pointee.extradata_size = 0
      }
      context.pointee.pkt_timebase = demuxer.stream.pointee.time_base
      context.pointee.thread_count = 1
      context.pointee.max_samples = largestFrame
      try FFmpegFailure.check(avcodec_open2(context, demuxer.decoder, nil), to: "open the decoder")
    } catch {
      avcodec_free_context(&opened)
      throw AudioDecodingError(path: demuxer.path, error)
    }
    return opened
  }

  deinit {
    av_frame_free(&frame)
    avcodec_free_context(&context)
  }

  /// The next frame, valid until the next call; nil at the end. Broken packets are counted and left out.
  func nextFrame() throws(AudioDecodingError) -> UnsafeMutablePointer<AVFrame>? {
    while let frame {
      let code = avcodec_receive_frame(context, frame)
      if code >= 0 {
        guard isUsable(frame) else { continue }
        tally.goodFrames += 1
        canForget = true
        return frame
      }
      if code == akin_averror_eof { return nil }
      if code != akin_averror(EAGAIN) { try note(code) }
      if isDraining {
        // The decoder still asks for more after the last packet: there will never be enough.
        if code == akin_averror(EAGAIN) { return nil }
        continue
      }
      let packet = try demuxer.nextPacket()
      isDraining = packet == nil
      lastPacketBytes = Int(packet?.pointee.size ?? 0)
      var sent = avcodec_send_packet(context, packet)
      if sent == akin_averror_invalid_data, let packet { sent = try sendAgain(packet) }
      if sent < 0 && sent != akin_averror_eof { try note(sent) }
    }
    return nil
  }

  /// Forgets what came before, after a seek.
  func flush() {
    avcodec_flush_buffers(context)
    isDraining = false
  }

  /// Sends a refused packet to a new decoder that does not know the file's header, since FLAC may change its depth, its
  /// rate and its channels in the middle, and each of its frames says what it needs; returns the code of a refusal.
  private func sendAgain(_ packet: UnsafeMutablePointer<AVPacket>) throws(AudioDecodingError) -> Int32 {
    guard demuxer.decoder.pointee.id == AV_CODEC_ID_FLAC, canForget else { return akin_averror_invalid_data }
    canForget = false
    avcodec_free_context(&context)
    context = try Self.open(demuxer, withHeader: false)
    return avcodec_send_packet(context, packet)
  }

  private func isUsable(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    frame.pointee.nb_samples > 0 && Demuxer.plausibleSampleRates.contains(Int(frame.pointee.sample_rate))
      && Demuxer.plausibleChannelCounts.contains(Int(frame.pointee.ch_layout.nb_channels))
  }

  /// Counts a broken packet; throws if the packet is not to blame.
  private func note(_ code: Int32) throws(AudioDecodingError) {
    let failure = FFmpegFailure(code: code, attempt: "decode it")
    guard code != akin_averror(ENOMEM) else { throw AudioDecodingError(path: demuxer.path, failure) }
    tally.brokenPackets += 1
    tally.brokenBytes += lastPacketBytes
    lastPacketBytes = 0
    tally.lastFailure = failure
  }
}
