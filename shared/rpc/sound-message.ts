import type { MessageInitShape } from "@bufbuild/protobuf";
import * as v from "valibot";
import type { SoundSchema } from "#proto/worker/v1/worker_pb.js";
import { SoundOrder } from "#shared/job/sound-order.ts";

type Init = Omit<MessageInitShape<typeof SoundSchema>, "$typeName" | "$unknown">;

/** What an order says of its sound, as its message has it. */
export const soundToMessage = ({ tracks, channels }: SoundOrder): Init => ({
  ...(tracks && { tracks: tracks.map(String) }),
  ...(channels && { channels }),
});

/** What a message says of the sound, which may have any values; undefined where it says nothing. */
export function soundIn({ tracks = [], channels = "" }: Init = {}): Partial<Record<string, unknown>> | undefined {
  const said = {
    ...(tracks.length > 0 && { tracks: tracks.map((track) => (/^\d{1,9}$/.test(track) ? Number(track) : track)) }),
    ...(channels !== "" && { channels }),
  };
  return Object.keys(said).length > 0 ? said : undefined;
}

/** The same as far as this version knows it: undefined where it is something else. */
export function soundFromMessage(message: Init | undefined): SoundOrder | undefined {
  const asked = soundIn(message);
  return v.is(SoundOrder, asked) ? asked : undefined;
}
