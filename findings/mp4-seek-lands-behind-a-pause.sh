#!/usr/bin/env bash
# Guess: `-noaccurate_seek -ss 5 -i film.mp4` begins at the last keyframe that is shown at or before 5 s, as ffmpeg's
# manual says of seek points, so that the picture that stands at 5 s is among those that are decoded.
# What happens: mp4 is searched by the time at which keyframes are decoded. In a film whose picture stands from 3 to 9 s
# and that has B-frames, the encoder hands out the keyframe that is shown at 9 s with a decoding time of 2.9 s, because
# decoding times only have to grow. Each moment of the pause is "behind" it, and reading begins at 9 s: the picture that
# stands is never decoded. The same film in Matroska, which is searched by the time of showing, begins before the pause.
# Why it matters here: parts of a film are encoded by themselves, and the picture that stands at the beginning of a part
# must be there. The time of a keyframe that is known to be earlier is sought instead.
# Version: ffmpeg 9.0.2 (5.1.9 too). Output seen:
#   ffmpeg version n9.0.2
#   mp4: the keyframe of 9.04 s is decoded at 2.92 s
#   mp4 from 2.5 s: first picture at 1.76 s
#   mp4 from 5 s: first picture at 9.04 s
#   mkv from 5 s: first picture at 1.76 s
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$dir/wheel" imageio-ffmpeg==0.8.1 2>/dev/null
ffmpeg=$(echo "$dir"/wheel/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | sed -n '1s/^\(ffmpeg version n[0-9.]*\).*/\1/p'

"$ffmpeg" -v error -f lavfi -i testsrc2=s=320x180:r=25:d=12 -vf "select='lt(t,3)+gt(t,9)'" -fps_mode vfr \
  -c:v libx264 -preset veryfast -x264-params scenecut=0 -force_key_frames 1.76,9.02 "$dir/film.mp4"
"$ffmpeg" -v error -i "$dir/film.mp4" -c copy "$dir/film.mkv"

# framecrc lists: stream, decoding time, time of showing, length, size and hash; the first behind 9 s is a keyframe.
"$ffmpeg" -v error -i "$dir/film.mp4" -c copy -f framecrc "$dir/packets"
decoded=$(awk -F', *' '
  /^#tb/ { split($0, tb, /[ \/]/); unit = tb[3] / tb[4] }
  /^0,/ && $3 * unit > 9 && !found { found = 1; printf "%.2f", $2 * unit }' "$dir/packets")
echo "mp4: the keyframe of 9.04 s is decoded at $decoded s"

first() {
  "$ffmpeg" -hide_banner -noaccurate_seek -ss "$2" -copyts -start_at_zero -i "$dir/film.$1" -vf showinfo -frames:v 1 \
    -f null - 2>&1 | sed -n 's/.* n: *0 .*pts_time:\([0-9.]*\).*/\1/p' | head -1
}
status=0
expect() {
  local found
  found=$(first "$1" "$2")
  echo "$1 from $2 s: first picture at $found s"
  [ "$found" = "$3" ] || status=1
}
expect mp4 2.5 1.76
expect mp4 5 9.04
expect mkv 5 1.76
exit $status
