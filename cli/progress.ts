import { basename } from "node:path";
import type { JobEvent } from "#client/client.ts";
import { fileName } from "#dashboard/format.ts";
import { madeOfPieces, piecesWords } from "#dashboard/pieces-words.ts";
import type { FaultKind } from "#shared/fault.ts";
import { cut, plain, plainJson, plainLines } from "./cells.ts";
import { ladderLines, placeOf, sizesOf } from "./output-words.ts";
import { qualityLines } from "./quality-words.ts";

/** What became of one input: the job's final event, or that there was no job. */
export type Outcome =
  | JobEvent
  | { status: "failed"; error: { kind: FaultKind; message: string } }
  | { status: "skipped"; output_url: string };

/** Shows jobs; each by a name that stays the same. */
export type Display = {
  /** Shows the state of a job that runs. */
  show(name: string, event: JobEvent): void;
  /** Shows how much of a job's source has been uploaded, in bytes; programs are not told. */
  uploading(name: string, sent: number, total: number): void;
  /** Shows what became of it. */
  end(name: string, outcome: Outcome): unknown;
  /** Says something that concerns all of them; programs are not told. */
  note(text: string): void;
};

type Terminal = { isTTY?: boolean; columns?: number; rows?: number; write(text: string): unknown };

const barWidth = 24;

/** Chooses what suits `out`; a single job needs no name in words. */
export function displayOn(out: Terminal, { isJson, isSingle }: { isJson: boolean; isSingle: boolean }): Display {
  if (isJson) return jsonDisplay(out);
  const inWords = isSingle ? alone : named;
  return out.isTTY ? liveDisplay(out, inWords) : plainDisplay(out, inWords);
}

/** For programs: every event as a line of JSON, and what became of an input without a job. */
function jsonDisplay(out: Terminal): Display {
  const write = (name: string, said: JobEvent | Outcome) => {
    out.write(`${plainJson({ ...(name && { input: name }), ...said })}\n`);
  };
  return {
    show: write,
    end: (name, outcome) => "sequence" in outcome || write(name, outcome),
    uploading() {},
    note() {},
  };
}

type Words = {
  /** One job's line, for a terminal that has so many columns, or else for a file. */
  progress(name: string, event: JobEvent, columns?: number): string;
  end(name: string, outcome: Outcome): string;
};

/** For a terminal: a bar that redraws itself for each running job, below what has ended. */
function liveDisplay(out: Terminal, words: Words): Display {
  const running = new Map<string, JobEvent>();
  let drawn = 0;
  const draw = (above: string) => {
    const { columns = 80, rows = 24 } = out;
    const lines = [...running]
      .slice(0, Math.max(1, rows - 2))
      .map(([name, event]) => cut(words.progress(name, event, columns), columns - 1));
    const erase = drawn > 0 ? `\x1b[${drawn}F\x1b[J` : "";
    out.write(erase + above + lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  return {
    show(name, event) {
      running.set(name, event);
      draw("");
    },
    uploading(name, sent, total) {
      running.set(name, uploadEvent(sent, total));
      draw("");
    },
    end(name, outcome) {
      running.delete(name);
      draw(plainLines(words.end(name, outcome)));
    },
    note: (text) => draw(plainLines(`${text}\n`)),
  };
}

/** For a file or a pipe: a line for each step and tenth. */
function plainDisplay(out: Terminal, words: Words): Display {
  const shown = new Map<string, string>();
  const display: Display = {
    show(name, event) {
      const { attempt, status, progress = 0, pieces, position } = event;
      const isJoined = pieces !== undefined && pieces.done === pieces.total;
      const step = `${attempt} ${status} ${Math.floor(progress / 10)} ${isJoined} ${position}`;
      if (step === shown.get(name)) return;
      shown.set(name, step);
      out.write(`${plain(words.progress(name, event))}\n`);
    },
    uploading: (name, sent, total) => display.show(name, uploadEvent(sent, total)),
    end: (name, outcome) => out.write(plainLines(words.end(name, outcome))),
    note: (text) => void out.write(plainLines(`${text}\n`)),
  };
  return display;
}

/** An upload in the form of a job that is about to be. */
const uploadEvent = (sent: number, total: number): JobEvent => ({
  ...{ job_id: "", sequence: 0, attempt: 1, status: "queued", timestamp: "" },
  ...{ progress: total > 0 ? (sent / total) * 100 : 0, message: "Uploading the source" },
});

const skipped = (output: string) => `skipped: ${output} is there already; --overwrite makes it anew`;

const place = ({ output_url = "" }: { output_url?: string }) => placeOf(output_url);

/** What a viewer may miss, a line each. */
const warnings = ({ warnings: all = [] }: JobEvent) => all.map((one) => `! ${one}\n`).join("");

/** How good it is, as far as that is known, and what came of a quality that was aimed at. */
const quality = ({ quality: known }: JobEvent) =>
  (known ? qualityLines(known) : []).map((line) => `${line}\n`).join("");

const named: Words = {
  progress(name, event, columns) {
    if (columns === undefined) return `${plain(name)}  ${describe(event)}`;
    // The name that tells files apart comes before what may be cut off.
    const base = cut(basename(fileName(name)), Math.max(8, Math.floor(columns / 3)));
    return `${bar(event.progress, columns)} ${base}  ${describe(event)}`;
  },
  end(name, outcome) {
    if (outcome.status === "completed") {
      const sizes = sizesOf(outcome);
      return `✓ ${plain(name)}  ${sizes && `${sizes}  `}${place(outcome)}\n${warnings(outcome)}${quality(outcome)}`;
    }
    if (outcome.status === "skipped") return `– ${plain(name)}  ${skipped(place(outcome))}\n`;
    return `✗ ${plain(name)}  ${outcome.error?.message}\n`;
  },
};

// Why a single job failed is said when the command ends.
const alone: Words = {
  progress: (_, event, columns) =>
    columns === undefined ? describe(event) : `${bar(event.progress, columns)} ${describe(event)}`,
  end(_, outcome) {
    if (outcome.status === "skipped") return `${skipped(place(outcome))}\n`;
    if (outcome.status !== "completed") return "";
    const facts = [sizesOf(outcome), ...ladderLines(outcome.outputs)].filter(Boolean);
    return `${warnings(outcome)}${quality(outcome)}${[...facts, place(outcome)].join("\n")}\n`;
  },
};

/** One event in words: percent, pieces, frames a second, speed, time left, what is being done. */
export function describe(event: JobEvent): string {
  const { status, progress, pieces, position, fps, speed, eta_seconds, message, attempt, error, receipt } = event;
  return [
    progress === undefined ? status : `${progress.toFixed(1)}%`,
    pieces && (status === "completed" ? madeOfPieces(pieces) : piecesWords(pieces)),
    fps && `${fps.toFixed(0)} fps`,
    speed && `${speed.toFixed(2)}x`,
    eta_seconds !== undefined && `${eta_seconds} s left`,
    attempt > 1 && `attempt ${attempt}`,
    error?.message ?? message ?? (position !== undefined && `number ${position} of those that wait`),
    receipt && `took ${receipt.worker_seconds.toFixed(1)} s`,
    receipt?.cost !== undefined && `cost ${receipt.cost.toFixed(4)}`,
  ]
    .filter(Boolean)
    .join("  ");
}

const bar = (percent = 0, columns = 80) => {
  const width = columns < 80 ? barWidth / 2 : barWidth;
  const full = Math.round((percent / 100) * width);
  return `[${"#".repeat(full)}${"-".repeat(width - full)}]`;
};
