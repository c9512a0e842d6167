/** The part of OpenAPI 3.1 that the document of this service uses. */
export type Document = {
  info: { title: string; version: string; description: string };
  paths: Record<string, Path>;
  components: { schemas: Record<string, Schema> };
};

export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  examples?: readonly unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
};

export type Parameter = { name: string; in: string; description?: string; required?: boolean; schema: Schema };
type Content = Record<string, { schema: Schema }>;
export type Answer = { description: string; content?: Content };

type Operation = {
  operationId: string;
  tags: readonly string[];
  summary: string;
  description?: string;
  parameters?: readonly Parameter[];
  requestBody?: { description?: string; content: Content };
  responses: Record<string, Answer>;
};

const methods = ["get", "post", "put", "delete"] as const;
type Path = Partial<Record<(typeof methods)[number], Operation>> & { parameters?: readonly Parameter[] };

export type Call = Operation & { method: string; path: string };

/** All operations, each with the parameters that it shares with the others of its path. */
export const callsOf = ({ paths }: Document): Call[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return [{ ...operation, parameters, method: method.toUpperCase(), path }];
    }),
  );

/** The schema that a reference names; any other schema is its own. */
export function resolved(schema: Schema, { components }: Document): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return (name !== undefined && components.schemas[name]) || schema;
}

/** Makes an example of a value from the examples of its fields. */
export function exampleOf(schema: Schema, api: Document): unknown {
  const { examples, properties, items, anyOf, oneOf, const: only } = resolved(schema, api);
  if (examples) return examples[0];
  if (properties)
    return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, exampleOf(field, api)]));
  if (items) return [exampleOf(items, api)];
  const first = anyOf?.at(-1) ?? oneOf?.at(-1);
  return first ? exampleOf(first, api) : only;
}
