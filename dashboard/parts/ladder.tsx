import type { Job } from "#client/client.ts";
import { bytes, clock } from "../format.ts";
import { bitRateChart, ladderColumns, ladderRows, qualityChart } from "../ladder.ts";
import { joined } from "../media-words.ts";
import { targetWords } from "../target-words.ts";
import { Chart } from "./chart.tsx";

type Props = { outputs: NonNullable<Job["outputs"]>; quality: Job["quality"] };

/** What was made: the renditions with what they really are and need, and how that changes over the film. */
export function Ladder({ outputs, quality }: Props) {
  const rates = bitRateChart(outputs);
  const scores = quality && qualityChart(quality, outputs);
  return (
    <>
      <section class="card ladder">
        <div class="bar-of-page">
          <h2>Renditions</h2>
          <small>{summaryOf(outputs)}</small>
        </div>
        <Table outputs={outputs} quality={quality} />
        {(quality?.target !== undefined || quality?.reason) && (
          <p class="hint">
            <b>{targetWords(quality)}</b> {quality.reason}
          </p>
        )}
      </section>
      {(rates || scores) && (
        <div class="charts">
          {rates && <Chart title="Bit rate over time" shape="lines" {...rates} />}
          {scores && <Chart title={`${quality?.metric.toUpperCase()} over time`} shape="lines" {...scores} />}
        </div>
      )}
    </>
  );
}

const summaryOf = ({ files, bytes: size, duration_seconds: seconds }: Props["outputs"]) =>
  joined([files === 1 ? "1 file" : `${files} files`, bytes(size), seconds !== undefined && clock(seconds)]);

const Table = ({ outputs, quality }: Props) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
  <section class="scrolls" tabIndex={0} aria-label="Figures of the renditions">
    <table>
      <thead>
        <tr>
          {["rendition", ...ladderColumns(quality)].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ladderRows(outputs, quality).map(({ name, path, cells }) => (
          <tr key={path}>
            <th scope="row">
              {name} <small>{path}</small>
            </th>
            {cells.map((cell, at) => (
              <td key={at}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
