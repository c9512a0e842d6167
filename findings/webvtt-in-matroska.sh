#!/usr/bin/env bash
# Guess: WebVTT in Matroska as its specification says (codec S_TEXT/WEBVTT, what mkvmerge writes of a .vtt) is read by
#   ffmpeg, which reads and writes "WebVTT in Matroska" itself.
# Found: ffmpeg knows only the older mapping of WebM (D_WEBVTT/SUBTITLES), which it also writes into .mkv. A track of
#   the standard one has no codec at all: it can be neither decoded nor copied, and a map of "all subtitles" fails.
# Seen with 9.0.2 (and with 5.1.9 and 8.1.2): "Stream #0:0(eng): Subtitle: none", "S_TEXT/WEBVTT: cannot be decoded",
#   "D_WEBVTT/SUBTITLES: words".
# Why it matters here: such a subtitle track is text, and still has to be left out, with a warning that names it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target pypi imageio-ffmpeg==0.8.1
ffmpeg=$(echo pypi/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1

# The smallest Matroska with one text from 0 to 1 s. The older mapping puts an id and settings in lines before it.
python3 - <<'PY'
def element(identifier, *content):
    data = b"".join(content)
    return bytes.fromhex(identifier) + (1 << 56 | len(data)).to_bytes(8, "big") + data

def matroska(codec, text):
    head = element("1a45dfa3", element("4282", b"matroska"), element("4287", b"\4"), element("4285", b"\2"))
    info = element("1549a966", element("2ad7b1", b"\x0f\x42\x40"), element("4d80", b"x"), element("5741", b"x"))
    entry = element("ae", element("d7", b"\1"), element("73c5", b"\1"), element("83", b"\x11"), element("86", codec))
    block = element("a0", element("a1", b"\x81\0\0\0" + text), element("9b", b"\x03\xe8"))
    cluster = element("1f43b675", element("e7", b"\0"), block)
    return head + element("18538067", info, element("1654ae6b", entry), cluster)

open("standard.mkv", "wb").write(matroska(b"S_TEXT/WEBVTT", b"words"))
open("older.mkv", "wb").write(matroska(b"D_WEBVTT/SUBTITLES", b"\n\nwords"))
PY

failed=0
streams=$("$ffmpeg" -hide_banner -i standard.mkv 2>&1 || true)
grep -o 'Stream #0:0.*Subtitle: none' <<<"$streams" || failed=1
text() { "$ffmpeg" -v quiet -i "$1" -map 0:s -c:s srt -f srt - | sed -n 3p; }
if words=$(text standard.mkv) && [ -n "$words" ]; then
  echo "S_TEXT/WEBVTT: $words"
  failed=1
else
  echo "S_TEXT/WEBVTT: cannot be decoded"
fi
echo "D_WEBVTT/SUBTITLES: $(text older.mkv)"
[ "$(text older.mkv)" = words ] || failed=1
exit "$failed"
