/** One curve. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a chart of curves shows. */
export interface LineChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly isLogX?: boolean;
  readonly series: readonly Series[];
}

/** One bar of a chart of bars, as the part of its limit that it reaches. */
export interface MeterBar {
  readonly name: string;
  /** 1: just what it must be; above it is better. */
  readonly reached: number;
  readonly text: string;
}

const WIDTH = 860;
const HEIGHT = 400;
const MARGIN = { left: 70, right: 180, top: 40, bottom: 50 };
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
const TICKS = 5;

/** A chart of curves, as SVG that needs nothing but itself. */
export function lineChart({ title, x, y, isLogX = false, series }: LineChart): string {
  const points = series.flatMap((one) => one.points);
  const along = scale(
    points.map(([value]) => value),
    isLogX,
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const up = scale(
    [0, ...points.map(([, value]) => value)],
    false,
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const parts = [
    text(MARGIN.left, 22, title, 'font-weight="bold" font-size="15"'),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 12, x, 'text-anchor="middle"'),
    text(8, MARGIN.top - 8, y),
    ...along.ticks.map((tick) =>
      text(along.at(tick), HEIGHT - 32, short(tick), 'text-anchor="middle"'),
    ),
    ...up.ticks.flatMap((tick) => [
      text(MARGIN.left - 6, up.at(tick) + 4, short(tick), 'text-anchor="end"'),
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${fixed(up.at(tick))}" y2="${fixed(up.at(tick))}" stroke="#ddd"/>`,
    ]),
    ...series.flatMap((one, index) => curve(one, index, along.at, up.at)),
  ];
  return svg(HEIGHT, parts);
}

function curve(
  { name, points }: Series,
  index: number,
  xOf: (value: number) => number,
  yOf: (value: number) => number,
): readonly string[] {
  const colour = COLOURS[index % COLOURS.length] ?? "#000";
  const places = points.map(([x, y]) => `${fixed(xOf(x))},${fixed(yOf(y))}`);
  const labelY = MARGIN.top + 18 * index;
  return [
    `<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    text(WIDTH - MARGIN.right + 12, labelY, name, `fill="${colour}"`),
  ];
}

/** Bars against a line that each has to reach. */
export function meterChart(title: string, bars: readonly MeterBar[]): string {
  const [rowHeight, most] = [24, 2];
  const length = WIDTH - 2 * MARGIN.right - 40;
  const limitX = MARGIN.right + length / most;
  const height = MARGIN.top + rowHeight * bars.length + 20;
  const rows = bars.flatMap(({ name, reached, text: told }, index) => {
    const top = MARGIN.top + rowHeight * index;
    const width = (length * Math.max(0, Math.min(most, reached))) / most;
    const colour = reached >= 1 ? "#009e73" : "#d55e00";
    return [
      text(MARGIN.right - 8, top + 15, name, 'text-anchor="end"'),
      `<rect x="${MARGIN.right}" y="${top + 3}" width="${fixed(width)}" height="${rowHeight - 8}" fill="${colour}"/>`,
      text(MARGIN.right + length + 10, top + 15, told),
    ];
  });
  const limit = `<line x1="${fixed(limitX)}" x2="${fixed(limitX)}" y1="${MARGIN.top - 4}" y2="${height - 16}" stroke="#000" stroke-dasharray="4 3"/>`;
  return svg(height, [text(12, 22, title, 'font-weight="bold" font-size="15"'), ...rows, limit]);
}

function scale(values: readonly number[], isLog: boolean, from: number, to: number) {
  const place = (value: number) => (isLog ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value);
  const places = values.map(place);
  const least = places.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = places.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const width = most - least || 1;
  const at = (value: number) => from + ((place(value) - least) / width) * (to - from);
  const ticks = isLog
    ? [...new Set(values)]
    : Array.from({ length: TICKS + 1 }, (_, index) => least + (width * index) / TICKS);
  return { at, ticks: values.length === 0 ? [] : ticks };
}

function svg(height: number, parts: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`;
  return `${[open, '<rect width="100%" height="100%" fill="#fff"/>', ...parts, "</svg>"].join("\n")}\n`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${escaped}</text>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function short(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (Math.abs(value) >= 1e3) return `${Number((value / 1e3).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}
