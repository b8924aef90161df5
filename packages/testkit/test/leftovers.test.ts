import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

interface Owned {
  readonly pid: number;
  readonly folder: string;
  readonly urls: readonly string[];
}

const OWNER = fileURLToPath(new URL("./owner.ts", import.meta.url));
const POLL = { timeout: 20_000, interval: 50 };

/** Starts the program that owns a Postgres, a Redis and a folder, below the given launcher if any. */
async function startOwner(launch: { shell?: boolean; args?: readonly string[] } = {}) {
  const command = [process.execPath, "--conditions=source", OWNER, ...(launch.args ?? [])];
  const [program, ...args] = launch.shell ? ["sh", "-c", '"$@"; true', "sh", ...command] : command;
  const child = spawn(program!, args, { detached: true, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { child, owned: JSON.parse(line) as Owned };
}

function listens(url: string): Promise<boolean> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("connect", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

async function whatIsLeft({ folder, urls }: Owned): Promise<readonly string[]> {
  const listening = await Promise.all(
    urls.map(async (url) => ({ url, listens: await listens(url) })),
  );
  const servers = listening.filter((each) => each.listens).map(({ url }) => url);
  return existsSync(folder) ? [folder, ...servers] : servers;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(-child.pid!, signal);
}

test("a program that lets go of its servers in order leaves nothing, and ends by itself", async () => {
  const { child, owned } = await startOwner({ args: ["--postgres"] });
  expect(await whatIsLeft(owned)).toEqual([owned.folder, ...owned.urls]);
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
  await expect.poll(() => whatIsLeft(owned), POLL).toEqual([]);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)(
  "a program whose whole group gets %s, and that does nothing about it, leaves nothing",
  async (signal) => {
    const { child, owned } = await startOwner({ args: signal === "SIGKILL" ? ["--postgres"] : [] });
    signalGroup(child, signal);
    await expect.poll(() => whatIsLeft(owned), POLL).toEqual([]);
  },
);

test("a program that is killed leaves nothing of the sentinels and the cluster that it started", async () => {
  const { child, owned } = await startOwner({ args: ["--sets"] });
  expect(owned.urls).toHaveLength(1 + 2 + 6);
  child.kill("SIGKILL");
  await expect.poll(() => whatIsLeft(owned), POLL).toEqual([]);
});

test("a paused server is ended with its owner too", async () => {
  const { child, owned } = await startOwner({ args: ["--pause-redis"] });
  child.kill("SIGKILL");
  await expect.poll(() => whatIsLeft(owned), POLL).toEqual([]);
});

test("a program whose launching shell is killed notices, and leaves nothing", async () => {
  const { child, owned } = await startOwner({ shell: true });
  expect(owned.pid).not.toBe(child.pid);
  child.kill("SIGKILL");
  await expect.poll(() => whatIsLeft(owned), POLL).toEqual([]);
});
