import * as v from "valibot";

/** 100 hours. */
const most = 360_000;
/** What a moment is, for who has written none. */
export const momentWords = `use seconds, such as 12.5, or hh:mm:ss.mmm, from 0 to less than ${most / 3_600} hours`;
const clock = /^(?:(\d{1,2}):)?(\d{1,2}):(\d{2}(?:\.\d{1,9})?)$/;

/** The seconds of a time such as `1:02:03.5` or `0:25`; undefined for what is none. */
function secondsOf(text: string): number | undefined {
  const [, hours = "0", minutes, seconds] = clock.exec(text) ?? [];
  if (minutes === undefined || Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

const secondsIn = (value: number | string) => (typeof value === "number" ? value : (secondsOf(value) ?? -1));

export const isMoment = (seconds: number) => seconds >= 0 && seconds < most;

/** A moment as clients write it, which becomes seconds. */
export const Moment = v.pipe(
  v.union([v.number(), v.string()], momentWords),
  v.check((value) => isMoment(secondsIn(value)), momentWords),
  v.transform(secondsIn),
);
