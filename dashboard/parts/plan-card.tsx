import type { Plan } from "#client/client.ts";
import { bitrate, fileName } from "../format.ts";
import { channelWords, codecName, joined, rangeName, rounded, sourceWords } from "../media-words.ts";
import { type Form, filmsIn, planOrderFor } from "../order-form.ts";
import { askPlan, dryRun, keyOf, planOf } from "../state/plan.ts";
import { Facts } from "./facts.tsx";

/** What the chosen preset would make of the first film, once a dry run was asked for. */
export function PlanCard({ form }: { form: Form }) {
  const { preset } = form;
  const films = filmsIn(form);
  const [sources = []] = films;
  const [source = ""] = sources;
  const asked = planOrderFor(sources, form);
  const known = dryRun.value?.key === keyOf(asked) ? dryRun.value : undefined;
  const isAsking = known?.state === "asking";
  return (
    <section class="card plan" aria-label="Plan" aria-busy={isAsking}>
      <div class="bar-of-page">
        <h2>What it would make</h2>
        <button type="button" disabled={source === "" || isAsking} onClick={() => askPlan(asked)}>
          {isAsking ? "Looking…" : "Dry run"}
        </button>
      </div>
      {!known && (
        <p class="hint">
          A worker looks at the source and tells what each preset would make of it. It encodes nothing; a sleeping
          worker is started for it.
        </p>
      )}
      {isAsking && <span class="ghost" />}
      <p class="problem" role="alert">
        {known?.problem}
      </p>
      {known?.plan && (
        <>
          {films.length > 1 && <p class="hint">Of the first source, {fileName(source)}.</p>}
          {known.plan.source && <Facts of={sourceWords(known.plan.source)} />}
          <Made plan={planOf(preset)} preset={preset} />
        </>
      )}
    </section>
  );
}

type PresetPlan = Plan["presets"][number];

const Made = ({ plan, preset }: { plan: PresetPlan | undefined; preset: string }) => {
  if (!plan) return <p class="hint">Nothing is known of {preset}.</p>;
  if (plan.error) return <p class="problem">{plan.error.message}</p>;
  return (
    <>
      {plan.renditions.length === 0 ? (
        <p class="hint">A preset of your own arguments: what it makes is known when it has.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{preset}</th>
              <th scope="col">maxrate</th>
            </tr>
          </thead>
          <tbody>
            {plan.renditions.map((rendition) => (
              <tr key={rendition.name}>
                <th scope="row">
                  {shapeOf(rendition)} <small>{wordsOf(rendition)}</small>
                </th>
                <td>{rendition.max_bit_rate === undefined ? "" : bitrate(rendition.max_bit_rate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {plan.dropped?.map(({ size, reason }) => (
        <p key={`${size} ${reason}`} class="hint">
          Without {size}p: {reason}.
        </p>
      ))}
      {plan.warnings?.map((words) => (
        <p key={words} class="warning">
          {words}
        </p>
      ))}
    </>
  );
};

const shapeOf = ({ kind, width, height }: PresetPlan["renditions"][number]) =>
  width && height ? `${width}×${height}` : kind === "audio" ? "sound" : kind;

const wordsOf = ({ codec, frame_rate, hdr, audio, channels, language }: PresetPlan["renditions"][number]) =>
  joined([
    codecName(codec),
    frame_rate && `${rounded(frame_rate)} fps`,
    rangeName(hdr),
    channelWords(channels),
    language,
    audio && [codecName(audio.codec), channelWords(audio.channels)].filter(Boolean).join(" "),
  ]);
