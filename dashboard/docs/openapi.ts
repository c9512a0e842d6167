/** The part of OpenAPI 3.1 that the document of this service uses. */
export type Document = {
  /** What the page begins with. */
  info: { title: string; version: string; description: string };
  /** The calls, by their paths. */
  paths: Record<string, Path>;
  /** What `$ref` leads to. */
  components: { schemas: Record<string, Schema> };
};

export type Schema = {
  /** Another schema in its place, as `#/components/schemas/<name>`. */
  $ref?: string;
  /** Absent where any type is allowed, or a union says which. */
  type?: string;
  /** In words; may hold `code`. */
  description?: string;
  /** The values that are allowed. */
  enum?: readonly unknown[];
  /** The one value that is allowed. */
  const?: unknown;
  /** The first one is shown. */
  examples?: readonly unknown[];
  /** The fields of an object, by name. */
  properties?: Record<string, Schema>;
  /** The names of the fields that must be there. */
  required?: readonly string[];
  /** The elements of an array. */
  items?: Schema;
  /** At least one of these holds. */
  anyOf?: readonly Schema[];
  /** Exactly one of these holds. */
  oneOf?: readonly Schema[];
};

export type Parameter = {
  /** As it is written in the request. */
  name: string;
  /** Where it stands: `path`, `query` or `header`. */
  in: string;
  /** In words; may hold `code`. */
  description?: string;
  /** Default: false. */
  required?: boolean;
  /** What it may be. */
  schema: Schema;
};

type Content = Record<string, { schema: Schema }>;

export type Answer = {
  /** When it is given. */
  description: string;
  /** By media type; absent where there is no body. */
  content?: Content;
};

type Operation = {
  operationId: string;
  tags: readonly string[];
  summary: string;
  description?: string;
  parameters?: readonly Parameter[];
  requestBody?: { description?: string; content: Content };
  responses: Record<string, Answer>;
  /** Empty where no key is asked for; absent where the document's own holds. */
  security?: readonly object[];
};

// Ordering comes first, then what looks at what was ordered.
const methods = ["post", "get", "head", "put", "patch", "delete"] as const;
type Path = Partial<Record<(typeof methods)[number], Operation>> & { parameters?: readonly Parameter[] };

export type Call = Operation & {
  /** In upper case, such as `GET`. */
  method: string;
  /** With its parameters in braces. */
  path: string;
};

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

/** The same of an object's required fields alone, unless it has an example of its own: what a first try needs. */
export function shortExampleOf(schema: Schema, api: Document): unknown {
  const { properties = {}, required, examples } = resolved(schema, api);
  if (examples) return examples[0];
  if (!required) return {};
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, api)]));
}
