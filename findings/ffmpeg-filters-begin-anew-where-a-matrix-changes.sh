#!/usr/bin/env bash
# ffmpeg's filter graph, a transport stream whose colour matrix changes on the way: BT.601, then BT.709, one size and rate.
# The guess: filters are made anew where the size or the pixel format changes; a tag on the pictures changes nothing.
# What happens: in 9.0.2 a change of matrix or range makes them anew as well. The rate filter ends and begins once
#   more, and 50 pictures become 51, with exit 0.
# Seen: Debian's 5.1.9 gives 50 in both cases; 9.0.2: as it is 51, with -reinit_filter 0 50
# Why it matters here: an advertisement in SD before a film in HD is such a source. Counted pictures find it out.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/pip" imageio-ffmpeg==0.8.1
ffmpeg=$(echo "$folder"/pip/imageio_ffmpeg/binaries/ffmpeg-*)

part() { # the matrix, and when it begins
  "$ffmpeg" -v error -nostdin -f lavfi -i "color=red:size=160x90:rate=25:duration=1" \
    -vf "setparams=colorspace=$1:color_primaries=$1:color_trc=$1" -c:v libx264 -preset ultrafast -pix_fmt yuv420p \
    -muxdelay 0 -muxpreload 0 -output_ts_offset "$2" "$folder/$1.ts"
}
part smpte170m 0
part bt709 1
cat "$folder/smpte170m.ts" "$folder/bt709.ts" >"$folder/both.ts"

count() { # further options: how many pictures come out
  "$ffmpeg" -v quiet -nostdin "$@" -i "$folder/both.ts" -vf fps=25:start_time=0 -f framecrc - | grep -c '^0,'
}

"$ffmpeg" -version | head -1
found="as it is $(count), with -reinit_filter 0 $(count -reinit_filter 0)"
echo "$found"
[[ $found == "as it is 51, with -reinit_filter 0 50" ]]
