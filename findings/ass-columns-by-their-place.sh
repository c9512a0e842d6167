#!/usr/bin/env bash
# Guess: ffmpeg reads the events of an ASS file by its `Format:` line, which names their columns in the order that the file
#   has them, as libass and every player do.
# Found: the demuxer and the decoder take columns by their usual place. A file that names others in another order, which
#   tools write that leave out what they do not need, has no texts: conversion to SRT, mov_text or WebVTT writes an empty
#   file and exits with 0 without a word. The filter `ass` draws all of it, because libass opens the file itself.
# Seen with 9.0.2 (5.1.9 the same): "usual columns: Hello, world", "other columns: nothing, exit code 0".
# Why it matters here: what a film's own texts become must not be empty without a word; events are put in order first.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target pypi imageio-ffmpeg==0.8.1
ffmpeg=$(echo pypi/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1

script() {
  cat <<ASS
[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Sans,20

[Events]
Format: $1
Dialogue: $2
ASS
}
script "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text" \
  "0,0:00:01.00,0:00:02.00,Default,,0,0,0,,Hello, world" >usual.ass
script "Start, End, Layer, Style, Text" "0:00:01.00,0:00:02.00,0,Default,Hello, world" >other.ass

text() {
  local code=0 said
  said=$("$ffmpeg" -v error -i "$1" -f srt - 2>&1) || code=$?
  said=$(sed -n '3s/<[^>]*>\|{[^}]*}//gp' <<<"$said")
  echo "${said:-nothing, exit code $code}"
}
usual=$(text usual.ass) other=$(text other.ass)
printf 'usual columns: %s\nother columns: %s\n' "$usual" "$other"
[ "$usual" = "Hello, world" ] && [ "$other" = "nothing, exit code 0" ]
