import Foundation

/// Writes tags into files, as taggers do and FFmpeg does not: several values, and kinds of tags side by side.
enum TagBytes {
  typealias Field = (name: String, values: [String])

  // MARK: ID3

  /// An ID3v2 tag of text frames; `encoding` is 0 for Latin-1 or 3 for UTF-8, and zeros stand between values.
  static func id3v2(_ fields: [Field], version: UInt8 = 4, encoding: UInt8 = 3) -> [UInt8] {
    let frames = fields.flatMap { name, values -> [UInt8] in
      let text = values.joined(separator: "\0")
      let content = [encoding] + (encoding == 0 ? text.unicodeScalars.map { UInt8($0.value) } : Array(text.utf8))
      return Array(name.utf8) + (version == 4 ? synchsafe(content.count) : big(content.count)) + [0, 0] + content
    }
    return Array("ID3".utf8) + [version, 0, 0] + synchsafe(frames.count) + frames
  }

  /// An ID3v1 tag, of bytes of any code page.
  static func id3v1(title: [UInt8], artist: [UInt8]) -> [UInt8] {
    func padded(_ bytes: [UInt8]) -> [UInt8] { Array((bytes + [UInt8](repeating: 0, count: 30)).prefix(30)) }
    return Array("TAG".utf8) + padded(title) + padded(artist) + [UInt8](repeating: 0, count: 65)
  }

  // MARK: APEv2

  /// An APEv2 tag with its footer alone.
  static func apev2(_ fields: [Field]) -> [UInt8] {
    let items = fields.flatMap { name, values -> [UInt8] in
      let value = Array(values.joined(separator: "\0").utf8)
      return little(value.count) + [0, 0, 0, 0] + Array(name.utf8) + [0] + value
    }
    return items + Array("APETAGEX".utf8) + little(2000) + little(items.count + 32) + little(fields.count)
      + [UInt8](repeating: 0, count: 12)
  }

  // MARK: Chunks

  /// A WAV file with another chunk at its end.
  static func adding(chunk name: String, _ content: [UInt8], toWAV file: [UInt8]) -> [UInt8] {
    var file = file + Array(name.utf8) + little(content.count) + content
    if content.count % 2 == 1 { file.append(0) }
    file.replaceSubrange(4..<8, with: little(file.count - 8))
    return file
  }

  /// The content of a LIST chunk with INFO.
  static func info(_ fields: [(String, String)]) -> [UInt8] {
    Array("INFO".utf8)
      + fields.flatMap { name, value -> [UInt8] in
        let content = Array(value.utf8) + [0]
        return Array(name.utf8) + little(content.count) + content + (content.count % 2 == 1 ? [0] : [])
      }
  }

  // MARK: Vorbis comments

  /// A FLAC file whose comments are replaced.
  static func replacingComments(ofFLAC file: [UInt8], by fields: [Field]) throws -> [UInt8] {
    let comments = fields.flatMap { field in field.values.map { Array("\(field.name)=\($0)".utf8) } }
    let content = little(0) + little(comments.count) + comments.flatMap { little($0.count) + $0 }
    var (result, offset, isLast) = (Array(file[..<4]), 4, false)
    while !isLast {
      let (kind, size) = (file[offset] & 0x7F, file[offset + 1..<offset + 4].reduce(0) { $0 << 8 | Int($1) })
      isLast = file[offset] & 0x80 != 0
      let block = kind == 4 ? content : Array(file[offset + 4..<offset + 4 + size])
      result += [file[offset]] + big(block.count).dropFirst() + block
      offset += 4 + size
    }
    return result + file[offset...]
  }

  // MARK: MP4

  /// An MP4 file that ends in its index, with items of several values added to it.
  static func adding(items: [Field], toMP4 file: [UInt8]) throws -> [UInt8] {
    let added = items.flatMap { name, values in
      atom(name, values.flatMap { data($0) })
    }
    var file = file
    // Every atom around the items grows.
    var range = 0..<file.count
    for name in ["moov", "udta", "meta", "ilst"] {
      guard let found = atoms(file, in: range).first(where: { $0.name == name }) else {
        throw CocoaError(.fileReadCorruptFile)
      }
      file.replaceSubrange(
        found.range.lowerBound..<found.range.lowerBound + 4, with: big(found.range.count + added.count))
      range = found.range.lowerBound + (name == "meta" ? 12 : 8)..<found.range.upperBound
    }
    file.insert(contentsOf: added, at: range.upperBound)
    return file
  }

