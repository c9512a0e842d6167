import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { requestOf } from "#controlplane/lookup/found-job.ts";
import { JobRequestSchema } from "#proto/worker/v1/worker_pb.js";
import { orUndefined } from "#shared/errors.ts";
import type { JobRequestInit } from "#shared/rpc/order-message.ts";
import { makeSeal } from "#shared/seal.ts";
import type { WaitingOrder } from "./waiting-room.ts";

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
  const { seal, open } = makeSeal(secrets, "flux-encoder waiting order");
  const bytesOf = (order: WaitingOrder) => {
    if (!order.sealed.startsWith(unsealed)) return open(order.sealed, ownerOf(order));
    return opensPlain ? Buffer.from(order.sealed.slice(unsealed.length), "base64url") : undefined;
  };
  return {
    seal(order: Omit<WaitingOrder, "sealed">, request: JobRequestInit): string {
      const bytes = toBinary(JobRequestSchema, create(JobRequestSchema, request));
      return seal(bytes, ownerOf(order)) ?? unsealed + Buffer.from(bytes).toString("base64url");
    },
    /** Undefined when it was sealed with none of the secrets, or for another order, or is not sealed and has to be. */
    open(order: WaitingOrder): JobRequestInit | undefined {
      const bytes = bytesOf(order);
      return bytes && orUndefined(() => requestOf(fromBinary(JobRequestSchema, bytes)));
    },
  };
}

const ownerOf = ({ id, tenant, priority, claim }: Omit<WaitingOrder, "sealed">) =>
  JSON.stringify([id, tenant, priority, claim?.key ?? null, claim?.number ?? null]);
