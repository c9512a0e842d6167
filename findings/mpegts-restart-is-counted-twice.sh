#!/usr/bin/env bash
# ffmpeg's correction of timestamps, two MPEG-TS recordings put together with `cat`, sound as AC-3.
# The guess: where the clock starts again, what follows is moved once, by the jump, so that 3 s and 3 s become 6 s.
# What happens: the offset belongs to the whole input. Where the picture starts again before the last sound of the first
#   recording has come, that sound is moved as well and jumps once more at its own restart, and the picture with it: both
#   become 9 s long, copied or decoded, with exit 0. Each stream mapped alone is right.
# Seen (5.1.9 and 9.0.2 alike): when the last packet begins
#   together: picture 8.9, sound 9.0   alone: picture 6.0, sound 6.0
# Why it matters here: lengths are planned from packets that ffmpeg reads, and outputs are verified against them. Such a
#   source must be opened once for each stream, each opening moved to where its stream begins.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/pip" imageio-ffmpeg==0.8.1
ffmpeg=$(echo "$folder"/pip/imageio_ffmpeg/binaries/ffmpeg-*)

recording="$folder/recording.ts"
"$ffmpeg" -v error -nostdin \
  -f lavfi -i color=black:size=160x90:rate=25:duration=3 -f lavfi -i sine=sample_rate=48000:duration=3 \
  -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a ac3 "$recording"
cat "$recording" "$recording" >"$folder/both.ts"

ends() { # the stream, what to map: when its last packet begins, in seconds
  # shellcheck disable=SC2086
  "$ffmpeg" -v error -nostdin -i "$folder/both.ts" $2 -c copy -f framecrc - |
    awk -F', *' -v stream="$1" '$1 == stream { last = $3 / 90000 } END { printf "%.1f", last }'
}

"$ffmpeg" -version | head -1
both="-map 0:v -map 0:a"
together="picture $(ends 0 "$both"), sound $(ends 1 "$both")"
alone="picture $(ends 0 "-map 0:v"), sound $(ends 0 "-map 0:a")"
echo "together: $together   alone: $alone"
[[ $together == "picture 8.9, sound 9.0" && $alone == "picture 6.0, sound 6.0" ]]