  /// A free-form item's name is its domain and its own, "com.apple.iTunes:ARTISTS".
  private static func atom(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let isFree = name.contains(":")
    let kind = isFree ? Array("----".utf8) : name.unicodeScalars.map { UInt8($0.value) }
    let prefix: [UInt8] =
      isFree
      ? full("mean", name.split(separator: ":")[0]) + full("name", name.split(separator: ":")[1]) : []
    return big(8 + prefix.count + content.count) + kind + prefix + content
  }

  private static func full(_ name: String, _ text: Substring) -> [UInt8] {
    big(12 + text.utf8.count) + Array(name.utf8) + [0, 0, 0, 0] + Array(text.utf8)
  }

  private static func data(_ text: String) -> [UInt8] {
    big(16 + text.utf8.count) + Array("data".utf8) + big(1) + big(0) + Array(text.utf8)
  }

  private static func atoms(_ file: [UInt8], in range: Range<Int>) -> [(name: String, range: Range<Int>)] {
    var (offset, found) = (range.lowerBound, [(name: String, range: Range<Int>)]())
    while offset + 8 <= range.upperBound {
      let size = file[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      guard size >= 8 else { break }
      found.append((String(decoding: file[offset + 4..<offset + 8], as: UTF8.self), offset..<offset + size))
      offset += size
    }
    return found
  }

  // MARK: WMA

  /// A WMA file with attributes added to its header, as Windows Media Player writes them: the first value of each in
  /// the extended content description, the others in the metadata library of the header extension before it.
  static func adding(attributes: [Field], toWMA file: [UInt8]) throws -> [UInt8] {
    func text(_ text: String) -> [UInt8] { (text + "\0").utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
    func short(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
    func object(_ identifier: [UInt8], _ content: [UInt8]) -> [UInt8] {
      identifier + little(24 + content.count) + little(0) + content
    }
    let firsts = attributes.map { (text($0.name), text($0.values[0])) }
    let others = attributes.flatMap { field in field.values.dropFirst().map { (text(field.name), text($0)) } }
    let zero = short(0)
    var (described, listed) = (short(firsts.count), short(others.count))
    for (name, value) in firsts {
      described += short(name.count) + name
      described += zero + short(value.count) + value
    }
    for (name, value) in others {
      listed += zero + zero + short(name.count)
      listed += zero + little(value.count) + name + value
    }
    let description = object(
      [0x40, 0xA4, 0xD0, 0xD2, 0x07, 0xE3, 0xD2, 0x11, 0x97, 0xF0, 0x00, 0xA0, 0xC9, 0x5E, 0xA8, 0x50], described)
    let library = object(
      [0x94, 0x1C, 0x23, 0x44, 0x98, 0x94, 0xD1, 0x49, 0xA1, 0x41, 0x1D, 0x13, 0x4E, 0x45, 0x70, 0x54], listed)
    let extensionObject: [UInt8] = [0xB5, 0x03, 0xBF, 0x5F, 0x2E, 0xA9, 0xCF, 0x11]
    var file = file
    func number(at offset: Int) -> Int { file[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) } }
    func grow(at offset: Int, by count: Int) {
      file.replaceSubrange(offset..<offset + 4, with: little(number(at: offset) + count))
    }
    guard let start = file.indices.first(where: { file[$0...].starts(with: extensionObject) }) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let headerSize = number(at: 16)
    file.insert(contentsOf: description, at: headerSize)
    file.insert(contentsOf: library, at: start + number(at: start + 16))
    grow(at: start + 16, by: library.count)
    grow(at: start + 42, by: library.count)
    grow(at: 16, by: description.count + library.count)
    grow(at: 24, by: 1)
    return file
  }

  // MARK: Numbers

  private static func big(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(value >> ($0 * 8) & 0xFF) } }
  private static func little(_ value: Int) -> [UInt8] { big(value).reversed() }
  private static func synchsafe(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(value >> ($0 * 7) & 0x7F) } }
}
