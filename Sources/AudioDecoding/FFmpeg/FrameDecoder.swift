import CFFmpeg
import Foundation

/// Turns the packets of a file into frames of samples in the codec's own format.
final class FrameDecoder {
  let demuxer: Demuxer
  private var context: UnsafeMutablePointer<AVCodecContext>?
  private var frame: UnsafeMutablePointer<AVFrame>?
  private var isDraining = false

  /// The number of decoded frames, and of packets that the decoder refused.
  private(set) var goodFrames = 0
  private(set) var brokenPackets = 0
  /// The bytes of the refused packets.
  private(set) var brokenBytes = 0
  private var lastPacketBytes = 0
  /// Why the last packet was refused.
  private(set) var lastFailure: FFmpegFailure?

  /// The most samples in a frame: more than any codec has, but keeps broken headers from asking for gigabytes.
  private static let largestFrame: Int64 = 1 << 22

  /// Opens the decoder of the file's stream.
  init(_ demuxer: Demuxer) throws(AudioDecodingError) {
    self.demuxer = demuxer
    let path = demuxer.path
    var opened = avcodec_alloc_context3(demuxer.decoder)
    do throws(FFmpegFailure) {
      let context = try FFmpegFailure.check(allocated: opened, for: "a decoder")
      try FFmpegFailure.check(
        avcodec_parameters_to_context(context, demuxer.stream.pointee.codecpar), to: "set up the decoder")
      context.pointee.pkt_timebase = demuxer.stream.pointee.time_base
      context.pointee.thread_count = 1
      context.pointee.max_samples = Self.largestFrame
      try FFmpegFailure.check(avcodec_open2(context, demuxer.decoder, nil), to: "open the decoder")
      frame = try FFmpegFailure.check(allocated: av_frame_alloc(), for: "a frame")
    } catch {
      avcodec_free_context(&opened)
      throw AudioDecodingError(path: path, error)
    }
    context = opened
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
        goodFrames += 1
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
      let sent = avcodec_send_packet(context, packet)
      if sent < 0 && sent != akin_averror_eof { try note(sent) }
    }
    return nil
  }

  /// Forgets what came before, after a seek.
  func flush() {
    avcodec_flush_buffers(context)
    isDraining = false
  }

  private func isUsable(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    frame.pointee.nb_samples > 0 && Demuxer.plausibleSampleRates.contains(Int(frame.pointee.sample_rate))
      && Demuxer.plausibleChannelCounts.contains(Int(frame.pointee.ch_layout.nb_channels))
  }

  /// Counts a broken packet; throws if the packet is not to blame.
  private func note(_ code: Int32) throws(AudioDecodingError) {
    let failure = FFmpegFailure(code: code, attempt: "decode it")
    guard code != akin_averror(ENOMEM) else { throw AudioDecodingError(path: demuxer.path, failure) }
    brokenPackets += 1
    brokenBytes += lastPacketBytes
    lastPacketBytes = 0
    lastFailure = failure
  }
}
