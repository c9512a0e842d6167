import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { bitrate, bytes as inBytes } from "../format.ts";
import { kindOf } from "../media.ts";
import type { Rendition, StartPlayer } from "../players/player.ts";

type Props = { url: string; bytes: number | undefined };

/** Plays an output from where it is stored, and lists its renditions. */
export function Player({ url, bytes }: Props) {
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
      {kind !== "image" && kind !== "unreachable" && <Video url={url} bytes={bytes} start={starters[kind]} />}
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

function Video({ url, bytes, start }: Props & { start: () => Promise<StartPlayer> }) {
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
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: an output brings its own captions, if it has any. */}
      <video ref={video} controls playsInline preload="metadata" aria-label="The output" />
      {problem.value && <p class="problem">{problem.value}</p>}
      <ul class="renditions" aria-label="Renditions">
        {renditions.value.map(({ size, bitsPerSecond }) => (
          <li key={size + bitsPerSecond}>
            <b>{size}</b> {bitsPerSecond > 0 && bitrate(bitsPerSecond)}
          </li>
        ))}
      </ul>
    </>
  );
}
