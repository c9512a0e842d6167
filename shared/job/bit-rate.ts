import * as v from "valibot";

const message = "write a bit rate such as 128k";

/** A bit rate in thousands of bits a second, as presets and orders write it: `128k`. */
export const BitRate = v.pipe(v.string(message), v.regex(/^\d{1,9}k$/, message));

/** The thousands of bits a second of a text such as `128k`. */
export const kilobits = (rate: string) => Number.parseInt(rate, 10);

/** The bits a second of the same. */
export const bitsPerSecond = (rate: string) => kilobits(rate) * 1_000;
