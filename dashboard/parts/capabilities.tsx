const titles: Readonly<Record<string, string>> = { storage: "Storages", encoder: "Encoders", filter: "Filters" };

/** What a worker can do, by what it is. */
export function Capabilities({ names }: { names: readonly string[] }) {
  const shown = names.filter((name) => !name.startsWith("ffmpeg:"));
  if (shown.length === 0) return null;
  const groups = Map.groupBy(shown, (name) => (name.includes(":") ? (name.split(":", 1)[0] ?? "") : ""));
  return (
    <details>
      <summary>{shown.length} capabilities</summary>
      <dl class="capabilities">
        {[...groups].map(([kind, members]) => (
          <div key={kind}>
            <dt>{kind === "" ? "Orders" : (titles[kind] ?? kind)}</dt>
            <dd>
              {members.map((name) => (
                <code key={name}>{kind === "" ? name : name.slice(kind.length + 1)}</code>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
