import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, guardedFolder, startGuarded, until } from "@leasehold/testkit";
import type { PrometheusPrograms } from "../tools/prometheus-programs.ts";
import { shortenRules } from "./shorten-rules.ts";

/** A Prometheus that scrapes a cluster each second, with our rules, shortened. */
export interface RunningPrometheus extends AsyncDisposable {
  /** Names of the alerts that fire, in order. */
  firing(): Promise<readonly string[]>;
}

const RULES = new URL("../rules/", import.meta.url);

/** @param targets by the name of the service, host and port */
export async function runPrometheus(
  { prometheus }: PrometheusPrograms,
  targets: ReadonlyMap<string, string>,
): Promise<RunningPrometheus> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await guardedFolder("prometheus"));
  await mkdir(join(path, "rules"));
  for (const name of await readdir(RULES)) {
    const text = await readFile(new URL(name, RULES), "utf8");
    await writeFile(join(path, "rules", name), shortenRules(text));
  }
  const jobs = Array.from(targets, ([job_name, target]) => ({
    job_name,
    static_configs: [{ targets: [target] }],
  }));
  const global = { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" };
  const config = { global, rule_files: ["rules/*.yaml"], scrape_configs: jobs };
  await writeFile(join(path, "prometheus.yaml"), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  stack.use(
    await startGuarded({
      command: prometheus,
      args: [
        `--config.file=${join(path, "prometheus.yaml")}`,
        `--storage.tsdb.path=${join(path, "data")}`,
        `--web.listen-address=${address}`,
      ],
      env: {},
      stopSignal: "SIGTERM",
      stopLimitMs: 10_000,
    }),
  );
  const ask = async () => {
    const response = await fetch(`http://${address}/api/v1/alerts`);
    if (!response.ok) return undefined;
    const { data } = (await response.json()) as {
      readonly data: {
        readonly alerts: readonly {
          readonly state: string;
          readonly labels: { alertname: string };
        }[];
      };
    };
    const firing = data.alerts.filter(({ state }) => state === "firing");
    return [...new Set(firing.map(({ labels }) => labels.alertname))].sort();
  };
  await until("Prometheus answers", 30_000, () => ask().catch(() => undefined));
  const kept = stack.move();
  return {
    firing: async () => (await ask()) ?? [],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
