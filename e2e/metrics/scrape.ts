/** What a service told of its metrics: values by name and labels, as they are written, `name{label="value"}`. */
export type Scrape = ReadonlyMap<string, number>;

/** Reads the metrics of a service as Prometheus does. */
export async function scrape(url: string): Promise<Scrape> {
  return valuesIn(await scrapeText(url));
}

/** The same as it came. */
export async function scrapeText(url: string): Promise<string> {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
  return response.text();
}

/** Reads the text format. */
function valuesIn(text: string): Scrape {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

/** Names of metrics that a text tells of, those without a value yet among them; of a histogram those of its series. */
export function namesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name = "", type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    if (type !== "histogram") names.add(name);
    else for (const part of ["bucket", "sum", "count"]) names.add(`${name}_${part}`);
  }
  return names;
}
