const formats = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,ogg,mp3,wav,flac,aac,asf,mxf";

/**
 * What ffmpeg and ffprobe get before every input. A downloaded playlist or script may name other files and addresses,
 * and a small file may unfold to any size: only containers are read, only from this machine, only within limits.
 */
export const inputGuard: readonly string[] = [
  ...["-protocol_whitelist", "file"],
  ...["-format_whitelist", formats],
  // 8K as cameras and cinemas have it, with the rows that codecs fill up to.
  ...["-max_pixels", String(8_192 * 4_352)],
  ...["-max_streams", "64"],
  ...["-max_alloc", String(512 * 2 ** 20)],
  ...["-probesize", "20M"],
  ...["-analyzeduration", "20M"],
];
