#!/bin/sh
# Compares the C kernels with their references under AddressSanitizer and UndefinedBehaviorSanitizer, on every
# instruction set of this processor; the code for AVX-512 also where the processor lacks it, in narrower vectors; and
# NEON under qemu-user where Debian's cross compiler is installed (gcc-aarch64-linux-gnu, qemu-user).
#
# CC names the compiler, a clang (Swift's comes with the toolchain).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
compiler=${CC:-clang}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# compile OUTPUT FLAGS...
compile() {
  output=$1
  shift
  "$compiler" -std=c11 -O1 -g -Wall -Wextra -Werror -I "$root/Sources/CKernels/include" "$@" \
    "$root/Scripts/check-kernels/check.c" "$root"/Sources/CKernels/*.c -o "$build/$output" -lm
}

sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all"
linker=
if command -v ld.lld >/dev/null; then linker=-fuse-ld=lld; fi

echo "This processor, with sanitizers:"
# shellcheck disable=SC2086 # several flags each
compile native $sanitizers $linker
"$build/native"

if [ "$(uname -m)" = x86_64 ]; then
  echo "AVX-512's code in AVX2's vectors, with sanitizers:"
  # shellcheck disable=SC2086
  compile emulated -DAKIN_EMULATE_AVX512 -Wno-psabi $sanitizers $linker
  "$build/emulated"
fi

if [ "$(uname -m)" = aarch64 ]; then
  : # NEON was checked above
elif command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
  echo "NEON under qemu:"
  # Clang compiles (GCC lacks its vector extension), Debian's cross compiler links.
  for source in "$root/Scripts/check-kernels/check.c" "$root"/Sources/CKernels/*.c; do
    "$compiler" --target=aarch64-linux-gnu --sysroot=/usr/aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include \
      -std=c11 -O2 -Wall -Wextra -Werror -I "$root/Sources/CKernels/include" -c "$source" \
      -o "$build/$(basename "$source" .c).o"
  done
  aarch64-linux-gnu-gcc -static "$build"/*.o -o "$build/neon" -lm
  qemu-aarch64 "$build/neon"
else
  echo "NEON skipped: install gcc-aarch64-linux-gnu and qemu-user to check it here."
fi
