import { Fault } from "#shared/fault.ts";
import type { Capabilities } from "#worker/ffmpeg/capabilities.ts";
import type { Film } from "#worker/plan/film.ts";
import type { Board } from "./board.ts";
import { type BoardPlan, boardKey, filmOf } from "./board-plan.ts";

/** A film on a board, as this worker would encode it. */
export type SharedFilm = { film: Film; plan: BoardPlan };

/**
 * Makes the film of the board with this id by this worker's own planner: what lies there is believed only where that makes
 * the same of it, argument by argument. Throws `conflict` where this worker cannot help: it finds no such board, or would
 * encode otherwise.
 */
export async function sharedFilm(
  board: Pick<Board, "plan">,
  id: string,
  ffmpeg: Capabilities,
  signal: AbortSignal,
): Promise<SharedFilm> {
  const plan = await board.plan(signal);
  if (plan?.board !== id) throw unfit("its storage of records has no such board");
  const [film, key] = planned(() => [filmOf(plan, ffmpeg), boardKey(plan, ffmpeg)] as const);
  if (!film || key !== plan.key) throw unfit("it would encode the film otherwise");
  return { film, plan };
}

const unfit = (why: string, options?: ErrorOptions) =>
  new Fault("conflict", `this worker cannot help with the job: ${why}`, options);

function planned<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw unfit("it cannot encode the film", { cause });
  }
}
