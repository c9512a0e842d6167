import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { requestOf } from "#controlplane/lookup/found-job.ts";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import type { WaitingOrder } from "./waiting-room.ts";

// AES-256-GCM (NIST SP 800-38D): a nonce of 12 bytes, the text, a tag of 16.
const cipher = "aes-256-gcm";
const [nonceBytes, tagBytes] = [12, 16];
const unsealed = "plain.";

type Options = {
  /**
   * Whether orders are opened that are only encoded, although there is a secret: those that were added before there was
   * one. For a room on this machine, which needs none.
   */
  opensPlain: boolean;
};

/**
 * Encrypts orders for the waiting room, so that who reads the room learns no URL and cannot move one order to another
 * tenant. Without a secret they are only encoded: for a room on this machine.
 */
export function makeOrderSeal(secrets: readonly string[], { opensPlain }: Options) {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync("sha256", secret, "", "flux-encoder waiting order", 32)));
  const [newest] = keys;
  return {
    seal(order: Omit<WaitingOrder, "sealed">, request: JobRequestInit): string {
      const bytes = toBinary(JobRequestSchema, create(JobRequestSchema, request));
      if (!newest) return unsealed + Buffer.from(bytes).toString("base64url");
      const nonce = randomBytes(nonceBytes);
      const sealing = createCipheriv(cipher, newest, nonce).setAAD(belongsTo(order));
      return Buffer.concat([nonce, sealing.update(bytes), sealing.final(), sealing.getAuthTag()]).toString("base64url");
    },
    /** Undefined when it was sealed with none of the secrets, or for another order, or is not sealed and has to be. */
    open(order: WaitingOrder): JobRequestInit | undefined {
      if (order.sealed.startsWith(unsealed))
        return opensPlain ? decoded(order.sealed.slice(unsealed.length)) : undefined;
      return keys.map((key) => opened(order, key)).find((request) => request !== undefined);
    },
  };
}

const belongsTo = ({ id, tenant, priority, claim }: Omit<WaitingOrder, "sealed">) =>
  Buffer.from(JSON.stringify([id, tenant, priority, claim?.key ?? null, claim?.number ?? null]));

function decoded(text: string): JobRequestInit | undefined {
  try {
    return requestOf(fromBinary(JobRequestSchema, Buffer.from(text, "base64url")));
  } catch {
    return undefined;
  }
}

function opened(order: WaitingOrder, key: Buffer): JobRequestInit | undefined {
  const bytes = Buffer.from(order.sealed, "base64url");
  try {
    const opening = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(belongsTo(order))
      .setAuthTag(bytes.subarray(-tagBytes));
    const text = Buffer.concat([opening.update(bytes.subarray(nonceBytes, -tagBytes)), opening.final()]);
    return decoded(text.toString("base64url"));
  } catch {
    return undefined;
  }
}
