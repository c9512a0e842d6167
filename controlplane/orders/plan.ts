import type { Client } from "#controlplane/auth/client.ts";
import type { Plan } from "#controlplane/dispatch/plan.ts";
import type { AdmitPlan } from "#controlplane/queue/admit-plan.ts";
import type { PlanResponse } from "#proto/worker/v1/worker_pb.js";
import { soundToMessage } from "#shared/rpc/sound-message.ts";
import { thumbnailsToMessage } from "#shared/rpc/thumbnails-message.ts";
import { grantedParams } from "./granted-params.ts";
import { withPictureApart } from "./picture.ts";
import type { PlanOrder } from "./plan-order.ts";
import { checkedOverlays, checkedSources, type OrderRules } from "./request.ts";

/** What presets would make of the source that a client posted. */
export type ClientPlan = (posted: PlanOrder, client: Client, signal: AbortSignal) => Promise<PlanResponse>;

type Options = {
  plan: Plan;
  rules: Pick<OrderRules, "checkInput" | "timeoutMs">;
  /** Absent without a waiting room. */
  admit: AdmitPlan | undefined;
};

/** Makes a plan for a client, where there is a waiting room only when no order waits for the slot that it takes. */
export const makeClientPlan =
  ({ plan, rules, admit }: Options): ClientPlan =>
  async (posted, client, signal) => {
    const {
      input_url: inputUrl,
      inputs,
      preset = "",
      params,
      thumbnails,
      clip,
      overlay,
      audio,
      ...picture
    } = withPictureApart(posted);
    const { tenant } = client;
    const sources = checkedSources({ inputUrl, inputs }, rules.checkInput);
    using _admitted = await admit?.(tenant);
    const request = {
      ...sources,
      preset,
      tenant: tenant.name,
      ...grantedParams(params, client),
      ...(clip && { clip }),
      ...picture,
      ...checkedOverlays({ overlay }, rules.checkInput),
      ...(audio && { audio: soundToMessage(audio) }),
      ...(thumbnails && { thumbnails: thumbnailsToMessage(thumbnails) }),
      timeoutMs: BigInt(rules.timeoutMs),
    };
    return await plan(request, signal);
  };
