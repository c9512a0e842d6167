import p240Fast from "../../presets/240p_fast.yaml";
import p480H264 from "../../presets/480p_h264.yaml";
import p720H264 from "../../presets/720p_h264.yaml";
import p720H264Poster from "../../presets/720p_h264_poster.yaml";
import p720H265 from "../../presets/720p_h265.yaml";
import p720Vp9 from "../../presets/720p_vp9.yaml";
import p1080Av1 from "../../presets/1080p_av1.yaml";
import p1080Av1Hdr from "../../presets/1080p_av1_hdr.yaml";
import p1080H264 from "../../presets/1080p_h264.yaml";
import p1080H265 from "../../presets/1080p_h265.yaml";
import p1080H265Hdr from "../../presets/1080p_h265_hdr.yaml";
import p2160H264 from "../../presets/2160p_h264.yaml";
import p2160H265Hdr from "../../presets/2160p_h265_hdr.yaml";
import audioAac from "../../presets/audio_aac.yaml";
import audioAacNormalised from "../../presets/audio_aac_normalised.yaml";
import audioMp3 from "../../presets/audio_mp3.yaml";
import audioMp3Normalised from "../../presets/audio_mp3_normalised.yaml";
import audioOpus from "../../presets/audio_opus.yaml";
import audioOpusNormalised from "../../presets/audio_opus_normalised.yaml";
import cmaf1080pAbr from "../../presets/cmaf_1080p_abr.yaml";
import cmaf1080pHdrAbr from "../../presets/cmaf_1080p_hdr_abr.yaml";
import dash720p from "../../presets/dash_720p.yaml";
import dash1080p from "../../presets/dash_1080p.yaml";
import hls720p from "../../presets/hls_720p.yaml";
import hls720pAbr from "../../presets/hls_720p_abr.yaml";
import hls720pAbrFmp4 from "../../presets/hls_720p_abr_fmp4.yaml";
import hls720pAbrSubtitles from "../../presets/hls_720p_abr_subtitles.yaml";
import hls720pAes128 from "../../presets/hls_720p_aes128.yaml";
import hls1080p from "../../presets/hls_1080p.yaml";
import hls1080pAbr from "../../presets/hls_1080p_abr.yaml";
import poster from "../../presets/poster.yaml";
import preview from "../../presets/preview.yaml";
import thumbnails from "../../presets/thumbnails.yaml";

/**
 * The contents of the presets that come with the worker, by file name. They are part of the program, so that it runs in an
 * empty folder, and are parsed when the program is built, not at every start.
 */
export const shipped: Readonly<Record<string, unknown>> = {
  "240p_fast.yaml": p240Fast,
  "480p_h264.yaml": p480H264,
  "720p_h264.yaml": p720H264,
  "1080p_h264.yaml": p1080H264,
  "2160p_h264.yaml": p2160H264,
  "720p_h264_poster.yaml": p720H264Poster,
  "720p_h265.yaml": p720H265,
  "1080p_h265.yaml": p1080H265,
  "1080p_av1.yaml": p1080Av1,
  "1080p_h265_hdr.yaml": p1080H265Hdr,
  "2160p_h265_hdr.yaml": p2160H265Hdr,
  "1080p_av1_hdr.yaml": p1080Av1Hdr,
  "720p_vp9.yaml": p720Vp9,
  "hls_720p.yaml": hls720p,
  "hls_1080p.yaml": hls1080p,
  "hls_720p_abr.yaml": hls720pAbr,
  "hls_1080p_abr.yaml": hls1080pAbr,
  "hls_720p_abr_fmp4.yaml": hls720pAbrFmp4,
  "hls_720p_abr_subtitles.yaml": hls720pAbrSubtitles,
  "hls_720p_aes128.yaml": hls720pAes128,
  "dash_720p.yaml": dash720p,
  "dash_1080p.yaml": dash1080p,
  "cmaf_1080p_abr.yaml": cmaf1080pAbr,
  "cmaf_1080p_hdr_abr.yaml": cmaf1080pHdrAbr,
  "audio_aac.yaml": audioAac,
  "audio_mp3.yaml": audioMp3,
  "audio_opus.yaml": audioOpus,
  "audio_aac_normalised.yaml": audioAacNormalised,
  "audio_mp3_normalised.yaml": audioMp3Normalised,
  "audio_opus_normalised.yaml": audioOpusNormalised,
  "poster.yaml": poster,
  "thumbnails.yaml": thumbnails,
  "preview.yaml": preview,
};
