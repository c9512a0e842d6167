/** Writes the types of client/ from the OpenAPI document. */
import openapiTypescript from "openapi-typescript";
import { openapiDocument } from "#controlplane/openapi/document.ts";
import { jobOrder } from "#controlplane/orders/order.ts";

const target = new URL("../client/api.d.ts", import.meta.url);

/** The file's text as it should be. */
export async function clientTypes(): Promise<string> {
  // Through JSON, as it is served: the generator takes a document apart that it is given.
  const document = JSON.parse(JSON.stringify(openapiDocument(jobOrder(".flux/jobs"))));
  return openapiTypescript(document, { commentHeader: "// Made from /openapi.json by `bun run generate`.\n" });
}

if (import.meta.main) await Bun.write(target, await clientTypes());
