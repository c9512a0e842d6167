#!/usr/bin/env bash
# Guess: the filters `ass` and `subtitles` draw a colour as the film has it: pure red over a BT.709 film is what red is in
#   BT.709, because the filter knows the matrix of each frame (`setparams`, or what the decoder said).
# Found: it converts by BT.601 whatever the frame says. White and grey are right, which hides it; red, green and yellow of
#   styles and karaoke are off by up to 21 steps of luma, and other than what a player draws of the same file.
# Seen with 9.0.2 (5.1.9 the same), red over BT.709: "drawn 81 90 240, wanted 62 102 239".
# Why it matters here: burned subtitles have their colours turned beforehand, so that they come out as their author chose.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target pypi imageio-ffmpeg==0.8.1
ffmpeg=$(echo pypi/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1

# A red rectangle over all of the picture: a drawing needs no font.
cat >red.ass <<'ASS'
[Script Info]
ScriptType: v4.00+
PlayResX: 320
PlayResY: 180

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Outline, Shadow, Alignment
Style: Default,Sans,20,&H000000FF,0,0,7

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:00:05.00,Default,,0,0,0,,{\p1}m 0 0 l 320 0 320 180 0 180{\p0}
ASS

# Y, U and V in the middle of the picture.
middle() {
  "$ffmpeg" -v error -f lavfi -i "color=$1:size=320x180:rate=5:duration=1" -vf "$2,format=yuv420p,scale=2:2:flags=area" \
    -frames:v 1 -f rawvideo - | od -An -tu1 | awk '{ print $1, $5, $6 }'
}
drawn=$(middle black "setparams=colorspace=bt709:range=tv,format=yuv420p,ass=red.ass")
wanted=$(middle red "format=rgb24,scale=out_color_matrix=bt709:out_range=tv")
echo "drawn $drawn, wanted $wanted"
[ "$drawn" = "81 90 240" ] && [ "$wanted" = "62 102 239" ]
