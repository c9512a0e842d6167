/** A media playlist as ffmpeg writes it, with a key at an address of its own. */
export const mediaPlaylist = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-KEY:METHOD=AES-128,URI="https://keys.example.com/1",IV=0x00
#EXT-X-MAP:URI="init_0.mp4"
#EXTINF:4.000000,
segment_0_000.m4s
#EXT-X-ENDLIST
`;

/** A master playlist of one rendition and one sound. */
export const masterPlaylist = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="A",URI="stream_audio.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=1
stream_0.m3u8
`;
