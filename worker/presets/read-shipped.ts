import { readFileSync } from "node:fs";

/** The presets of the folder `presets/`, in the order in which they are listed. */
const names = `
  240p_fast 480p_h264 720p_h264 1080p_h264 2160p_h264 720p_h264_poster 720p_h265 1080p_h265 1080p_av1 720p_vp9
  hls_720p hls_1080p hls_720p_abr hls_1080p_abr hls_720p_abr_fmp4 hls_720p_abr_subtitles hls_720p_aes128
  dash_720p dash_1080p cmaf_1080p_abr
  audio_aac audio_mp3 audio_opus audio_aac_normalised audio_mp3_normalised audio_opus_normalised
  poster thumbnails preview
`;

/** A macro of Bun: it is called while the program is built, and its result stands there in place of the call. */
export const readPresets = (): Record<string, unknown> =>
  Object.fromEntries(
    names.match(/\S+/g)?.map((name) => {
      const file = `${name}.yaml`;
      return [file, Bun.YAML.parse(readFileSync(`${import.meta.dir}/../../presets/${file}`, "utf8"))];
    }) ?? [],
  );
