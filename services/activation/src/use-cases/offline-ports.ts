import type { Uuid } from "@leasehold/kernel";
import type { Installation, KnownMachine } from "../domain/installation.ts";
import type { InstallationWrites, RefusedRefresh } from "./installation-ports.ts";

/** What tells one request file from another. */
export interface OfflineRequestIdentity {
  /** Of the machine that made it: Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly id: Uuid;
  /** SHA-256 of the signed request. */
  readonly digest: Uint8Array;
  /** From when on it would be refused anyway, in milliseconds since 1970. */
  readonly expireTime: number;
}

/** What a request file got. */
export interface OfflineAnswer {
  readonly installation: Uuid;
  /** The `.lres` file. */
  readonly responseFile: string;
}

/** The request files that were used. Each method throws OFFLINE_FILE_USED if the id is another one's. */
export interface OfflineRequests {
  /** What a request file got; `undefined` if it was not answered yet. */
  find(request: OfflineRequestIdentity): Promise<OfflineAnswer | undefined>;
  /** Keeps an answer, unless the request file has one. */
  keep(request: OfflineRequestIdentity, answer: OfflineAnswer): Promise<KeptAnswer>;
  /** Forgets some of those that would be refused anyway. */
  prune(now: number): Promise<void>;
}

/** The answer that stands, and whether this call brought it. */
export interface KeptAnswer {
  readonly kind: "first" | "repeated";
  readonly answer: OfflineAnswer;
}

/** Installations, as a request file asks for them. */
export interface KeyedInstallations {
  /** The installation of this name, if this is its key. */
  findKeyed(id: Uuid, publicKey: Uint8Array): Promise<KnownMachine | undefined>;
}

/** Installations, as a proof that was carried ends them. */
export interface ProvenEndings {
  findMachine(id: Uuid): Promise<KnownMachine | undefined>;
  /**
   * Uses a request file up and does what it asks for, in one transaction, unless it was done before.
   * @throws Problem OFFLINE_FILE_USED, or what `work` throws
   */
  once(
    file: OfflineRequestIdentity,
    work: (writes: InstallationWrites) => Promise<Installation>,
  ): Promise<{ readonly kind: "first" | "repeated"; readonly installation: Uuid }>;
  /** Notes a proof that is not of the known machine. @returns whether it is the first of its kind */
  flag(refused: RefusedRefresh, subject: string): Promise<boolean>;
}
