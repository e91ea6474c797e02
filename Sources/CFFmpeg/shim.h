#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/murmur3.h>
#include <libavutil/opt.h>
#include <libavutil/sha.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>

// Only what Swift cannot import: function-like macros and casts.
static const int64_t akin_no_timestamp = AV_NOPTS_VALUE;
static const int akin_averror_eof = AVERROR_EOF;
static const int akin_averror_invalid_data = AVERROR_INVALIDDATA;
static const int akin_averror_patch_welcome = AVERROR_PATCHWELCOME;
static const int akin_averror_stream_not_found = AVERROR_STREAM_NOT_FOUND;
static const int akin_averror_decoder_not_found = AVERROR_DECODER_NOT_FOUND;
static const int akin_averror_encoder_not_found = AVERROR_ENCODER_NOT_FOUND;
static inline int akin_averror(int errnoValue) { return AVERROR(errnoValue); }
