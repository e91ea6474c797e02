// Opens FFmpeg's libraries when one of their functions is called for the first time, instead of at every start: on
// Debian they load some 130 further libraries, which takes the dynamic linker longer than a recommendation takes (see
// docs/decisions/start.md). Each function below is a jump through its slot; the first call fills the slot. A function
// that is called but not listed is an undefined symbol for the linker.
#include "shim.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

struct slot {
  void *address;  // null until the first call; the assembly reads it at offset 0
  const char *function;
  const char *library;
};

// If two threads call a function first, both find the same address.
__attribute__((used, visibility("hidden"))) void akin_ffmpeg_fill(struct slot *slot) {
  void *library = dlopen(slot->library, RTLD_NOW | RTLD_LOCAL);  // only counts if it is open already
  void *address = library ? dlsym(library, slot->function) : NULL;
  if (!address) {
    fprintf(
        stderr, "akin: FFmpeg cannot be loaded: %s; install the libraries that this program was built with\n",
        dlerror());
    _Exit(127);  // as the dynamic linker does
  }
  __atomic_store_n(&slot->address, address, __ATOMIC_RELEASE);
}

// The jump preserves all argument registers, so it need not know a function's parameters.
#if defined(__x86_64__)
#define JUMP(function)                                     \
  "  movq akin_" function "(%rip), %r11\n"                 \
  "  testq %r11, %r11\n"                                   \
  "  jz 1f\n"                                              \
  "  jmp *%r11\n"                                          \
  "1: leaq akin_" function "(%rip), %r11\n"                \
  "  jmp akin_ffmpeg_first_call\n"
#define EACH(_) _(0) _(1) _(2) _(3) _(4) _(5) _(6) _(7)
#define SAVE(n) "  movups %xmm" #n ", 16*" #n "(%rsp)\n"
#define RESTORE(n) "  movups 16*" #n "(%rsp), %xmm" #n "\n"
#define FIRST_CALL                                                                                             \
  "  push %rax\n  push %rdi\n  push %rsi\n  push %rdx\n  push %rcx\n  push %r8\n  push %r9\n  push %r11\n"     \
  "  subq $136, %rsp\n" EACH(SAVE)                                                                             \
  "  movq %r11, %rdi\n  call akin_ffmpeg_fill\n"                                                               \
  EACH(RESTORE) "  addq $136, %rsp\n"                                                                          \
  "  pop %r11\n  pop %r9\n  pop %r8\n  pop %rcx\n  pop %rdx\n  pop %rsi\n  pop %rdi\n  pop %rax\n"             \
  "  jmp *(%r11)\n"
#elif defined(__aarch64__)
#define JUMP(function)                                     \
  "  adrp x16, akin_" function "\n"                        \
  "  add x16, x16, :lo12:akin_" function "\n"              \
  "  ldar x17, [x16]\n"                                    \
  "  cbz x17, akin_ffmpeg_first_call\n"                    \
  "  br x17\n"
#define FIRST_CALL                                                                                             \
  "  stp x29, x30, [sp, #-224]!\n  mov x29, sp\n"                                                              \
  "  stp x0, x1, [sp, #16]\n  stp x2, x3, [sp, #32]\n  stp x4, x5, [sp, #48]\n  stp x6, x7, [sp, #64]\n"       \
  "  stp x8, x16, [sp, #80]\n"                                                                                 \
  "  stp q0, q1, [sp, #96]\n  stp q2, q3, [sp, #128]\n  stp q4, q5, [sp, #160]\n  stp q6, q7, [sp, #192]\n"    \
  "  mov x0, x16\n  bl akin_ffmpeg_fill\n"                                                                     \
  "  ldp q0, q1, [sp, #96]\n  ldp q2, q3, [sp, #128]\n  ldp q4, q5, [sp, #160]\n  ldp q6, q7, [sp, #192]\n"    \
  "  ldp x0, x1, [sp, #16]\n  ldp x2, x3, [sp, #32]\n  ldp x4, x5, [sp, #48]\n  ldp x6, x7, [sp, #64]\n"       \
  "  ldp x8, x16, [sp, #80]\n  ldp x29, x30, [sp], #224\n"                                                     \
  "  ldr x17, [x16]\n  br x17\n"
#else
#error "Package.swift links FFmpeg on this processor"
#endif

__asm__(
  ".text\n.p2align 4\n.hidden akin_ffmpeg_first_call\n.type akin_ffmpeg_first_call, @function\n"
  "akin_ffmpeg_first_call:\n" FIRST_CALL ".size akin_ffmpeg_first_call, . - akin_ffmpeg_first_call\n");

