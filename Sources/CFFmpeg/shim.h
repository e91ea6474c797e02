#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
#include <libavutil/tx.h>
#include <libswresample/swresample.h>

// Swift does not import function-like macros: only those stand here.
static const int akin_averror_eof = AVERROR_EOF;
static inline int akin_averror(int errnoValue) { return AVERROR(errnoValue); }
