import { ApiFault, type Order } from "#client/client.ts";
import { fileName } from "./format.ts";
import { type ParamTexts, paramsOf } from "./media-params.ts";
import { noThumbnails, type ThumbnailTexts, thumbnailsOf } from "./media-thumbnails.ts";
import { noOverlay, type OverlayTexts, overlayOf } from "./overlay-form.ts";
import { type PictureTexts, pictureOf } from "./picture-form.ts";
import { noSound, type SoundTexts, soundOf } from "./sound-form.ts";
import { noSubtitles, type SubtitleTexts, subtitlesOf } from "./subtitle-form.ts";

/** The fields of the form for a new job. */
export type Form = {
  /** Where the sources are, a URL a line. */
  sources: string;
  /** Whether they are joined to one film, in their order. */
  isJoined: boolean;
  /** The name of a preset. */
  preset: string;
  /** Empty for the service's default. */
  storage: string;
  /** Empty to have the service choose one; with several sources `{name}` stands for the name of each. */
  path: string;
  /** How the output's quality is measured; empty as the preset says. */
  measure: string;
  /** The VMAF that is aimed at; empty as the preset says. */
  vmaf: string;
  /** How many workers may share the film; empty for the service's default. */
  workers: string;
  /** What of the preset is changed, as it is written. */
  params: ParamTexts;
  /** Where the part of the source begins that is encoded, in seconds or as `0:10`; empty for its beginning. */
  clip_start: string;
  /** Where it ends; empty for the source's end. */
  clip_end: string;
  /** What of the picture is other than in the source, as it is written. */
  picture: PictureTexts;
  /** The pictures beside the film, as they are written. */
  thumbnails: ThumbnailTexts;
  /** What is laid over the film. */
  overlay: OverlayTexts;
  /** Which sounds are taken, and their channels. */
  sound: SoundTexts;
  /** The text that is shown with the film. */
  subtitles: SubtitleTexts;
  /** Whether an output that is there is replaced. */
  overwrite: boolean;
  /** Empty for no webhook. */
  callback_url: string;
};
/** A fault of an order: a message for the whole, and one for each field by its name. */
export type Fault = {
  /** For the order as a whole; empty where nothing is wrong. */
  message: string;
  /** By the name of the field. */
  fields: Record<string, string>;
};

export const emptyForm: Form = {
  sources: "",
  isJoined: false,
  preset: "",
  storage: "",
  path: "",
  measure: "",
  vmaf: "",
  workers: "",
  params: {},
  clip_start: "",
  clip_end: "",
  picture: {},
  thumbnails: noThumbnails,
  overlay: noOverlay,
  sound: noSound,
  subtitles: noSubtitles,
  overwrite: false,
  callback_url: "",
};
export const noFault: Fault = { message: "", fields: {} };

/** What is wrong with a field, or with one inside of it. */
export const problemIn = ({ fields }: Fault, name: string) =>
  Object.entries(fields).find(([field]) => field === name || field.startsWith(`${name}.`))?.[1];

/** Where the sources are of one film, which are joined if they are several. */
type Sources = readonly string[];

/**
 * The sources of each film that a form orders. Of one film each of them counts, of several each once; where nothing is
 * written there is one that is empty, for the service to refuse.
 */
export function filmsIn({ sources, isJoined }: Pick<Form, "sources" | "isJoined">): Sources[] {
  const lines = sources
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  if (isJoined && lines.length > 1) return [lines];
  return lines.length === 0 ? [[""]] : [...new Set(lines)].map((line) => [line]);
}

/** Makes the order of a film; empty fields are left out. `name`: what its first source's file is called. */
export function orderFor(sources: Sources, form: Form, name = sources[0] ?? ""): Order {
  const { preset, measure, vmaf, workers, params: texts, picture, thumbnails: pictures } = form;
  const { overlay, sound, subtitles, clip_start, clip_end, callback_url } = form;
  const output = outputOf(form, name);
  const params = paramsOf(texts);
  const thumbnails = thumbnailsOf(pictures);
  return {
    ...sourceOf(sources),
    preset,
    ...(Object.keys(output).length > 0 && { output }),
    ...(isMetric(measure) && { measure }),
    ...(vmaf.trim() && { quality: { vmaf: Number(vmaf) } }),
    ...(params && { params }),
    ...pictureOf(picture),
    ...(thumbnails && { thumbnails }),
    ...overlayOf(overlay),
    ...soundOf(sound),
    ...subtitlesOf(subtitles),
    ...(workers.trim() && { workers: Number(workers) }),
    ...((clip_start.trim() || clip_end.trim()) && { clip: clipOf(clip_start.trim(), clip_end.trim()) }),
    ...(callback_url && { callback_url: callback_url.trim() }),
  };
}

const sourceOf = ([first = "", ...others]: Sources): Pick<Order, "input_url" | "inputs"> =>
  others.length > 0 ? { inputs: [first, ...others].map((url) => ({ url })) } : { input_url: first };

const outputOf = ({ storage, path, overwrite }: Form, name: string): NonNullable<Order["output"]> => ({
  ...(isStorage(storage) && { storage }),
  ...(path && { path: path.replaceAll("{name}", baseName(name)) }),
  ...(overwrite && { overwrite }),
});

const clipOf = (start: string, end: string): NonNullable<Order["clip"]> => ({
  start: moment(start || "0"),
  ...(end && { end: moment(end) }),
});

/** Seconds as a number; times of a clock as they are, and what is neither for the service to refuse. */
const moment = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text);

/** What a dry run is asked of a film: how it would be encoded, whatever the preset is and wherever it goes. */
export function planOrderFor(sources: Sources, form: Form) {
  const {
    preset: _,
    output: __,
    measure: ___,
    quality: ____,
    workers: _____,
    callback_url: ______,
    subtitles: _______,
    ...asked
  } = orderFor(sources, form);
  return asked;
}

const baseName = (url: string) => fileName(url).replace(/\.[^.]+$/, "");

/** What the form alone can tell: several films must not have one path. */
export function faultIn(form: Form): Fault {
  const films = filmsIn(form);
  const paths = new Set(films.map((sources) => orderFor(sources, form).output?.path));
  if (form.path === "" || paths.size === films.length) return noFault;
  const message = "must lead each source elsewhere: write {name} for the name of its file, or leave it empty";
  return { message: someFields, fields: { "output.path": message } };
}

type Storage = NonNullable<NonNullable<Order["output"]>["storage"]>;
// The type requires every storage that the API knows.
const storages: Readonly<Record<Storage, true>> = { local: true, s3: true, ftp: true };
const isStorage = (name: string): name is Storage => Object.hasOwn(storages, name);
export const storageNames: readonly Storage[] = Object.keys(storages).filter(isStorage);

type Metric = NonNullable<Order["measure"]>;
const metrics: Readonly<Record<Metric, true>> = { vmaf: true, ssim: true };
const isMetric = (name: string): name is Metric => Object.hasOwn(metrics, name);
export const metricNames: readonly Metric[] = Object.keys(metrics).filter(isMetric);

const someFields = "Some fields are not valid.";

export function faultOf(error: unknown): Fault {
  if (!(error instanceof ApiFault)) return { message: String(error), fields: {} };
  const fields = Object.fromEntries(error.fields.map(({ field, message }) => [field, message]));
  return { message: error.fields.length > 0 ? someFields : error.message, fields };
}
