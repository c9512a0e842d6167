#!/usr/bin/env bash
# ffmpeg's Matroska reader, two films put together with `cat`.
# The guess: it reads the first film and stops where its segment ends, or plays one after the other, or fails.
# What happens depends on tracks: where the second film has those of the first, its packets come again from zero, and the
#   muxer lets none go back, so that all of them stand at the last moment of the first. Where the second has a track that
#   the first has not, reading ends there. The exit code is 0 both times.
# Seen (5.1.9 and 9.0.2 alike):
#   same tracks: 150 packets of pictures, 75 stand still   another track: 75 packets of pictures, 0 stand still
# Why it matters here: half of a film, or a mixture of both, was published. A second header behind the first segment is
#   looked for, and packets that stand still in time are a sign of a clock that starts again.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/pip" imageio-ffmpeg==0.8.1
ffmpeg=$(echo "$folder"/pip/imageio_ffmpeg/binaries/ffmpeg-*)

picture=(-f lavfi -i "color=black:size=160x90:rate=25:duration=3")
sound=(-f lavfi -i "sine=sample_rate=48000:duration=3")
codecs=(-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac)
"$ffmpeg" -v error -nostdin "${picture[@]}" "${codecs[@]}" "$folder/silent.mkv"
"$ffmpeg" -v error -nostdin "${picture[@]}" "${sound[@]}" "${codecs[@]}" "$folder/whole.mkv"

pictures() { # the films: how many packets of pictures are read, and how many have the time of the one before
  cat "$@" >"$folder/both.mkv"
  "$ffmpeg" -v quiet -nostdin -i "$folder/both.mkv" -map 0:v -c copy -f framecrc - |
    awk -F', *' '/^0,/ { standing += count++ && $2 == last; last = $2 }
      END { printf "%d packets of pictures, %d stand still", count, standing }'
}

"$ffmpeg" -version | head -1
same=$(pictures "$folder/whole.mkv" "$folder/whole.mkv")
other=$(pictures "$folder/silent.mkv" "$folder/whole.mkv")
echo "same tracks: $same   another track: $other"
[[ $same == "150 packets of pictures, 75 stand still" && $other == "75 packets of pictures, 0 stand still" ]]
