#pragma once
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Is told of one value of a tag.
///
/// - `kind`: the kind of tag that holds it: "ID3v1", "ID3v2.2" to "ID3v2.4", "APEv2", "Vorbis", "MP4", "ASF" or "INFO".
/// - `key`: TagLib's name for it, the same for all kinds, such as "ALBUMARTIST"; else the tag's own.
/// - `value`: UTF-8.
typedef void (*akin_tag_receiver)(void *context, const char *kind, const char *key, const char *value);

/// Reads all tags of a file: kind after kind in the order in which they are to be believed, and a value a call.
///
/// `format` and `codec` are FFmpeg's names for what the file holds; its name plays no part. Returns false if TagLib has
/// no reader for that format, or if reading failed; values may have been received even so.
bool akin_read_tags(
    const char *path, const char *format, const char *codec, akin_tag_receiver receiver, void *context);

/// ID3v1's genre of a number; null if there is none. The string is good until the next call on the same thread.
const char *akin_genre_name(int number);

#ifdef __cplusplus
}
#endif
