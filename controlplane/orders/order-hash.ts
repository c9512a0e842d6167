import { createHash } from "node:crypto";

/** A hash of an order by which a repeat is recognised. The order of fields does not matter. */
export const orderHash = (posted: object): Uint8Array =>
  createHash("sha256").update(JSON.stringify(posted, sorted)).digest();

const sorted = (_name: string, value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
