import { Fields, typeOf } from "./fields.tsx";
import { inlineCode } from "./inline-code.tsx";
import { type Answer, type Call, type Document, exampleOf, type Parameter, type Schema } from "./openapi.ts";
import { TryIt } from "./try-it.tsx";

export function Operation({ call, api }: { call: Call; api: Document }) {
  const body = call.requestBody?.content["application/json"]?.schema;
  return (
    <section class="card call" id={call.operationId} aria-label={call.summary}>
      <h2>{call.summary}</h2>
      <p>
        <b class={`method ${call.method.toLowerCase()}`}>{call.method}</b> <code>{call.path}</code>
      </p>
      {call.description && <p>{inlineCode(call.description)}</p>}
      <TryIt call={call} api={api} />
      {call.parameters && call.parameters.length > 0 && <Parameters of={call.parameters} />}
      {body && (
        <>
          <h3>Body</h3>
          <Fields schema={body} api={api} />
          <details>
            <summary>An example of all fields</summary>
            <Example schema={body} api={api} />
          </details>
        </>
      )}
      <h3>Answers</h3>
      <dl class="answers">
        {Object.entries(call.responses).map(([status, answer]) => (
          <AnswerOf key={status} status={status} answer={answer} api={api} />
        ))}
      </dl>
    </section>
  );
}

const Parameters = ({ of }: { of: readonly Parameter[] }) => (
  <>
    <h3>Parameters</h3>
    <dl class="fields">
      {of.map(({ name, in: where, description = "", schema, required }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            <small>
              {where}, {typeOf(schema)}
              {required && ", required"}
            </small>
          </dt>
          <dd>{inlineCode(description)}</dd>
        </div>
      ))}
    </dl>
  </>
);

function AnswerOf({ status, answer, api }: { status: string; answer: Answer; api: Document }) {
  const schema = answer.content?.["application/json"]?.schema;
  return (
    <div>
      <dt class={Number(status) < 400 ? "fine" : "fault"}>{status}</dt>
      <dd>
        {inlineCode(answer.description)}
        {schema && (
          <details>
            <summary>{typeOf(schema)}</summary>
            <Fields schema={schema} api={api} />
            <Example schema={schema} api={api} />
          </details>
        )}
      </dd>
    </div>
  );
}

const Example = ({ schema, api }: { schema: Schema; api: Document }) => (
  <pre class="code">{JSON.stringify(exampleOf(schema, api), null, 2)}</pre>
);
