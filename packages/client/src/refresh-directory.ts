import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { createFile, namesIfThere, readIfThere } from "./durable-file.ts";

/**
 * What an installation keeps of its refreshes, in a folder of its own in its directory: `counter-{n}`,
 * of which the greatest counts, and `request-{n}`, what was asked with that counter and not answered
 * yet. Names tell the counter, so that processes of one directory never undo each other's steps, and
 * whoever comes second with a counter asks what the first one asked.
 */
export interface RefreshDirectory {
  /** What the next refresh is to come with. */
  counter(): Promise<bigint>;
  /**
   * The request to send now: the one that was sent before with the counter, or else the one that is
   * made for it, which is on disk before it is returned.
   */
  ask(
    make: (counter: bigint) => Uint8Array,
  ): Promise<{ readonly counter: bigint; readonly request: Uint8Array }>;
  /** The counter, and the request that was sent with it and not answered, both as of one moment. */
  standing(): Promise<{ readonly counter: bigint; readonly request: Uint8Array | undefined }>;
  /** The request was refused for good: the next one is another one. */
  forget(counter: bigint): Promise<void>;
  /** A counter was given. Whatever belongs to lower ones is over. */
  reached(counter: bigint): Promise<void>;
}

/** What refreshes leave in a directory. */
export const REFRESH_FOLDER = "refresh";

/** The refreshes of an installation, by its name, in its directory. */
export function refreshDirectory(directory: string, installation: string): RefreshDirectory {
  const folder = join(directory, REFRESH_FOLDER, basename(installation));
  const path = (kind: "counter" | "request", counter: bigint) => join(folder, `${kind}-${counter}`);
  const make = () => mkdir(folder, { recursive: true, mode: 0o700 });
  const numbers = async (kind: "counter" | "request"): Promise<readonly bigint[]> =>
    (await namesIfThere(folder))
      .map((name) => new RegExp(`^${kind}-(\\d{1,16})$`).exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(BigInt);

  async function counter(): Promise<bigint> {
    return (await numbers("counter")).reduce((most, one) => (one > most ? one : most), 0n);
  }

  return {
    counter,
    async ask(makeRequest) {
      await make();
      for (;;) {
        const now = await counter();
        const text = `${Buffer.from(makeRequest(now)).toString("base64")}\n`;
        await createFile(path("request", now), text, 0o600);
        // Of two processes the first one decided. If it had its answer meanwhile, ours is about a
        // counter of before, and must never be sent.
        const kept = await readIfThere(path("request", now));
        if (kept !== undefined && (await counter()) === now)
          return { counter: now, request: Buffer.from(kept.trim(), "base64") };
      }
    },
    async standing() {
      for (;;) {
        const now = await counter();
        const kept = await readIfThere(path("request", now));
        if ((await counter()) === now)
          return {
            counter: now,
            request: kept === undefined ? kept : Buffer.from(kept.trim(), "base64"),
          };
      }
    },
    forget: (given) => rm(path("request", given), { force: true }),
    async reached(given) {
      if (given <= (await counter())) return;
      await make();
      await createFile(path("counter", given), "", 0o600);
      for (const kind of ["counter", "request"] as const)
        for (const one of await numbers(kind))
          if (one < given) await rm(path(kind, one), { force: true });
    },
  };
}
