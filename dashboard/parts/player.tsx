import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Job } from "#client/client.ts";
import { bitrate, bytes as inBytes } from "../format.ts";
import { kindOf } from "../media.ts";
import type { Rendition, StartPlayer } from "../players/player.ts";
import { ScrubStrip } from "./scrub-strip.tsx";

type Props = {
  url: string;
  bytes: number | undefined;
  /** What the output holds, where its worker tells it; without, the player's own list is shown. */
  outputs: Job["outputs"];
};

/** Plays an output from where it is stored. */
export function Player({ url, bytes, outputs }: Props) {
  const kind = kindOf(url);
  return (
    <section class="card player">
      <h2>Output</h2>
      {kind === "unreachable" && (
        <p class="hint">
          The output lies on the worker's disk. Set LOCAL_PUBLIC_URL to where that folder is served, and it plays here.
        </p>
      )}
      {kind === "image" && <img src={url} alt="The output" />}
      {kind !== "image" && kind !== "unreachable" && (
        <Video url={url} bytes={bytes} outputs={outputs} start={starters[kind]} />
      )}
      <p class="links">
        {kind === "unreachable" ? <code>{url}</code> : <a href={url}>{url}</a>}
        {bytes !== undefined && <span class="hint"> {inBytes(bytes)}</span>}
      </p>
    </section>
  );
}

// Each player is loaded when it is first needed.
const starters: Record<"file" | "hls" | "dash", () => Promise<StartPlayer>> = {
  file: async () => (await import("../players/file.ts")).start,
  hls: async () => (await import("../players/hls.ts")).start,
  dash: async () => (await import("../players/dash.ts")).start,
};

function Video({ url, bytes, outputs, start }: Props & { start: () => Promise<StartPlayer> }) {
  const video = useRef<HTMLVideoElement>(null);
  const renditions = useSignal<readonly Rendition[]>([]);
  const problem = useSignal("");
  useEffect(() => {
    const leaving = new AbortController();
    const onRenditions = (found: readonly Rendition[]) => {
      renditions.value = found;
    };
    const onFailure = () => {
      problem.value =
        "It does not play here. The storage may not allow this page to read it (CORS), or the browser lacks the codec.";
    };
    start()
      .then((begin) => {
        const element = video.current;
        if (element && !leaving.signal.aborted)
          begin({ element, url, bytes, onRenditions, onFailure, signal: leaving.signal });
      })
      .catch(onFailure);
    return () => leaving.abort();
  }, [url]);
  const seek = (second: number) => {
    if (video.current) video.current.currentTime = second;
  };
  const seconds = outputs?.duration_seconds ?? 0;
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: an output brings its own captions, if it has any. */}
      <video
        ref={video}
        controls
        playsInline
        preload="metadata"
        poster={posterOf(url, outputs)}
        aria-label="The output"
      />
      {problem.value && <p class="problem">{problem.value}</p>}
      {seconds > 0 && hasPictures(outputs) && !problem.value && (
        <ScrubStrip url={url} start={start} seconds={seconds} onSeek={seek} />
      )}
      {!outputs && (
        <ul class="renditions" aria-label="Renditions">
          {renditions.value.map(({ size, bitsPerSecond }) => (
            <li key={size + bitsPerSecond}>
              <b>{size}</b> {bitsPerSecond > 0 && bitrate(bitsPerSecond)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

const hasPictures = (outputs: Job["outputs"]) => outputs?.renditions.some(({ kind }) => kind === "video");

/** Where the poster is that lies beside an output; undefined where there is none. */
function posterOf(url: string, outputs: Job["outputs"]) {
  const poster = outputs?.renditions.find(({ kind, path }) => kind === "image" && path.endsWith(".poster.jpg"));
  return poster && new URL(encodeURIComponent(poster.path), url).href;
}
