#!/usr/bin/env bash
# ffmpeg's hls muxer, -var_stream_map with an audio group.
# The guess: `default:yes|no` of an audio rendition sets DEFAULT= of its EXT-X-MEDIA and no more; left out, the rendition
#   is the default one, as `default:yes` says.
# What happens: with `default:` of either value the master playlist names the rendition once, in EXT-X-MEDIA. Left out,
#   which still writes DEFAULT=YES, it is listed as a variant (EXT-X-STREAM-INF) as well, by far the lowest bandwidth: a
#   player on a slow line changes to it and shows no picture, one that begins with the lowest or the first variant too.
# Seen with 9.0.2 (the same with 5.1.9 and 8.1.2):
#   default left out:  MEDIA DEFAULT=YES  variants: s_0.m3u8 s_1.m3u8 s_2.m3u8
#   default:no         MEDIA DEFAULT=NO   variants: s_0.m3u8 s_1.m3u8
#   default:yes        MEDIA DEFAULT=YES  variants: s_0.m3u8 s_1.m3u8
# Why it matters here: audio that a raw preset shares between variants is made such a group (worker/presets/stream-map.ts),
#   and the group that worker/plan/hls.ts asks for leaves it out too, which only our own master playlist makes good.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$folder/packages" imageio-ffmpeg==0.8.1
ffmpeg=$(echo "$folder"/packages/imageio_ffmpeg/binaries/ffmpeg-*)
"$ffmpeg" -version | head -1

master() { # the settings of the rendition
  mkdir "$folder/out"
  (
    cd "$folder/out"
    "$ffmpeg" -v error -nostdin -f lavfi -i testsrc2=size=160x90:rate=24:duration=2 -f lavfi -i sine=duration=2 \
      -map 0 -map 0 -map 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -f hls -master_pl_name master.m3u8 \
      -var_stream_map "v:0,agroup:audio v:1,agroup:audio a:0,agroup:audio$1" s_%v.m3u8 2>/dev/null
    media=$(grep -o 'DEFAULT=[A-Z]*' master.m3u8)
    variants=$(grep -A1 '^#EXT-X-STREAM-INF' master.m3u8 | grep '^s_' | tr '\n' ' ')
    echo "MEDIA $media variants: $variants"
  )
  rm -r "$folder/out"
}

bare=$(master "")
no=$(master ",default:no")
yes=$(master ",default:yes")
printf '%-18s %s\n' "default left out:" "$bare" "default:no" "$no" "default:yes" "$yes"
[[ $bare == "MEDIA DEFAULT=YES variants: s_0.m3u8 s_1.m3u8 s_2.m3u8 " ]]
[[ $no == "MEDIA DEFAULT=NO variants: s_0.m3u8 s_1.m3u8 " ]]
[[ $yes == "MEDIA DEFAULT=YES variants: s_0.m3u8 s_1.m3u8 " ]]
