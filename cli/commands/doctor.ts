import { type Context, printFindings, type Remote } from "#cli/context.ts";
import { examine } from "#cli/doctor/examine.ts";

export async function doctor(context: Context, { server }: Remote) {
  const isWell = await printFindings(context, examine(context.env, server));
  if (!isWell) return context.fail();
  if (!context.isJson) console.log("This machine is ready.");
}
