#!/usr/bin/env bash
# Guess: `ffmpeg -i in.vtt out.vtt` writes the same cues, as a rewrite of a format in itself does; at most comments go.
# Found: the text goes by way of ASS. Positions and alignment of cues are gone, `&lt;i&gt;`, which a viewer reads as <i>, is
#   written as a tag that a player hides, and a space that may not break becomes the two letters `\h`. Exit code 0.
#   `-c:s copy` keeps all of it.
# Seen with 9.0.2 (5.1.9 the same): "encoded: Tom &amp; <i> x\hy", "copied: Tom &amp;amp; &lt;i&gt; x&nbsp;y".
# Why it matters here: WebVTT is copied wherever its times stay, and cut as text where they do not.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --target pypi imageio-ffmpeg==0.8.1
ffmpeg=$(echo pypi/imageio_ffmpeg/binaries/ffmpeg-*)
chmod +x "$ffmpeg"
"$ffmpeg" -version | head -1

cat >in.vtt <<'VTT'
WEBVTT

00:00.000 --> 00:01.000 line:10% align:start
Tom &amp;amp; &lt;i&gt; x&nbsp;y
VTT
"$ffmpeg" -v error -i in.vtt encoded.vtt
"$ffmpeg" -v error -i in.vtt -c:s copy copied.vtt

status=0
for name in encoded copied; do
  echo "$name: $(sed -n 4p $name.vtt)  [$(sed -n 3p $name.vtt)]"
done
[ "$(sed -n 4p encoded.vtt)" = 'Tom &amp; <i> x\hy' ] || status=1
! grep -q "line:10%" encoded.vtt || status=1
[ "$(sed -n 4p copied.vtt)" = 'Tom &amp;amp; &lt;i&gt; x&nbsp;y' ] && grep -q "line:10%" copied.vtt || status=1
exit $status
