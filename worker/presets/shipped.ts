import { readPresets } from "./read-shipped.ts" with { type: "macro" };

/**
 * The contents of the presets that come with the worker, by file name. They are part of the program, so that it runs in an
 * empty folder, and are parsed when the program is built, not at every start.
 */
export const shipped: Readonly<Record<string, unknown>> = readPresets();
