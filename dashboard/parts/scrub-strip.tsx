import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { clock } from "../format.ts";
import type { StartPlayer } from "../players/player.ts";

type Props = {
  /** The address of the output. */
  url: string;
  /** Loads what plays it. */
  start: () => Promise<StartPlayer>;
  /** The length of the film in seconds. */
  seconds: number;
  /** Called with the second that was chosen. */
  onSeek(second: number): void;
};

const count = 8;

/** Pictures from all over a film, each of which leads there. They are read once the strip is seen. */
export function ScrubStrip({ url, start, seconds, onSeek }: Props) {
  const strip = useRef<HTMLUListElement>(null);
  const isEmpty = useSignal(false);
  const moments = Array.from({ length: count }, (_, at) => (seconds * (at + 0.5)) / count);
  useEffect(() => {
    const leaving = new AbortController();
    const canvases = () => [...(strip.current?.querySelectorAll("canvas") ?? [])];
    const draw = async () => {
      const begin = await start();
      if (leaving.signal.aborted) return;
      await drawMoments({ begin, url, moments, canvases: canvases(), signal: leaving.signal });
    };
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      draw().catch(() => {
        isEmpty.value = true;
      });
    });
    if (strip.current) seen.observe(strip.current);
    return () => {
      seen.disconnect();
      leaving.abort();
    };
  }, [url]);
  if (isEmpty.value) return null;
  return (
    <ul class="strip" ref={strip} aria-label="Moments of the film">
      {moments.map((moment) => (
        <li key={moment}>
          <button type="button" aria-label={`Go to ${clock(moment)}`} onClick={() => onSeek(moment)}>
            <canvas width="0" height="0" />
            <small aria-hidden="true">{clock(moment)}</small>
          </button>
        </li>
      ))}
    </ul>
  );
}

type Drawing = {
  begin: StartPlayer;
  url: string;
  moments: readonly number[];
  canvases: readonly HTMLCanvasElement[];
  signal: AbortSignal;
};

/** Draws a film's pictures at these moments, one after the other, by a player of its own that nobody sees. */
async function drawMoments({ begin, url, moments, canvases, signal }: Drawing) {
  const element = document.createElement("video");
  element.muted = true;
  element.preload = "auto";
  const ending = new AbortController();
  const all = AbortSignal.any([signal, ending.signal]);
  try {
    await new Promise<unknown>((resolve, reject) => {
      element.addEventListener("loadeddata", resolve, { once: true });
      all.addEventListener("abort", reject, { once: true });
      begin({
        element,
        url,
        bytes: undefined,
        isPreview: true,
        onRenditions() {},
        onFailure: () => reject(),
        signal: all,
      });
    });
    for (const [at, moment] of moments.entries()) {
      await seek(element, moment, all);
      const canvas = canvases[at];
      if (!canvas) continue;
      canvas.height = 90;
      canvas.width = Math.round((90 * element.videoWidth) / (element.videoHeight || 1));
      canvas.getContext("2d")?.drawImage(element, 0, 0, canvas.width, canvas.height);
    }
  } finally {
    ending.abort();
    element.removeAttribute("src");
  }
}

function seek(element: HTMLVideoElement, moment: number, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    element.addEventListener("seeked", resolve, { once: true, signal });
    signal.addEventListener("abort", reject, { once: true });
    element.currentTime = moment;
  });
}
