import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Metrics } from "../src/metrics/metrics.ts";
import { brokerDefinition } from "./sample-service.ts";
import { secured } from "./secured-server.ts";

const CALLERS = fileURLToPath(new URL("fixtures/hasty-callers-main.ts", import.meta.url));

/** What `leasehold_connections_open` is for the public listener. */
async function openIn(metrics: Metrics): Promise<number | undefined> {
  await metrics.refresh();
  for (const { kind, family } of metrics.families)
    if (kind === "gauge" && family.facts.name === "leasehold_connections_open")
      return family.with({ listener: "public" }).value;
  return undefined;
}

test("callers who go away in the midst of the answers leave no connection behind", async () => {
  const metrics = new Metrics();
  await using kit = await secured({ metrics });
  const callers = fork(CALLERS, { execArgv: ["--conditions=source"] });
  let most = 0;
  try {
    await once(callers, "message");
    const port = Number(kit.server.address.split(":")[1]);
    const path = `/${brokerDefinition.fullName}/AcquireSeat`;
    callers.send({ port, ca: kit.authority.authorities, path, lastsMs: 4_000 });
    const look = setInterval(() => {
      void openIn(metrics).then((open = 0) => (most = Math.max(most, open)));
    }, 50);
    await once(callers, "exit").finally(() => clearInterval(look));
  } finally {
    callers.kill("SIGKILL");
  }
  expect(most).toBeGreaterThan(10);
  await expect.poll(() => openIn(metrics), { timeout: 12_000 }).toBe(0);
}, 40_000);
