/** A program and its arguments. */
export type Argv = readonly [string, ...string[]];
