/*
 * `pnpm demo`: a whole cluster, a license, and the clients that work under it, as a story. With the addresses of a cluster that
 * runs already the story is told there. Exits with 1 if a statement is untrue.
 */
import { startCluster } from "@leasehold/dev-cluster";
import { guardedFolder, watchLaunchers } from "@leasehold/testkit";
import { LicensingDesk, type Sale } from "../desk/licensing-desk.ts";
import { borrowChapter } from "./borrow-chapter.ts";
import { changeChapter } from "./change-chapter.ts";
import { givenCluster } from "./given-cluster.ts";
import { Narrator } from "./narrator.ts";
import { restartChapter } from "./restart-chapter.ts";
import { seatsChapter } from "./seats-chapter.ts";
import { unlockChapter } from "./unlock-chapter.ts";

/** Short, so that the story does not take long: a silent client's seat is free after four seconds. */
const SALE: Sale = {
  seats: 3,
  features: ["dataflow", "workflow"],
  leaseTimes: { validityMs: 3_000, graceMs: 1_000 },
  seatPolicy: { offlineDays: 7 },
};

const narrator = new Narrator(process.stdout.isTTY);

async function play(): Promise<void> {
  const given = givenCluster(process.argv.slice(2).filter((argument) => argument !== "--"));
  narrator.chapter("A cluster: Postgres, Redis, issuer, activation, seat-broker");
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await guardedFolder("demo"));
  const cluster = given ?? stack.use(await startCluster({ fence: "1s" }));
  const { issuer, activation, seatBroker } = cluster.addresses;
  narrator.check(`it is serving: ${issuer}, ${activation}, ${seatBroker}`, true);
  narrator.chapter("The licensing desk sells a license");
  const desk = stack.use(new LicensingDesk({ issuer, seatBroker, ...cluster }));
  const sold = await desk.sell(SALE);
  const { license } = sold;
  narrator.check(`${license.name}, revision ${license.revision}`, license.revision === 1n);
  narrator.tell(`3 seats, dataflow and workflow, until ${day(license.terms?.endTime)}`);
  const stage = { narrator, cluster, desk, sale: SALE, sold, folder: folder.path, stack };
  const machines = await unlockChapter(stage);
  const cast = await seatsChapter(stage, machines);
  await borrowChapter(stage, cast);
  await changeChapter(stage, cast);
  await restartChapter(stage);
}

function day(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? "";
}

const { promise: told, resolve: end } = Promise.withResolvers<"told to end">();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => end("told to end"));
using _launchers = watchLaunchers(() => end("told to end"));

try {
  const ending = await Promise.race([play(), told]);
  // What is on the stage then is ended by its guard, as soon as this process is no more.
  if (ending !== undefined) process.exit(130);
  narrator.conclude();
} catch (error) {
  narrator.check("the story can be told to its end", false, String(error));
  console.error(error);
}
process.exitCode = narrator.allTrue ? 0 : 1;
