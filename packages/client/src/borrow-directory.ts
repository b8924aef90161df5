import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { namesIfThere, readIfThere, renameIfThere, replaceFile } from "./durable-file.ts";

/** A borrowed seat as it is kept. Nothing of it is verified by being here. */
export interface BorrowRecord {
  /** The lease id, 64 hexadecimal digits. */
  readonly lease: string;
  /** A `borrow+jwt`. */
  readonly borrow: string;
  /** The newest token of the lease, in base64. */
  readonly leaseToken: string;
  readonly overdraft: boolean;
  /** How far the wall clock was behind the server's, in milliseconds, 0 or more. */
  readonly behindMs: number;
}

/**
 * The borrowed seats of an installation, a few files each in a folder of its directory:
 * `{lease}.borrow` while it is held, `{lease}.returning` from when it is given back until a
 * seat-broker knows, `{lease}.seen` with the latest time that was counted.
 */
export interface BorrowDirectory {
  list(): Promise<readonly BorrowRecord[]>;
  keep(record: BorrowRecord, seen: number): Promise<void>;
  /** Whether no process has given it back. Answers at once. */
  isKept(lease: string): boolean;
  /** The latest time that was counted for a seat, in milliseconds since 1970; 0 if unknown. */
  seen(lease: string): Promise<number>;
  noteSeen(lease: string, ms: number): Promise<void>;
  /** From now on no process holds it, nor any later one. */
  startReturn(lease: string): Promise<void>;
  /** Those that a seat-broker does not know of yet. */
  listReturning(): Promise<readonly string[]>;
  forget(lease: string): Promise<void>;
}

const FOLDER = "borrowed";

/** The borrowed seats that are kept in an installation's directory, which may hold none. */
export function borrowDirectory(installationDirectory: string): BorrowDirectory {
  const folder = join(installationDirectory, FOLDER);
  const path = (lease: string, kind: "borrow" | "returning" | "seen") =>
    join(folder, `${lease}.${kind}`);
  const leases = async (kind: "borrow" | "returning"): Promise<readonly string[]> =>
    (await namesIfThere(folder))
      .map((name) => new RegExp(`^([0-9a-f]{64})\\.${kind}$`).exec(name)?.[1])
      .filter((lease) => lease !== undefined);
  return {
    async list() {
      const texts = (await leases("borrow")).map(async (lease) =>
        readRecord(lease, await readIfThere(path(lease, "borrow"))),
      );
      return (await Promise.all(texts)).filter((record) => record !== undefined);
    },
    async keep({ lease, ...record }, seen) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // First, for a seat that is kept without it could be held by an earlier clock.
      await replaceFile(path(lease, "seen"), `${Math.ceil(seen)}\n`, 0o600);
      await replaceFile(path(lease, "borrow"), `${JSON.stringify(record)}\n`, 0o600);
    },
    isKept: (lease) => existsSync(path(lease, "borrow")),
    async seen(lease) {
      const text = (await readIfThere(path(lease, "seen")))?.trim() ?? "";
      return /^\d{1,15}$/.test(text) ? Number(text) : 0;
    },
    noteSeen: (lease, ms) => replaceFile(path(lease, "seen"), `${Math.ceil(ms)}\n`, 0o600),
    async startReturn(lease) {
      await renameIfThere(path(lease, "borrow"), path(lease, "returning"));
    },
    listReturning: () => leases("returning"),
    async forget(lease) {
      for (const kind of ["borrow", "returning", "seen"] as const)
        await rm(path(lease, kind), { force: true });
    },
  };
}

function readRecord(lease: string, text: string | undefined): BorrowRecord | undefined {
  const read = readObject(text ?? "");
  const { borrow, leaseToken, overdraft, behindMs } = read;
  if (typeof borrow !== "string" || typeof leaseToken !== "string") return undefined;
  if (typeof behindMs !== "number" || !(behindMs >= 0)) return undefined;
  return { lease, borrow, leaseToken, overdraft: overdraft === true, behindMs };
}

function readObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
