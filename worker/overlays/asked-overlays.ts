import type { JobRequest } from "#proto/worker/v1/worker_pb.js";
import { checkedValue } from "#shared/checked-value.ts";
import { checkAll, faultIn, invalidField } from "#shared/fault.ts";
import { type Overlay, Overlays } from "#shared/job/overlay.ts";
import { overlaysIn } from "#shared/rpc/overlay-message.ts";
import type { Preset } from "#worker/presets/schema.ts";

type Request = Partial<Pick<JobRequest, "overlay" | "workers">>;

/** The overlays of a request, as an order has them. Throws `invalid` for values that are none. */
export function askedOverlays({ overlay }: Request): { overlay?: Overlay[] } {
  const overlays = checkedValue(Overlays, overlaysIn(overlay), "overlay");
  return overlays.length > 0 ? { overlay: overlays } : {};
}

/** Throws when overlays are asked for that cannot be drawn, or may not be fetched. */
export function checkOverlays(request: Request, preset: Preset | undefined, checkInput: (url: string) => void) {
  const { overlay = [] } = askedOverlays(request);
  if (overlay.length === 0) return;
  checkAll(
    ...overlay.map(({ url }, at) => () => {
      const fault = faultIn(() => checkInput(url));
      if (fault) throw invalidField(`overlay.${at}.url`, fault.fields[0]?.message ?? fault.message);
    }),
    () => preset && checkDrawable(request, preset),
    () => {
      if ((request.workers ?? 0) > 1)
        throw invalidField("workers", "a film with overlays is encoded by one worker; leave it out");
    },
  );
}

/** Throws when a preset has nothing that the overlays of a request could lie over. */
export function checkDrawable({ overlay = [] }: Pick<Request, "overlay">, preset: Preset) {
  if (overlay.length > 0 && !hasPictures(preset))
    throw invalidField("overlay", `preset ${preset.name} makes no pictures of its own to lay it over`);
}

const hasPictures = (preset: Preset) =>
  !("ffmpeg_args" in preset) &&
  Boolean(preset.video || ("poster" in preset && (preset.poster || preset.preview || preset.thumbnails)));
