// Reads tags with TagLib, of which Swift cannot import the C++ interface. Nothing but calls that 1.13 and 2 share.
#include "CTagLib.h"

#include <aifffile.h>
#include <apefile.h>
#include <apetag.h>
#include <asffile.h>
#include <asftag.h>
#include <flacfile.h>
#include <id3v1genres.h>
#include <id3v1tag.h>
#include <id3v2framefactory.h>
#include <id3v2header.h>
#include <id3v2tag.h>
#include <infotag.h>
#include <mp4file.h>
#include <mp4tag.h>
#include <mpcfile.h>
#include <mpegfile.h>
#include <oggflacfile.h>
#include <opusfile.h>
#include <speexfile.h>
#include <string>
#include <taglib.h>
#include <tpropertymap.h>
#include <trueaudiofile.h>
#include <vorbisfile.h>
#include <wavfile.h>
#include <wavpackfile.h>
#include <xiphcomment.h>
#if TAGLIB_MAJOR_VERSION >= 2
#include <dsdifffile.h>
#include <dsffile.h>
#endif

using namespace TagLib;

namespace {

/// Hands the tags of one file on.
struct Reader {
  akin_tag_receiver receiver;
  void *context;

  void receive(const char *kind, const String &key, const String &value) const {
    receiver(context, kind, key.to8Bit(true).c_str(), value.to8Bit(true).c_str());
  }

  void receive(const char *kind, const String &key, const StringList &values) const {
    for (const String &value : values) receive(kind, key, value);
  }

  void receive(const char *kind, const PropertyMap &properties) const {
    for (const auto &property : properties) receive(kind, property.first, property.second);
  }

  void read(ID3v2::Tag *tag) const {
    if (!tag || tag->isEmpty()) return;
    switch (tag->header()->majorVersion()) {
      case 2: return receive("ID3v2.2", tag->properties());
      case 3: return receive("ID3v2.3", tag->properties());
      default: return receive("ID3v2.4", tag->properties());
    }
  }

  void read(ID3v1::Tag *tag) const {
    if (tag && !tag->isEmpty()) receive("ID3v1", tag->properties());
  }

  void read(APE::Tag *tag) const {
    if (tag && !tag->isEmpty()) receive("APEv2", tag->properties());
  }

  void read(Ogg::XiphComment *comment) const {
    if (comment && !comment->isEmpty()) receive("Vorbis", comment->properties());
  }

  void read(RIFF::Info::Tag *tag) const {
    if (!tag || tag->isEmpty()) return;
    // What its properties cut or leave out: https://exiftool.org/TagNames/RIFF.html#Info
    const RIFF::Info::FieldListMap fields = tag->fieldListMap();
    for (const auto &field : fields) {
      const String name(field.first, String::Latin1);
      if (name == "ICRD") receive("INFO", "DATE", field.second);
      if (name == "IPRT" || name == "ITRK") receive("INFO", "TRACKNUMBER", field.second);
      if (name == "ISRC") receive("INFO", "ISRC", field.second);
    }
    receive("INFO", tag->properties());
  }

  void read(MP4::Tag *tag) const {
    if (!tag) return;
    receive("MP4", tag->properties());
    // TagLib gives names to the free-form items that it knows only.
    const std::string prefix = "----:";
    const MP4::ItemMap items = tag->itemMap();
    for (const auto &item : items) {
      const std::string name = item.first.to8Bit(true);
      const auto colon = name.rfind(':');
      if (name.compare(0, prefix.size(), prefix) == 0 && colon >= prefix.size())
        receive("MP4", String(name.substr(colon + 1), String::UTF8).upper(), item.second.toStringList());
    }
  }

  /// The attribute's text; empty if it holds none.
  static String text(const ASF::Attribute &attribute) {
    switch (attribute.type()) {
      case ASF::Attribute::UnicodeType: return attribute.toString();
      case ASF::Attribute::BoolType: return attribute.toBool() ? "1" : "0";
      case ASF::Attribute::DWordType: return String::number(int(attribute.toUInt()));
      case ASF::Attribute::WordType: return String::number(attribute.toUShort());
      default: return String();
    }
  }

