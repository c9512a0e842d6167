import { type Figure, isMet, ratioOf } from "./figures.ts";

const heads = ["", "value", "spread", "yardstick", "ratio", "target", ""];

export function table(figures: readonly Figure[]): string {
  const rows = [heads, ...figures.map(cells)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cells(figure: Figure): string[] {
  const { name, value, spread, unit, yardstick, target } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    name,
    `${digits(value)} ${unit}`,
    spread ? `${digits(spread.from)} to ${digits(spread.to)}` : "",
    yardstick ? `${yardstick.name} ${digits(yardstick.value)} ${unit}` : "",
    ratio === undefined ? "" : ratio.toFixed(3),
    target
      ? `${"most" in target ? `<= ${target.most}` : `>= ${target.least}`}${target.of === "value" ? ` ${unit}` : ""}`
      : "",
    met === undefined ? "" : met ? "met" : "MISSED",
  ];
}

const digits = (value: number) => value.toFixed(value < 100 ? 1 : 0);
