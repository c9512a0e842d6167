import { lookEveryMs } from "#controlplane/dispatch/help.ts";
import { usualTimes } from "#worker/pieces/sharing.ts";
import { makeShared, makeTime, type Shared, type Time } from "./time.ts";

/** What was measured of one film, in seconds of one core where nothing else is said. */
export type Costs = {
  /** One encode of a minute of film, with its sound. */
  whole: number;
  /** The encode of a piece: of the first one, and of one that others lie before. */
  firstPiece: number;
  piece: number;
  /** Cutting what a piece is encoded from. */
  cut: number;
  /** Looking into what came from another worker. */
  receive: number;
  /** What looking into a source, and comparing pictures of the output with it, cost whatever their length. */
  open: number;
  compare: number;
  /** For a minute of film. */
  fetch: number;
  examine: number;
  hash: number;
  /** The encode of all sounds, and the joining that is left then. */
  sound: number;
  join: number;
  verify: number;
  sourceBytes: number;
  outputBytes: number;
  /** For a piece. */
  inputBytes: number;
  resultBytes: number;
};

export type Farm = {
  pieces: number;
  minutes: number;
  workers: number;
  /** How long a storage takes to answer. */
  requestSeconds: number;
  /** How long a control plane and a worker take to hear of each other. */
  callSeconds: number;
  /** Of the line of each worker. */
  bytesPerSecond: number;
};

/** One core and one line. */
export type Machine = {
  core: Shared;
  /** Sends or fetches so many bytes. */
  transfer(bytes: number): Promise<void>;
  /** Asks the storage so many things, one after the other. */
  ask(requests: number): Promise<void>;
};

/** The pieces as they lie in the storage. */
type SimulatedBoard = { claims: Map<number, number>; done: Set<number> };

/** What all parts of a simulated farm know. */
export type World = Farm & { time: Time; costs: Costs; board: SimulatedBoard; machines: Machine[] };

/** How often the board is looked at, and helpers are looked for, in seconds: as in the code. */
export const every = { look: usualTimes.lookMs / 1_000, search: lookEveryMs / 1_000, tick: 1 };

export function worldOf(costs: Costs, farm: Farm): World {
  const time = makeTime();
  const machine = (): Machine => {
    const line = makeShared(time);
    return {
      core: makeShared(time),
      transfer: (bytes) => line.use(bytes / farm.bytesPerSecond),
      ask: (requests) => time.sleep(requests * farm.requestSeconds),
    };
  };
  const board: SimulatedBoard = { claims: new Map(), done: new Set() };
  return { ...farm, time, costs, board, machines: Array.from({ length: farm.workers }, machine) };
}
