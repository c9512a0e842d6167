import type { OutputType } from "#shared/job/event.ts";
import { streamMapProblem } from "./stream-map.ts";

type Problem = { at: number; message: string };

const words = (text: string) => new Set(text.split(/\s+/).filter(Boolean));

/** The options of ffmpeg without a value; every other option takes the argument after it. */
const switches = words(`
  vn an sn dn shortest bitexact copyts copyinkf start_at_zero ignore_unknown copy_unknown autoscale autorotate
  accurate_seek fix_sub_duration fix_sub_duration_heartbeat force_fps xerror find_stream_info recast_media deinterlace
  auto_conversion_filters
`);

/** The options that are refused: the worker sets them, or they reach files, devices or addresses, or they end ffmpeg. */
const refused = words(`
  i y n v loglevel progress stats nostats stats_period report hide_banner stdin nostdin dump hex benchmark
  benchmark_all debug_ts qphist psnr vstats vstats_file vstats_version timelimit max_alloc
  stats_enc_pre stats_enc_post stats_mux_pre enc_stats_pre enc_stats_post mux_stats
  enc_stats_pre_fmt enc_stats_post_fmt mux_stats_fmt print_graphs print_graphs_file print_graphs_format
  filter_script filter_complex_script attach dump_attachment pass passlogfile sdp_file pre vpre apre spre fpre
  init_hw_device filter_hw_device vaapi_device qsv_device hwaccel hwaccel_device
  protocol_whitelist protocol_blacklist format_whitelist codec_whitelist max_streams max_pixels
  stream_loop re readrate target sources sinks
  L h help version buildconf formats muxers demuxers devices codecs decoders encoders bsfs protocols filters pix_fmts
  layouts sample_fmts dispositions colors hwaccels
  hls_key_info_file hls_enc hls_enc_key hls_enc_key_url hls_enc_iv hls_base_url method http_user_agent http_opts
  http_persistent headers
`);

const fileFormats = words("mp4 mov ipod matroska webm avi mpegts mpeg vob flv mxf ogg ogv opus mp3 adts flac wav");

const fileFilters =
  /(^|[,;\]\s])\s*(a?movie|subtitles|ass|a?zmq|lut[13]d|haldclutsrc|removelogo|find_rect|cover_rect|a?sendcmd|arnndn|sofalizer|ladspa|lv2|frei0r(_src)?|dnn_\w+|derain|sr|libvmaf|ssim|psnr|vidstab\w+|signature|ocr|program_opencl|openclsrc|nnedi|whisper|a?metadata|deshake)\s*(=|@|,|;|\[|$)/;

/** What the value of an option must not contain, whatever quotes and backslashes it is written with. */
const reaches = [
  {
    what: "an address",
    pattern: /:\/\/|(^|[=,;:\s])(file|pipe|fd|data|concat|concatf|subfile|crypto|cache|async|tee|md5|unix|tcp|udp):/,
  },
  { what: "a path", pattern: /(^|[=,;:\s])\/|(^|[^.])\.\.(\/|$)/ },
  {
    what: "a file",
    pattern:
      /(^|[:,=])\s*((text|font|ps|qp|cqm|zone|dump)?file|\w+_file|[\w-]+-file|filename|plot|stats|csv|recon|dump-yuv|dhdr10-info|analysis-(save|load)|scaling-list|dolby-vision-rpu)\s*=/,
  },
];

/** The arguments of a raw preset that would reach beyond its own input and output. */
export function checkRawArgs(args: readonly string[], outputType: OutputType = "single"): Problem[] {
  const problems: Problem[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [option = "", value] = args.slice(at, at + 2);
    const hasValue = takesValue(option, value);
    const message = problemOfOption(option) ?? (hasValue ? problemOfValue(option, value, outputType) : undefined);
    if (message) problems.push({ at, message });
    if (hasValue) at += 1;
  }
  return problems;
}

function takesValue(option: string, next: string | undefined) {
  if (!isOption(option) || isSwitch(nameOf(option))) return false;
  return !refused.has(nameOf(option)) || next?.startsWith("-") === false;
}

// A single dash is an output: stdout.
const isOption = (arg: string) => arg.startsWith("-") && arg !== "-";

/** The name of an option without its stream specifier: `c` for `-c:v:0`. */
const nameOf = (option: string) => option.replace(/^--?/, "").split(":", 1)[0] ?? "";

const isSwitch = (name: string) => switches.has(name) || (name.startsWith("no") && switches.has(name.slice(2)));

function problemOfOption(option: string): string | undefined {
  if (!isOption(option)) return `${option} is no option, and would be one more output`;
  if (option.startsWith("-/")) return `${option} would read a file`;
  return refused.has(nameOf(option)) ? `${option} is not for presets to set` : undefined;
}

function problemOfValue(option: string, value: string | undefined, outputType: OutputType): string | undefined {
  if (value === undefined) return `${option} lacks its value`;
  const name = nameOf(option);
  if (name === "metadata") return undefined;
  if (name === "var_stream_map") return withOption(option, streamMapProblem(value));
  if (name === "f" && !writes(outputType, value)) return `-f ${value} does not write what the preset promises`;
  const unquoted = value.replace(/['"\\]/g, "");
  if (isFilter(name) && fileFilters.test(unquoted)) return `${value} uses a filter that reads or writes files`;
  const reach = reaches.find(({ pattern }) => pattern.test(unquoted));
  return reach && `${value} names ${reach.what}`;
}

const withOption = (option: string, problem: string | undefined) => problem && `${option} ${problem}`;

const writes = (outputType: OutputType, format: string) =>
  outputType === "single" ? fileFormats.has(format) : format === outputType;

const isFilter = (name: string) => ["vf", "af", "filter", "filter_complex", "lavfi"].includes(name);
