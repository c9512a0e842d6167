import { useSignal } from "@preact/signals";
import type { Job } from "#client/client.ts";
import { pictureIn } from "../media.ts";

const glyphs = {
  film: "M4 5h16v14H4zM8 5v14M16 5v14M4 9.7h4M4 14.3h4M16 9.7h4M16 14.3h4",
  sound: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5a1 1 0 1 0 .01 0",
} as const;

/** A picture of the job: of its output where that is a picture a browser can fetch, else a sign of what it makes. */
export function Tile({ job }: { job: Job }) {
  const isBroken = useSignal(false);
  const url = pictureIn(job);
  if (!isBroken.value && url !== undefined)
    return (
      <img
        class="tile"
        src={url}
        alt=""
        loading="lazy"
        decoding="async"
        referrerpolicy="no-referrer"
        onError={() => {
          isBroken.value = true;
        }}
      />
    );
  return (
    <svg class="tile" viewBox="-12 -3 48 30" aria-hidden="true">
      <path d={glyphs[signOf(job)]} />
    </svg>
  );
}

function signOf({ order }: Job): keyof typeof glyphs {
  const preset = order?.preset ?? "";
  if (preset.startsWith("audio")) return "sound";
  return /^(poster|thumbnails|preview)/.test(preset) ? "image" : "film";
}
