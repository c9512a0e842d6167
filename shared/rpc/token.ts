import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import { Fault } from "#shared/fault.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether two secrets are the same, in a time that tells nothing of where they differ. */
export const isSameSecret = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** Throws `unauthenticated` unless a call carries this bearer token; without a token every call may pass. */
export const checkToken = (token: string | undefined) => (metadata: Metadata) => {
  if (token === undefined) return;
  const given = metadata.get("authorization")[0]?.toString() ?? "";
  if (!isSameSecret(given, `Bearer ${token}`)) throw new Fault("unauthenticated", "WORKER_TOKEN is missing or wrong");
};
