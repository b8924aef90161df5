/*
 * A client application: opens an installation that was unlocked, and works on seats as it is
 * told. Tells what it knows as JSON lines.
 *
 *   node --conditions=source e2e/agent/main.ts <directory> <seat-broker,…> [control port [version [server's version]]]
 *
 * With a control port commands come, and reports go, over a connection to it; otherwise over
 * standard input and output. The agent ends when its commands end.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { openInstallation, openSession, isProblem, type Seat } from "@leasehold/client";
import type { AcquireOutcome, AgentCommand, AgentReport } from "./agent-protocol.ts";

const [directory = "", seatBrokers = "", controlPort, application = "1.0", server = ""] =
  process.argv.slice(2);
const control = controlPort === undefined ? undefined : connect(Number(controlPort), "127.0.0.1");
control?.on("error", () => process.exit(1)); // whoever commands is gone

const tell = (report: AgentReport): void => {
  (control ?? process.stdout).write(`${JSON.stringify(report)}\n`);
};

const opened = await openInstallation(directory);
if (opened.kind !== "unlocked") throw new Error(`${directory}: ${JSON.stringify(opened)}`);
await using session = openSession({
  installation: opened.installation,
  seatBrokers: seatBrokers.split(","),
  application,
  server,
});
session.events.on("connected", () => tell({ tell: "connected" }));
session.events.on("disconnected", () => tell({ tell: "disconnected" }));
session.events.on("licenseChanged", ({ seats, features, state }) =>
  tell({ tell: "licenseChanged", seats, features: [...features.keys()], state }),
);
session.events.on("restartRequired", ({ from, to }) =>
  tell({ tell: "restartRequired", from: String(from.revision), to: String(to.revision) }),
);

let seat: Seat | undefined;

async function acquire(user: string, wait: boolean): Promise<AcquireOutcome> {
  try {
    seat = await session.acquire({
      user,
      wait,
      onPosition: ({ ahead }) => tell({ tell: "position", ahead }),
    });
  } catch (failure) {
    if (!isProblem(failure)) throw failure;
    const { reason, retryAfterMs, metadata } = failure;
    return { kind: "refused", reason, retryAfterMs, metadata };
  }
  seat.events.on("jeopardy", () => tell({ tell: "jeopardy" }));
  seat.events.on("lost", ({ cause }) => tell({ tell: "lost", cause }));
  seat.events.on("revoked", () => tell({ tell: "revoked" }));
  const warnings = seat.warnings.map(({ kind }) => kind);
  return { kind: "acquired", fencingToken: String(seat.fencingToken), warnings };
}

async function obey(command: AgentCommand): Promise<void> {
  const { id } = command;
  switch (command.do) {
    case "acquire":
      return tell({ tell: "outcome", id, outcome: await acquire(command.user, command.wait) });
    case "release":
      await seat?.release();
      return tell({ tell: "released", id });
    case "look": {
      const { seats, state, revision } = session.license;
      const feature = session.hasFeature(command.feature);
      const pending = String(session.pendingChange?.to.revision ?? "");
      const license = { seats, state, feature, revision: String(revision), pending };
      const view = { held: seat?.held() ?? false, end: seat?.end, ...license };
      return tell({ tell: "view", id, view });
    }
  }
}

tell({ tell: "ready", seats: session.license.seats });
for await (const line of createInterface({ input: control ?? process.stdin }))
  await obey(JSON.parse(line) as AgentCommand);