// Hidden, so that FFmpeg's libraries keep calling each other and not these functions.
#define FUNCTION(function, library, version)                                                                       \
  __attribute__((used, visibility("hidden"))) struct slot akin_##function = {                                      \
    NULL, #function, LIBRARY(library, version)};                                                                   \
  __asm__(                                                                                                         \
    ".text\n.p2align 4\n.globl " #function "\n.hidden " #function "\n.type " #function ", @function\n"             \
    #function ":\n" JUMP(#function) ".size " #function ", . - " #function "\n");
#define LIBRARY(name, version) "lib" #name ".so." AV_STRINGIFY(version)

#define AVFORMAT(function) FUNCTION(function, avformat, LIBAVFORMAT_VERSION_MAJOR)
#define AVCODEC(function) FUNCTION(function, avcodec, LIBAVCODEC_VERSION_MAJOR)
#define SWRESAMPLE(function) FUNCTION(function, swresample, LIBSWRESAMPLE_VERSION_MAJOR)
#define AVUTIL(function) FUNCTION(function, avutil, LIBAVUTIL_VERSION_MAJOR)

AVFORMAT(av_find_best_stream)
AVFORMAT(av_interleaved_write_frame)
AVFORMAT(av_probe_input_buffer2)
AVFORMAT(av_read_frame)
AVFORMAT(av_write_trailer)
AVFORMAT(avformat_alloc_context)
AVFORMAT(avformat_alloc_output_context2)
AVFORMAT(avformat_close_input)
AVFORMAT(avformat_find_stream_info)
AVFORMAT(avformat_free_context)
AVFORMAT(avformat_index_get_entries_count)
AVFORMAT(avformat_index_get_entry)
AVFORMAT(avformat_new_stream)
AVFORMAT(avformat_open_input)
AVFORMAT(avformat_seek_file)
AVFORMAT(avformat_write_header)
AVFORMAT(avio_alloc_context)
AVFORMAT(avio_closep)
AVFORMAT(avio_context_free)
AVFORMAT(avio_open)
AVFORMAT(avio_size)

AVCODEC(av_get_bits_per_sample)
AVCODEC(av_new_packet)
AVCODEC(av_packet_alloc)
AVCODEC(av_packet_free)
AVCODEC(av_packet_rescale_ts)
AVCODEC(av_packet_unref)
AVCODEC(avcodec_alloc_context3)
AVCODEC(avcodec_find_encoder_by_name)
AVCODEC(avcodec_flush_buffers)
AVCODEC(avcodec_free_context)
AVCODEC(avcodec_get_name)
AVCODEC(avcodec_open2)
AVCODEC(avcodec_parameters_from_context)
AVCODEC(avcodec_parameters_to_context)
AVCODEC(avcodec_receive_frame)
AVCODEC(avcodec_receive_packet)
AVCODEC(avcodec_send_frame)
AVCODEC(avcodec_send_packet)

SWRESAMPLE(swr_alloc_set_opts2)
SWRESAMPLE(swr_convert)
SWRESAMPLE(swr_free)
SWRESAMPLE(swr_get_out_samples)
SWRESAMPLE(swr_init)
SWRESAMPLE(swr_set_matrix)

AVUTIL(av_channel_layout_copy)
AVUTIL(av_channel_layout_default)
AVUTIL(av_channel_layout_from_mask)
AVUTIL(av_dict_free)
AVUTIL(av_dict_get)
AVUTIL(av_dict_set)
AVUTIL(av_frame_alloc)
AVUTIL(av_frame_free)
AVUTIL(av_frame_get_buffer)
AVUTIL(av_free)
AVUTIL(av_freep)
AVUTIL(av_get_bytes_per_sample)
AVUTIL(av_get_packed_sample_fmt)
AVUTIL(av_log_format_line2)
AVUTIL(av_log_set_callback)
AVUTIL(av_malloc)
AVUTIL(av_murmur3_alloc)
AVUTIL(av_murmur3_final)
AVUTIL(av_murmur3_init)
AVUTIL(av_murmur3_update)
AVUTIL(av_opt_set_double)
AVUTIL(av_opt_set_int)
AVUTIL(av_opt_set_sample_fmt)
AVUTIL(av_rescale_q)
AVUTIL(av_sample_fmt_is_planar)
AVUTIL(av_samples_copy)
AVUTIL(av_sha_alloc)
AVUTIL(av_sha_final)
AVUTIL(av_sha_init)
AVUTIL(av_sha_update)
AVUTIL(av_strerror)
AVUTIL(av_tx_init)
AVUTIL(av_tx_uninit)
AVUTIL(av_version_info)
