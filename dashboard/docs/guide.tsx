import { Announcements } from "../parts/announce.tsx";
import { Header } from "../parts/header.tsx";
import { inlineCode } from "./inline-code.tsx";
import { type Call, callsOf, type Document } from "./openapi.ts";
import { Operation } from "./operation.tsx";

/** The whole API on one page. */
export function Guide({ api }: { api: Document }) {
  const byTag = Object.entries(Object.groupBy(callsOf(api), ({ tags }) => tags[0] ?? ""));
  return (
    <>
      <Header page="api" />
      <div class="guide">
        <nav aria-label="Calls">
          {byTag.map(([tag, calls = []]) => (
            <div key={tag}>
              <h2>{tag}</h2>
              <ul>
                {calls.map((call) => (
                  <li key={call.operationId}>
                    <a href={`#${call.operationId}`}>
                      {call.summary}
                      <small>
                        <b class={call.method.toLowerCase()}>{call.method}</b> <code>{call.path}</code>
                      </small>
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <main id="main">
          <h1>
            {api.info.title} API <small class="hint">{api.info.version}</small>
          </h1>
          <p>{inlineCode(api.info.description)}</p>
          <p>
            Send <code>Authorization: Bearer &lt;key&gt;</code> with every call under <code>/api/v1</code>. The same for
            programs: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).
          </p>
          {byTag.flatMap(([, calls = []]) =>
            calls.map((call: Call) => <Operation key={call.operationId} call={call} api={api} />),
          )}
        </main>
      </div>
      <Announcements />
    </>
  );
}
