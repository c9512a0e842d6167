import { Fault } from "#shared/fault.ts";
import type { Endings } from "./endings.ts";
import type { RoomSummary, WaitingRoom } from "./waiting-room.ts";

type Options = {
  room: Pick<WaitingRoom, "addedBefore">;
  endings: Pick<Endings, "fail">;
  /** An order that has waited so long is ended. */
  waitMs: number;
  now(): number;
};

const atOnce = 10;
const tooLong = new Fault("timeout", "no worker took the order within QUEUE_TIMEOUT");

/** Ends orders that have waited too long, of which the room tells at most 100 at a time. */
export const makeExpire =
  ({ room, endings, waitMs, now }: Options) =>
  async ({ oldest }: Pick<RoomSummary, "oldest">): Promise<void> => {
    const before = now() - waitMs;
    if (oldest === undefined || oldest > before) return;
    const remaining = (await room.addedBefore(before)).values();
    const lane = async () => {
      for (const id of remaining) await endings.fail({ id }, tooLong);
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  };
