import { type Fault, invalidField } from "#shared/fault.ts";
import { pictureNames } from "#shared/job/picture.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { paramsIn } from "#shared/rpc/params-message.ts";
import { pictureIn } from "#shared/rpc/picture-message.ts";
import { soundIn } from "#shared/rpc/sound-message.ts";
import { isUploadUrl } from "#shared/uploads/upload-url.ts";

type Need = {
  /** The field of the order that asks for it. */
  field: string;
  /** What a worker that can do it says of itself; one of a former version would ignore the field. */
  capability: string;
  isAsked(order: JobRequestInit): boolean;
  /** Whether a worker with these capabilities already knows whether it has this one. Default: it does. */
  isKnown?(capabilities: readonly string[]): boolean;
  /** What to tell the client when no worker has it. */
  message: string;
};

/** A worker that has just started is still asking its ffmpeg; it answers for itself when it gets the order. */
const knowsFfmpeg = (capabilities: readonly string[]) => capabilities.some((name) => name.startsWith("ffmpeg:"));

const noUploads = "no worker that answers reads uploads: set UPLOAD_STORAGE at the workers";

const needs: readonly Need[] = [
  {
    field: "input_url",
    capability: "upload",
    isAsked: ({ inputUrl = "" }) => isUploadUrl(inputUrl),
    message: noUploads,
  },
  {
    field: "inputs",
    capability: "inputs",
    isAsked: ({ inputs = [] }) => inputs.length > 0,
    message: "no worker that answers joins sources: bring the workers to this version, or order each by input_url",
  },
  {
    field: "inputs",
    capability: "upload",
    isAsked: ({ inputs = [] }) => inputs.some(({ url = "" }) => isUploadUrl(url)),
    message: noUploads,
  },
  {
    field: "output.certificate",
    capability: "certificate",
    isAsked: ({ output }) => output?.certificate === true,
    message: "no worker that answers signs certificates: set SIGNING_KEY at the workers, or leave it out",
  },
  {
    field: "measure",
    capability: "measure",
    isAsked: ({ measure = "" }) => measure !== "",
    message: "no worker that answers measures quality: bring the workers to this version, or leave it out",
  },
  {
    field: "measure",
    capability: "vmaf",
    isAsked: ({ measure }) => measure === "vmaf",
    isKnown: knowsFfmpeg,
    message: "no worker that answers can measure VMAF: give one an ffmpeg that is built with libvmaf, or use ssim",
  },
  {
    field: "quality",
    capability: "measure",
    isAsked: ({ quality }) => quality !== undefined,
    message: "no worker that answers aims at a quality: bring the workers to this version, or leave it out",
  },
  {
    field: "quality",
    capability: "quality",
    isAsked: ({ quality }) => quality !== undefined,
    isKnown: knowsFfmpeg,
    message: "no worker that answers can aim at a VMAF: give one an ffmpeg that is built with libvmaf, or leave it out",
  },
  {
    field: "params",
    capability: "params",
    isAsked: ({ params }) => paramsIn(params) !== undefined,
    message: "no worker that answers takes parameters: bring the workers to this version, or leave them out",
  },
  {
    field: "params.loudness",
    capability: "loudness",
    isAsked: ({ params }) => params?.loudness !== undefined,
    message: "no worker that answers brings films to a loudness: bring the workers to this version, or leave it out",
  },
  ...pictureNames.map((field) => ({
    ...{ field, capability: "picture" },
    isAsked: ({ picture }: JobRequestInit) => pictureIn(picture)?.[field] !== undefined,
    message: "no worker that answers changes the picture: bring the workers to this version, or leave it out",
  })),
  {
    field: "overlay",
    capability: "overlay",
    isAsked: ({ overlay = [] }) => overlay.length > 0,
    message: "no worker that answers lays pictures over films: bring the workers to this version, or leave it out",
  },
  {
    field: "subtitles",
    capability: "subtitles",
    isAsked: ({ subtitles = [] }) => subtitles.length > 0,
    message: "no worker that answers takes subtitles: bring the workers to this version, or leave them out",
  },
  {
    field: "subtitles",
    capability: "burn",
    isAsked: ({ subtitles = [] }) => subtitles.some(({ mode }) => mode === "burn"),
    isKnown: knowsFfmpeg,
    message:
      "no worker that answers can draw subtitles: give one an ffmpeg that is built with libass, and fonts, or use mode render or embed",
  },
  {
    field: "audio",
    capability: "audio",
    isAsked: ({ audio }) => soundIn(audio) !== undefined,
    message: "no worker that answers chooses sounds: bring the workers to this version, or leave it out",
  },
  {
    field: "clip",
    capability: "clip",
    isAsked: ({ clip }) => clip !== undefined,
    message: "no worker that answers takes a part of a source: bring the workers to this version, or leave it out",
  },
  {
    field: "thumbnails",
    capability: "thumbnails",
    isAsked: ({ thumbnails }) => thumbnails !== undefined,
    message: "no worker that answers makes pictures beside films: bring the workers to this version, or leave it out",
  },
  {
    field: "workers",
    capability: "pieces",
    isAsked: ({ workers = 0 }) => workers > 1,
    message: "no worker that answers shares films with others: bring the workers to this version, or leave it out",
  },
];

/** The fields for which a worker needs a capability that not every worker has. */
export const capabilityFields = needs.map(({ field }) => field);

/** The fault of an order that asks for what a worker with these capabilities cannot do; undefined when it can do all. */
export function lackedCapability(order: JobRequestInit, capabilities: readonly string[]): Fault | undefined {
  const lacked = needs.find(
    ({ isAsked, isKnown, capability }) =>
      isAsked(order) && (isKnown?.(capabilities) ?? true) && !capabilities.includes(capability),
  );
  return lacked && invalidField(lacked.field, lacked.message);
}
