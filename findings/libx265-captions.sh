#!/usr/bin/env bash
# Guess: libx265 hands closed captions (A53, CEA-608/708) on by itself, as libx264 always has and as ffmpeg 7.0 does.
# Found: the option's default was turned. ffmpeg 7.0.2 carries them unasked, 9.0.2 drops all of them with exit code 0
#   and not a word unless `-a53cc 1` is given; 5.1 lacks it and drops them all. libx264 carries them in each.
# Seen: "7.0.2 libx264: 30 of 30", "7.0.2 libx265: 30 of 30", "9.0.2 libx264: 30 of 30", "9.0.2 libx265: 0 of 30",
#   "9.0.2 libx265 -a53cc 1: 30 of 30".
# Why it matters here: captions are carried where the encoder can, and the plan must know by version where it can.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

fetch() { # VERSION: PyPI's imageio-ffmpeg of that version, with its static ffmpeg
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target "$1" "imageio-ffmpeg==$1"
  local program=("$1"/imageio_ffmpeg/binaries/ffmpeg-*)
  chmod +x "${program[0]}"
  ln -s "$PWD/${program[0]}" "ffmpeg-$1"
}
fetch 0.6.0
fetch 0.8.1

# A clip whose pictures each hold one pair of CEA-608, in an SEI before their slices.
./ffmpeg-0.8.1 -v error -f lavfi -i testsrc2=size=160x90:rate=30:duration=1 -c:v libx264 -preset ultrafast -f h264 plain.h264
python3 - <<'PY'
import re
payload = b"\xb5\x00\x31GA94\x03" + bytes([0x41, 0xFF, 0xFC, 0x94, 0x20, 0xFF])
sei = b"\x00\x00\x01\x06\x04" + bytes([len(payload)]) + payload + b"\x80"
plain = open("plain.h264", "rb").read()
slices = re.compile(rb"\x00\x00\x01[\x41\x61\x65\x25\x21]", re.S)
open("captioned.h264", "wb").write(slices.sub(lambda match: sei + match[0], plain))
PY

failed=0
expect() { # FFMPEG COUNT ENCODER [OPTION...]
  local ffmpeg=$1 count=$2 version
  shift 2
  version=$("./$ffmpeg" -version | sed -n '1s/ffmpeg version n\{0,1\}\([0-9.]*\).*/\1/p')
  "./$ffmpeg" -v error -y -r 30 -i captioned.h264 -c:v "$@" -x265-params log-level=none -preset ultrafast -f rawvideo out.raw
  local found
  found=$({ grep -ao GA94 out.raw || true; } | wc -l)
  echo "$version $*: $found of 30"
  [ "$found" -eq "$count" ] || failed=1
}
expect ffmpeg-0.6.0 30 libx264
expect ffmpeg-0.6.0 30 libx265
expect ffmpeg-0.8.1 30 libx264
expect ffmpeg-0.8.1 0 libx265
expect ffmpeg-0.8.1 30 libx265 -a53cc 1
exit "$failed"
