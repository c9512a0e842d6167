#!/usr/bin/env bash
# Guess: the filter fps=1/10 turns any clip into one picture for every ten seconds, and at least one, with round=up as
# with every other rounding.
# What happens: slots are counted from time 0, not from the first picture. A picture at 0.021 s is rounded up to the
# slot at 10 s, so a clip that is shorter than a step gives no picture at all, and a longer one loses its first. ffmpeg
# exits with 0. The first picture of an ordinary Matroska file lies at 0.021 s when ffmpeg 5.1 has put AAC beside it:
# the sound begins earlier by what its encoder needs to get going, and Matroska is shifted to begin at 0. start_time=0
# fills the slots from 0 on and gives every picture.
# Why it matters here: sheets of thumbnails take one picture for every few seconds.
# Version: ffmpeg 9.0.2 (also 5.1.9 and 8.1.2). Output seen:
#   ffmpeg version n9.0.2
#   begins at 0:     fps=1/10:round=up               1 of 1
#   begins at 0.021: fps=1/10:round=up               0 of 1, exit code 0
#   begins at 0.021: fps=1:round=up                  2 of 3, exit code 0
#   begins at 0.021: fps=1/10:start_time=0:round=up  1 of 1
#   begins at 0.021: fps=1:start_time=0:round=up     3 of 3
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$dir/wheel" imageio-ffmpeg==0.8.1 2>/dev/null
ffmpeg=$(echo "$dir"/wheel/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | sed -n '1s/^\(ffmpeg version n[0-9.]*\).*/\1/p'

for start in 0 0.021; do
  "$ffmpeg" -v error -f lavfi -i testsrc2=size=64x36:rate=24:duration=2.4 -f lavfi -i sine=duration=2.4 \
    -vf "settb=1/1000,setpts=PTS+$start/TB" -c:v libx264 -enc_time_base 1/1000 -c:a pcm_s16le "$dir/$start.mkv"
done

status=0
# How many pictures a filter makes of a clip, beside how many there should be and how many are made today.
expect() {
  local start=$1 filter=$2 right=$3 today=$4 code=0
  rm -f "$dir"/out_*.png
  "$ffmpeg" -v error -i "$dir/$start.mkv" -vf "$filter" -fps_mode passthrough "$dir/out_%02d.png" 2>/dev/null || code=$?
  local made
  made=$(find "$dir" -name 'out_*.png' | wc -l)
  printf '%-16s %-31s %s of %s%s\n' "begins at $start:" "$filter" "$made" "$right" \
    "$([ "$made" = "$right" ] || echo ", exit code $code")"
  [ "$made" = "$today" ] && [ "$code" = 0 ] || status=1
}
expect 0 "fps=1/10:round=up" 1 1
expect 0.021 "fps=1/10:round=up" 1 0
expect 0.021 "fps=1:round=up" 3 2
expect 0.021 "fps=1/10:start_time=0:round=up" 1 1
expect 0.021 "fps=1:start_time=0:round=up" 3 3
exit $status
