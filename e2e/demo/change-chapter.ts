import { until } from "@leasehold/testkit";
import type { Cast, Stage } from "./stage.ts";

const LIMIT_MS = 15_000;

/** J4: the license changes under running clients. */
export async function changeChapter(stage: Stage, { agents }: Cast): Promise<void> {
  const { narrator, desk, sale, sold } = stage;
  const [first, , third] = agents;
  narrator.chapter("The license grows to five seats");
  const before = performance.now();
  const heard = agents.map((agent) => agent.told("licenseChanged", agent.reports.length));
  const features = ["dataflow", "workflow", "reporting"];
  await desk.amend(sold.license.name, { ...sale, seats: 5, features }, ["seats", "features"]);
  const seats = (await Promise.all(heard)).map((change) => change.seats);
  const ms = (performance.now() - before).toFixed(0);
  narrator.check(
    `every running client hears of it, ${ms} ms later`,
    seats.join() === "5,5,5,5",
    seats,
  );
  const { feature } = await first.look("reporting");
  narrator.check("reporting is enabled in them, without a restart", feature);
  const outcome = await third.acquire("mary");
  narrator.check("the client that lost its seat works again", outcome.kind === "acquired", outcome);
  await revocation(stage, agents);
}

async function revocation({ narrator, desk, sold }: Stage, agents: Cast["agents"]): Promise<void> {
  narrator.chapter("The license is revoked");
  const stopped = agents.map((agent) => agent.told("revoked", agent.reports.length));
  await desk.revoke(sold.license.name);
  await Promise.all(stopped);
  narrator.check("every client is told, and stops", true);
  const views = await Promise.all(agents.map((agent) => agent.look("dataflow")));
  narrator.check(
    "no client holds a seat",
    views.every(({ held }) => !held),
    views,
  );
  narrator.check(
    "no feature is enabled any more",
    views.every(({ feature }) => !feature),
    views,
  );
  const again = await agents[0].acquire("ada");
  const refused = again.kind === "refused" && again.reason === "LICENSE_REVOKED";
  narrator.check("no seat is granted any more", refused, again);
  await Promise.all(agents.map((agent) => agent.release()));
  const seats = await until("the seats are given back", LIMIT_MS, async () => {
    const live = await desk.seats(sold.license.name);
    return live.length === 0 ? live : undefined;
  });
  narrator.check("the clients have given their seats back", seats.length === 0);
}
