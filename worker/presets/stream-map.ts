/** A variant in `-var_stream_map` of ffmpeg's hls muxer. Blanks separate variants, commas their streams and settings. */
type Variant = readonly string[];

const variantsOf = (map: string): Variant[] =>
  map
    .split(/\s+/)
    .filter(Boolean)
    .map((variant) => variant.split(","));

const written = (variants: readonly Variant[]) => variants.map((variant) => variant.join(",")).join(" ");

export const countVariants = (map: string) => variantsOf(map).length;

const isAudio = (part: string) => /^a:\d+$/.test(part);
const isStream = (part: string) => /^[vas]:\d+$/.test(part);
const hasPicture = (variant: Variant) => variant.some((part) => part.startsWith("v:"));

/** The streams that several variants name, although ffmpeg accepts each stream only once. */
function sharedIn(variants: readonly Variant[]): string[] {
  const all = variants.flat().filter(isStream);
  return [...new Set(all.filter((part, at) => all.indexOf(part) !== at))];
}

/** Why ffmpeg would refuse a map, unless an audio group solves it; undefined when it would not. */
export function streamMapProblem(map: string): string | undefined {
  const variants = variantsOf(map);
  const shared = sharedIn(variants);
  const picture = shared.find((part) => !isAudio(part));
  if (picture) return `names ${picture} more than once; map that stream once for each variant that has it`;
  const sharers = variants.filter((variant) => variant.some((part) => shared.includes(part)));
  const isPlain = sharers.every((variant) => hasPicture(variant) && audioOf(variant) === audioOf(sharers[0] ?? []));
  return isPlain
    ? undefined
    : "names audio more than once; make it a group, as in v:0,agroup:audio v:1,agroup:audio a:0,agroup:audio,default:yes";
}

const audioOf = (variant: Variant) => variant.filter(isAudio).join();

const ofAudio = /^(a|agroup|default|language):/;

/** The same map in which the audio that several variants share is a group of its own, as ffmpeg wants it. */
export function withAudioGroup(map: string): string {
  const variants = variantsOf(map);
  const shared = sharedIn(variants).filter(isAudio);
  if (shared.length === 0) return map;
  const group = freeName("audio", variants);
  const hasShared = (variant: Variant) => variant.some((part) => shared.includes(part));
  const language = variants.filter(hasShared).flatMap((variant) => variant.filter((part) => /^language:/.test(part)));
  const pictures = variants.map((variant) =>
    hasShared(variant) ? [...variant.filter((part) => !ofAudio.test(part)), `agroup:${group}`] : variant,
  );
  const sound = shared.map((part, at) => [
    ...[part, `agroup:${group}`, `name:${at === 0 ? group : `${group}_${at}`}`],
    ...(at === 0 ? ["default:yes", ...language.slice(0, 1)] : []),
  ]);
  return written([...pictures, ...sound]);
}

function freeName(wanted: string, variants: readonly Variant[]): string {
  const isTaken = variants.flat().some((part) => part === `agroup:${wanted}` || part === `name:${wanted}`);
  return isTaken ? freeName(`${wanted}_shared`, variants) : wanted;
}

/** The same map for a source without audio. */
export const withoutAudio = (map: string): string =>
  written(
    variantsOf(map)
      .map((variant) => variant.filter((part) => !ofAudio.test(part)))
      .filter((variant) => variant.some(isStream)),
  );
