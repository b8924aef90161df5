import { newUuid, type RandomBytes, type Uuid } from "@leasehold/kernel";
import { formatLicenseFile } from "@leasehold/license-format";
import { changeable } from "../domain/installation-access.ts";
import {
  type Fingerprint,
  type Installation,
  installationName,
  type NewInstallation,
} from "../domain/installation.ts";
import {
  installationDisabled,
  installationEnded,
  notPermitted,
  publicKeyKnown,
  transferLimit,
} from "../domain/installation-problems.ts";
import { endInstallation } from "./change-installation-state.ts";
import type { InstallationPorts, InstallationWrites } from "./installation-ports.ts";
import type { Mutation } from "./mutation.ts";
import type { Issuer } from "./ports.ts";

/** The installation to move, and the machine that it is moved to. */
export interface TransferInstallation {
  readonly id: Uuid;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** May be empty. */
  readonly host: string;
  readonly fingerprint: Fingerprint | undefined;
  /** Whether it is moved although it may not be moved again; the vendor's alone. */
  readonly beyondLimit: boolean;
}

/** What moving brought. */
export interface Transferred {
  readonly installation: Installation;
  readonly ended: Installation;
  /** The other machine's `.lic` file; empty if it was only tried. */
  readonly licenseFile: string;
  /** How often installations of the license may still be moved. */
  readonly transfersLeft: number;
}

/** What moving needs. */
export interface TransferPorts extends InstallationPorts {
  readonly issuer: Pick<Issuer, "issueCertificates">;
  readonly random: RandomBytes;
}

/**
 * Moves an active installation to another machine. The certificates are made before anything is
 * changed; where it is not carried out, nobody learns of them.
 * @throws Problem NOT_FOUND, PERMISSION_DENIED, INSTALLATION_DISABLED, INSTALLATION_ENDED, TRANSFER_LIMIT;
 *   ALREADY_EXISTS if the license knows the key; why the license may not be used now
 */
export async function transferInstallation(
  ports: TransferPorts,
  mutation: Mutation,
  command: TransferInstallation,
  signal: AbortSignal,
): Promise<Transferred> {
  const { lives, clock, random } = ports;
  const earlier = mutation.validateOnly ? undefined : await lives.recall<Transferred>(mutation);
  if (earlier !== undefined) return earlier;
  if (command.beyondLimit && mutation.caller.kind !== "vendor") throw notPermitted();
  const known = movable(mutation, await lives.find(command.id));
  const { license, product, displayName } = known;
  const { publicKey, host, fingerprint } = command;
  const next = { id: newUuid(clock, random), license, product, publicKey, host, fingerprint };
  const licenseFile = mutation.validateOnly ? "" : await certify(ports, next, signal);
  const { kind, result } = await lives.once(mutation, (writes) =>
    move(ports, mutation, writes, {
      ...command,
      next: { ...next, createTime: clock.now() },
      displayName,
      licenseFile,
    }),
  );
  if (kind === "done") {
    const { request, subject } = mutation;
    for (const installation of [result.ended, result.installation])
      ports.report({ kind: "changed", method: request.method, installation, subject });
  }
  return result;
}

function movable(mutation: Mutation, found: Installation | undefined): Installation {
  const installation = changeable(mutation.caller, found);
  if (installation.state === "DISABLED") throw installationDisabled();
  if (installation.state === "ENDED") throw installationEnded();
  return installation;
}

async function certify(
  { issuer }: TransferPorts,
  { id, license, publicKey, fingerprint }: Omit<NewInstallation, "createTime">,
  signal: AbortSignal,
): Promise<string> {
  const installation = installationName(id);
  const asked = { license, installation, publicKey, fingerprint };
  return formatLicenseFile(await issuer.issueCertificates(asked, signal));
}

async function move(
  ports: TransferPorts,
  mutation: Mutation,
  writes: InstallationWrites,
  order: Pick<TransferInstallation, "id" | "beyondLimit"> & {
    readonly next: NewInstallation;
    readonly displayName: string;
    readonly licenseFile: string;
  },
): Promise<Transferred> {
  const { id, beyondLimit, next, displayName, licenseFile } = order;
  const before = movable(mutation, (await writes.lock(id))?.installation);
  // Before it is counted: of two that move the last one only one may.
  await writes.lockFeed();
  const { made, limit } = await writes.transfers(before.license);
  if (made >= limit && !beyondLimit) throw transferLimit(limit);
  const entered = await writes.enter(next);
  if (entered === undefined) throw publicKeyKnown();
  const installation = displayName === "" ? entered : await writes.rename(entered.id, displayName);
  const ended = await endInstallation(ports, mutation, writes, {
    installation: before,
    kind: "TRANSFERRED",
    successor: next.id,
  });
  const transfersLeft = Math.max(0, limit - made - 1);
  return { installation, ended, licenseFile, transfersLeft };
}
