import { createHash } from "node:crypto";

/** By what a repeated order is known: the same for the same fields, in whatever order they were written. */
export const orderHash = (posted: object): Uint8Array =>
  createHash("sha256").update(JSON.stringify(posted, sorted)).digest();

const sorted = (_name: string, value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
