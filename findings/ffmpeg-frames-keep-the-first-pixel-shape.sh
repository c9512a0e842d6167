#!/usr/bin/env bash
# Guess: when a broadcast goes from 4:3 to 16:9 in one frame size (MPEG-2, 720x576), decoded frames tell their new pixel
#   shape, so that a filter's `sar` follows, and a square stays a square.
# Really: ffmpeg 9.0 gives every frame the shape that the container had at its beginning; the decoder's own (which
#   ffprobe -show_frames tells) is overwritten. 5.1 hands it on, but only by making all filters anew: with
#   `-reinit_filter 0`, which filters that fill from a point in time need, it keeps the first shape as well.
# Why here: pictures came out a quarter too thin. Shapes are read from the keyframes beforehand, and the filter gets them
#   as a function of time (worker/plan/picture.ts).
# Seen with: ffmpeg 9.0.2 of imageio-ffmpeg 0.8.1. Output: the version, "100 sar:64/45" of the second half alone,
#   "200 sar:16/15" of both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check imageio-ffmpeg==0.8.1
ffmpeg=$(echo "$PWD"/python/lib/python3*/site-packages/imageio_ffmpeg/binaries/ffmpeg-*)

for half in 0:4/3 1:16/9; do
  number=${half%%:*}
  "$ffmpeg" -v error -f lavfi -i "testsrc2=s=720x576:r=25:d=4,setdar=${half#*:}" -c:v mpeg2video -b:v 2M -g 12 \
    -mpegts_flags initial_discontinuity -muxdelay 0 -muxpreload 0 -output_ts_offset $((number * 4)) "$number.ts"
done
cat 0.ts 1.ts >both.ts

shapes() { "$ffmpeg" -hide_banner -i "$1" -vf showinfo -f null - 2>&1 | grep -o 'sar:[0-9]*/[0-9]*' | sort | uniq -c | sort -rn; }
"$ffmpeg" -version | head -n 1 | cut -d ' ' -f 1-3
echo "the second half alone:" && shapes 1.ts
echo "both, one after the other:" && shapes both.ts
shapes 1.ts | grep -q 'sar:64/45'
! shapes both.ts | grep -q 'sar:64/45'
