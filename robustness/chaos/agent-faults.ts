import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "@leasehold/testkit";
import type { Agent } from "../agent/agent.ts";
import { competing } from "../agent/habits.ts";
import type { Dice } from "../site/dice.ts";
import type { Site } from "../site/site.ts";
import type { Fault } from "./fault.ts";

/** What befalls client applications. */
export const AGENT_FAULTS = {
  agentKilled: { touches: "agents", fire: killAgent },
  agentPaused: { touches: "agents", fire: pauseAgent },
  agentPausedForLong: { touches: "agents", fire: pauseAgentForLong },
  agentSlowed: { touches: "agents", fire: slowAgent },
} as const satisfies Record<string, Fault>;

/** Kills one that holds a seat; another one takes its place. Leaves time to see what becomes of the seat. */
async function killAgent(site: Site, dice: Dice): Promise<void> {
  const { validityMs, spanMs } = site.timings;
  const agent = await until("a single agent holds a seat", 4 * validityMs, async () => {
    const candidate = single(site, dice);
    return (await holdsSeat(candidate)) ? candidate : undefined;
  });
  await agent.kill();
  await site.startAgent(1, competing(site.timings));
  await pause(spanMs + 3_500);
}

async function pauseAgent(site: Site, dice: Dice): Promise<void> {
  await stop(single(site, dice), dice.between(500, site.timings.validityMs / 2));
}

/** For longer than its seat is kept. */
async function pauseAgentForLong(site: Site, dice: Dice): Promise<void> {
  await stop(single(site, dice), site.timings.spanMs + dice.between(500, 1_500));
}

/** Lets it run for a part of the time only. */
async function slowAgent(site: Site, dice: Dice): Promise<void> {
  const agent = single(site, dice);
  for (let round = 0; round < 10; round += 1) {
    await stop(agent, dice.between(100, 400));
    await pause(dice.between(20, 100));
  }
}

async function stop(agent: Agent, ms: number): Promise<void> {
  agent.pause();
  try {
    await pause(ms);
  } finally {
    agent.resume();
  }
}

/** One of one session, so that little is disturbed. */
function single({ agents }: Site, dice: Dice): Agent {
  return dice.pick(
    agents.filter(({ record }) => record.sessions === 1 && record.killedAt === undefined),
  );
}

async function holdsSeat({ record }: Agent): Promise<boolean> {
  const text = await readFile(record.logFile, "utf8").catch(() => "");
  return text.trimEnd().split("\n").at(-1)?.includes('"granted"') === true;
}
