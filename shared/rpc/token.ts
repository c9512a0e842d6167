import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import { Fault } from "#shared/fault.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether two secrets are equal, compared in constant time. */
export const isSameSecret = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));

/** Throws `unauthenticated` unless a call carries this bearer token; when no token is configured every call passes. */
export const checkToken = (token: string | undefined) => (metadata: Metadata) => {
  if (token === undefined) return;
  const given = metadata.get("authorization")[0]?.toString() ?? "";
  if (!isSameSecret(given, `Bearer ${token}`)) throw new Fault("unauthenticated", "WORKER_TOKEN is missing or wrong");
};
