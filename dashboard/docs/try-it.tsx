import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { curlFor } from "../curl.ts";
import { span } from "../format.ts";
import { Copy } from "../parts/copy.tsx";
import { apiKey } from "../state/session.ts";
import { type Call, type Document, shortExampleOf } from "./openapi.ts";
import { requestOf } from "./request.ts";
import { type Answer, send } from "./send.ts";

/** A call as curl makes it, and a form that sends it with the key of this tab. */
export function TryIt({ call, api }: { call: Call; api: Document }) {
  const schema = call.requestBody?.content["application/json"]?.schema;
  const parameters = useSignal<Readonly<Record<string, string>>>({});
  const body = useSignal(schema ? JSON.stringify(shortExampleOf(schema, api), null, 2) : "");
  const isOpen = useSignal(false);
  const request = useComputed(() => requestOf(call, { parameters: parameters.value, body: body.value }));
  const curl = useComputed(() => {
    const shown = { ...examplesOf(call), ...parameters.value };
    const { path, ...rest } = requestOf(call, { parameters: shown, body: body.value });
    return curlFor({
      ...rest,
      url: location.origin + path,
      hasKey: apiKey.value !== "" || call.security === undefined,
    });
  });
  return (
    <div class="try">
      <pre class="code">{curl}</pre>
      <div class="choices">
        <Copy label="Copy" text={curl.value} />
        {!isOpen.value && (
          <button
            type="button"
            aria-label={`Try it: ${call.summary}`}
            onClick={() => {
              isOpen.value = true;
            }}
          >
            Try it
          </button>
        )}
      </div>
      {isOpen.value && (
        <Sender call={call} request={request}>
          {call.parameters?.map(({ name, in: where, required, schema }) => (
            <label key={name}>
              <span>
                <code>{name}</code> <small>{where}</small>
              </span>
              <input
                type="text"
                spellcheck={false}
                autocomplete="off"
                required={required === true || where === "path"}
                placeholder={String(schema.examples?.[0] ?? "")}
                value={parameters.value[name] ?? ""}
                onInput={({ currentTarget }) => {
                  parameters.value = { ...parameters.value, [name]: currentTarget.value };
                }}
              />
            </label>
          ))}
          {schema && (
            <label>
              <span>Body</span>
              <textarea
                rows={6}
                spellcheck={false}
                value={body.value}
                onInput={({ currentTarget }) => {
                  body.value = currentTarget.value;
                }}
              />
            </label>
          )}
        </Sender>
      )}
    </div>
  );
}

/** What stands in the path of the curl command until it is filled in. */
const examplesOf = ({ parameters = [] }: Call) =>
  Object.fromEntries(
    parameters
      .filter((one) => one.in === "path")
      .map(({ name, schema }) => [name, String(schema.examples?.[0] ?? name)]),
  );

type SenderProps = {
  call: Call;
  request: { value: ReturnType<typeof requestOf> };
  children: preact.ComponentChildren;
};

/** The fields of a call and its answer. What removes or cancels something is asked a second time. */
function Sender({ call, request, children }: SenderProps) {
  const answer = useSignal<Answer | undefined>(undefined);
  const problem = useSignal("");
  const asked = useSignal(false);
  const leaving = useRef(new AbortController());
  useEffect(() => () => leaving.current.abort(), []);
  const isDestructive = call.method === "DELETE";
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isDestructive && !asked.value) {
      asked.value = true;
      return;
    }
    asked.value = false;
    leaving.current.abort();
    leaving.current = new AbortController();
    [answer.value, problem.value] = [undefined, ""];
    const { signal } = leaving.current;
    const show = (next: Answer) => {
      if (!signal.aborted) answer.value = next;
    };
    await send(request.value, show, signal).catch((error) => {
      if (!signal.aborted) problem.value = error instanceof Error ? error.message : String(error);
    });
  };
  const stop = () => {
    leaving.current.abort();
    if (answer.value) answer.value = { ...answer.value, isOpen: false };
  };
  return (
    <form onSubmit={submit}>
      {children}
      <div class="choices">
        <button type="submit" class={asked.value ? "danger" : "primary"}>
          {asked.value ? `Really send ${call.method}` : "Send"}
        </button>
        {answer.value?.isOpen && (
          <button type="button" onClick={stop}>
            Stop
          </button>
        )}
        {!apiKey.value && <small class="hint">Without a key: sign in on the dashboard to send yours.</small>}
      </div>
      <p class="problem" role="alert">
        {problem.value}
      </p>
      {answer.value && (
        <div class="answer" aria-live="polite">
          <p>
            <b class={answer.value.status < 400 ? "fine" : "fault"}>{answer.value.status}</b>{" "}
            <small class="hint">{span(answer.value.ms)}</small>
          </p>
          {answer.value.text && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
            <pre class="code" tabIndex={0}>
              {answer.value.text}
            </pre>
          )}
        </div>
      )}
    </form>
  );
}