  void read(ASF::File &file) const {
    ASF::Tag *tag = file.tag();
    if (!tag) return;
    const bool mainIsLast = hasMainValueLast(file);
    receive("ASF", "TITLE", tag->title());
    receive("ASF", "ARTIST", tag->artist());
    const ASF::AttributeListMap attributes = tag->attributeListMap();
    for (const auto &attribute : attributes) {
      const ASF::AttributeList &values = attribute.second;
      if (values.isEmpty()) continue;
      const String key = name(attribute.first);
      if (mainIsLast) receive("ASF", key, text(values.back()));
      for (const ASF::Attribute &value : values) receive("ASF", key, text(value));
    }
    receive("ASF", tag->properties());
  }

  /// The first of several values stands in the extended content description, the others in the header extension;
  /// TagLib has them in the order of these objects.
  static bool hasMainValueLast(ASF::File &file) {
    const auto description = file.find(ByteVector("\x40\xA4\xD0\xD2\x07\xE3\xD2\x11", 8));
    const auto extension = file.find(ByteVector("\xB5\x03\xBF\x5F\x2E\xA9\xCF\x11", 8));
    return extension < description;
  }

  /// The name of an attribute that may have several values, or else its own.
  static String name(const String &attribute) {
    if (attribute == "Author" || attribute == "WM/Author") return "ARTIST";
    if (attribute == "WM/ARTISTS") return "ARTISTS";
    if (attribute == "WM/AlbumTitle") return "ALBUM";
    if (attribute == "WM/AlbumArtist") return "ALBUMARTIST";
    if (attribute == "WM/OriginalReleaseTime") return "ORIGINALDATE";
    if (attribute == "WM/Genre") return "GENRE";
    if (attribute == "WM/Composer") return "COMPOSER";
    if (attribute == "WM/ISRC") return "ISRC";
    return attribute.upper();
  }

  bool read(const char *path, const std::string &format, const std::string &codec) const {
    const auto frames = ID3v2::FrameFactory::instance();
    if (format == "mp3" || format == "aac") {
      MPEG::File file(path, frames, false);
      read(file.ID3v2Tag());
      read(file.APETag());
      read(file.ID3v1Tag());
    } else if (format == "tak") {
      // TagLib has no class for it, and this one looks for tags alone.
      MPEG::File file(path, frames, false);
      read(file.APETag());
    } else if (format == "flac") {
      FLAC::File file(path, frames, false);
      read(file.xiphComment());
      read(file.ID3v2Tag());
      read(file.ID3v1Tag());
    } else if (format == "ogg" && codec == "vorbis") {
      read(Vorbis::File(path, false).tag());
    } else if (format == "ogg" && codec == "opus") {
      read(Ogg::Opus::File(path, false).tag());
    } else if (format == "ogg" && codec == "speex") {
      read(Ogg::Speex::File(path, false).tag());
    } else if (format == "ogg" && codec == "flac") {
      read(Ogg::FLAC::File(path, false).tag());
    } else if (format == "mov,mp4,m4a,3gp,3g2,mj2") {
      read(MP4::File(path, false).tag());
    } else if (format == "asf") {
      ASF::File file(path, false);
      read(file);
    } else if (format == "wav") {
      RIFF::WAV::File file(path, false);
      read(file.ID3v2Tag());
      read(file.InfoTag());
    } else if (format == "aiff") {
      read(RIFF::AIFF::File(path, false).tag());
    } else if (format == "ape") {
      APE::File file(path, false);
      read(file.APETag());
      read(file.ID3v1Tag());
    } else if (format == "wv") {
      WavPack::File file(path, false);
      read(file.APETag());
      read(file.ID3v1Tag());
    } else if (format == "mpc" || format == "mpc8") {
      MPC::File file(path, false);
      read(file.APETag());
      read(file.ID3v1Tag());
    } else if (format == "tta") {
      TrueAudio::File file(path, frames, false);
      read(file.ID3v2Tag());
      read(file.ID3v1Tag());
#if TAGLIB_MAJOR_VERSION >= 2
    } else if (format == "dsf") {
      read(DSF::File(path, false).tag());
    } else if (format == "iff") {
      read(DSDIFF::File(path, false).ID3v2Tag());
#endif
    } else {
      return false;
    }
    return true;
  }
};

}  // namespace

extern "C" bool akin_read_tags(
    const char *path, const char *format, const char *codec, akin_tag_receiver receiver, void *context) {
  try {
    return Reader{receiver, context}.read(path, format, codec);
  } catch (...) {
    // A broken tag may ask for more memory than there is.
    return false;
  }
}

extern "C" const char *akin_genre_name(int number) {
  static thread_local std::string name;
  name = ID3v1::genre(number).to8Bit(true);
  return name.empty() ? nullptr : name.c_str();
}
