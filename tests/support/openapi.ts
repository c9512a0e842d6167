import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import { openapiDocument } from "#controlplane/openapi/document.ts";
import { jobOrder } from "#controlplane/orders/order.ts";

/** The document as a client reads it. */
export const servedDocument = () => JSON.parse(JSON.stringify(openapiDocument(jobOrder(".flux/jobs"))));

const document = servedDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(closed(document), "api");

/**
 * Throws unless the document foresees this answer: the call, the status, the media type and every field of the text,
 * which a stream has not.
 */
export function checkAnswer(method: string, path: string, answer: Response, text = "") {
  const template = Object.keys(document.paths).find((candidate) => patternOf(candidate).test(path));
  const what = `${method} ${path} answered ${answer.status}`;
  if (!template) throw new Error(`${what}: the path is not documented`);
  const expected = document.paths[template][method.toLowerCase()]?.responses[answer.status];
  // What HTTP itself forbids is the same everywhere.
  if (answer.status === 405) return;
  if (!expected) throw new Error(`${what}: not documented: ${text}`);
  checkHeaders(answer, expected.headers ?? {}, what);
  if (!expected.content) return;
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  const schema = expected.content[type]?.schema;
  if (!schema) throw new Error(`${what} with ${type}, which is not documented`);
  if (type.endsWith("json")) checkValue(schema, JSON.parse(text), what);
}

/** Headers that tell something are documented, and those that a status cannot do without are there. */
function checkHeaders({ status, headers }: Response, documented: object, what: string) {
  const untold = Object.keys(document.components.headers).filter((name) => headers.has(name) && !(name in documented));
  if (untold.length > 0) throw new Error(`${what} with ${untold}, which is not documented`);
  const missing = (needed[status] ?? []).filter((name) => !headers.has(name) || !(name in documented));
  if (missing.length > 0) throw new Error(`${what} without ${missing}, or it is not documented`);
}

const needed: Record<number, string[]> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};

export const checkEvent = (event: unknown) => checkValue({ $ref: "#/components/schemas/Event" }, event, "an event");

const validators = new Map<string, ReturnType<typeof ajv.compile>>();

function checkValue(schema: AnySchemaObject, value: unknown, what: string) {
  const key = JSON.stringify(schema).replaceAll('"#/', '"api#/');
  const validate = validators.get(key) ?? ajv.compile(JSON.parse(key));
  validators.set(key, validate);
  if (!validate(value)) throw new Error(`${what}, which is not as documented: ${ajv.errorsText(validate.errors)}`);
}

const patternOf = (template: string) => new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}(\\?.*)?$`);

/** No object may have a field that is not documented. */
function closed(value: unknown): AnySchemaObject {
  return JSON.parse(JSON.stringify(value), (_, part) =>
    part?.type === "object" && part.properties && part.additionalProperties === undefined
      ? { ...part, additionalProperties: false }
      : part,
  );
}
