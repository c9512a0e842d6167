import * as v from "valibot";

/** The most items that a list of facts has. */
export const mostFacts = 100;

// Facts come from records and peers, too, which may hold anything: what is beyond these bounds is not read.

/** A whole number of bytes or things. */
export const byteCount = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** A number that is measured. */
export const figure = v.pipe(v.number(), v.minValue(0), v.maxValue(1e15));

/** A name. */
export const shortText = v.pipe(v.string(), v.maxLength(100));

/** A path in an output. */
export const pathText = v.pipe(v.string(), v.maxLength(1_024));

/** A list of facts. */
export const fewOf = <const S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.maxLength(mostFacts));
