#!/usr/bin/env bash
# Guess: `movflags=+cmaf` adds the brand `cmfc` to what the dash muxer writes; together with `+negative_cts_offsets`
# composition offsets stay below zero where frames are reordered, so that no edit list is needed to show the first picture
# at zero.
#
# What happens: up to ffmpeg 7.0 it is so. Newer ones take `cmfc` by its letter: `+cmaf` silently overrides
# `+negative_cts_offsets`, offsets are of version 0 and begin at two frames, and an edit list takes that back.
#
# Seen with ffmpeg 7.0.2 and 9.0.2 (static builds of imageio-ffmpeg 0.6.0 and 0.8.1), 25 pictures a second, B-frames:
#   7.0.2: cmfc, version 1, first offset 0, no edit list
#   9.0.2: cmfc, version 0, first offset 1024, edit list
#
# Why it matters here: hls.js and Shaka Player place segments by their times alone, so that with 9.0.2 the picture comes
# 80 ms behind the sound, which has no reordered frames. The brand is not asked for.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >look.py <<'P'
import struct
init, chunk = open("init.m4s", "rb").read(), open("chunk1.m4s", "rb").read()
brands = init[8:struct.unpack(">I", init[:4])[0]]
trun = chunk[chunk.index(b"trun") + 4:]
flags = struct.unpack(">I", b"\0" + trun[1:4])[0]
at = 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0) + 4 * sum(bool(flags & field) for field in (0x100, 0x200, 0x400))
offset = struct.unpack(">i", trun[at:at + 4])[0] if flags & 0x800 else 0
print(f"{'cmfc' if b'cmfc' in brands else 'no cmfc'}, version {trun[0]}, first offset {offset}, {'edit list' if b'elst' in init else 'no edit list'}")
P

look() { # VERSION OF imageio-ffmpeg
  python3 -m venv "$1"
  "$1/bin/pip" install --quiet "imageio-ffmpeg==$1"
  ffmpeg=$("$1/bin/python" -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')
  "$ffmpeg" -v error -y -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -c:v libx264 -bf 2 -g 25 \
    -f dash -seg_duration 1 -init_seg_name init.m4s -media_seg_name 'chunk$Number$.m4s' \
    -format_options movflags=+negative_cts_offsets+cmaf manifest.mpd
  echo "$("$ffmpeg" -version | sed -n '1s/^ffmpeg version [^0-9]*\([0-9.]*[0-9]\).*/\1/p'): $(python3 look.py)"
}

look 0.6.0 | tee seen
look 0.8.1 | tee -a seen
grep -q '^7.0.2: cmfc, version 1, first offset 0, no edit list$' seen
grep -q '^9.0.2: cmfc, version 0, first offset 1024, edit list$' seen
