/** Containers, and streams without one, that hold nothing but media. */
export const formats = [
  "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,mxf,nut,dv,ivf,gif,apng",
  "mp3,wav,w64,flac,aac,aiff,caf,ac3,eac3,dts,amr,au",
  "h264,hevc,mpegvideo,obu",
].join(",");

/** A multiplex of a whole transponder has a hundred streams, a film with its fonts nearly as many. */
export const mostStreams = 256;

/**
 * What ffmpeg and ffprobe get before every input. A downloaded playlist or script may name other files and addresses,
 * and a small file may unfold to any size: only containers are read, only from this machine, only within limits.
 */
export const inputAllowlist: readonly string[] = [
  ...["-protocol_whitelist", "file"],
  ...["-format_whitelist", formats],
  // 8K as cameras and cinemas have it, with the rows that codecs fill up to.
  ...["-max_pixels", String(8_192 * 4_352)],
  ...["-max_streams", String(mostStreams)],
  ...["-max_alloc", String(512 * 2 ** 20)],
  ...["-probesize", "20M"],
  ...["-analyzeduration", "20M"],
];
