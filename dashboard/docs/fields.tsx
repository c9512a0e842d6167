import { inlineCode } from "./inline-code.tsx";
import { type Document, resolved, type Schema } from "./openapi.ts";

/** The fields of an object with their descriptions, and those of inner objects below each. */
export function Fields({ schema, api }: { schema: Schema; api: Document }) {
  const { properties, required = [], anyOf, oneOf, items } = resolved(schema, api);
  const inner = items ?? anyOf?.at(-1) ?? oneOf?.at(-1);
  if (!properties) return inner ? <Fields schema={inner} api={api} /> : null;
  return (
    <dl class="fields">
      {Object.entries(properties).map(([name, field]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            <small>
              {typeOf(field)}
              {required.includes(name) && ", required"}
            </small>
          </dt>
          <dd>
            {inlineCode(resolved(field, api).description ?? "")}
            <Fields schema={field} api={api} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function typeOf({ $ref, type, enum: values, const: only, items }: Schema): string {
  if ($ref) return $ref.split("/").at(-1) ?? "";
  if (values) return values.join(" | ");
  if (only !== undefined) return String(only);
  return items ? `${typeOf(items)}[]` : (type ?? "object");
}
