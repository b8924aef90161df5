import { Agent } from "../agent/agent.ts";
import { unlockMachine } from "../site/machine.ts";
import type { Stage } from "./stage.ts";

/** J4, of a license whose changes come into force with a restart. */
export async function restartChapter(stage: Stage): Promise<void> {
  const { narrator, cluster, desk, folder, stack } = stage;
  narrator.chapter("A license whose changes ask clients to start again");
  const sale = { ...stage.sale, changePolicy: "RESTART_REQUIRED" } as const;
  const sold = await desk.sell(sale);
  const { directory } = await unlockMachine(cluster, sold, folder, "careful");
  const start = async (): Promise<Agent> => {
    const agent = stack.use(
      await Agent.start(directory, cluster.addresses.seatBrokers, cluster.environment),
    );
    await agent.told("connected");
    await agent.acquire("ada");
    return agent;
  };
  const agents = [await start(), await start()] as const;
  const told = agents.map((agent) => agent.told("restartRequired"));
  const features = ["dataflow", "reporting"];
  await desk.amend(sold.license.name, { ...sale, seats: 5, features }, ["seats", "features"]);
  const changes = await Promise.all(told);
  narrator.check(
    "every running client is told that revision 2 waits for a restart",
    changes.every(({ from, to }) => from === "1" && to === "2"),
    changes,
  );
  const before = await agents[0].look("workflow");
  narrator.check(
    "until then it keeps its seat, and workflow, which is dropped, stays enabled",
    before.held && before.feature && before.seats === 3,
    before,
  );
  await agents[0][Symbol.asyncDispose]();
  narrator.tell("it saves, gives its seat back, ends, and starts again");
  const again = await start();
  const after = await again.look("reporting");
  narrator.check(
    "it works under the new license: 5 seats, reporting is enabled",
    after.held && after.feature && after.seats === 5 && after.pending === "",
    after,
  );
  const other = await agents[1].look("reporting");
  narrator.check("the other one, not yet", other.held && !other.feature, other);
}
