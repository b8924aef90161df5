import { isProblem, type Uuid } from "@leasehold/kernel";
import { formatLicenseFile } from "@leasehold/license-format";
import { readable } from "../domain/installation-access.ts";
import {
  type Fingerprint,
  type Installation,
  installationName,
  type KnownMachine,
} from "../domain/installation.ts";
import { judgeRefresh, type Verdict } from "../domain/judge-refresh.ts";
import type { InstallationPorts } from "./installation-ports.ts";
import type { Mutation } from "./mutation.ts";
import type { Issuer } from "./ports.ts";

/** How an installation presents itself. */
export interface RefreshInstallation {
  readonly id: Uuid;
  readonly counter: number;
  readonly fingerprint: Fingerprint | undefined;
  /** In base64. */
  readonly evidence: string | undefined;
  /** May be empty. */
  readonly applicationVersion: string;
  /** May be empty. */
  readonly host: string;
}

/** What a refresh brought; kept for whoever did not get it. */
export interface Refreshed {
  readonly installation: Installation;
  /** The `.lic` file. */
  readonly licenseFile: string;
  /** What the next refresh is to come with. */
  readonly counter: number;
}

/** What refreshing needs. */
export interface RefreshPorts extends InstallationPorts {
  readonly issuer: Pick<Issuer, "issueCertificates" | "revocationList">;
}

/**
 * Gives an installation new certificates and the next counter, once. They are made before anything
 * is changed: an issuer that is away, or refuses, leaves the counter as it was.
 * @throws Problem NOT_FOUND, INSTALLATION_DISABLED, INSTALLATION_ENDED; INSTALLATION_CONFLICT or
 *   FINGERPRINT_MISMATCH, which are noted on the installation; why the license may not be used now
 */
export async function refreshInstallation(
  ports: RefreshPorts,
  mutation: Mutation,
  command: RefreshInstallation,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { lives, issuer } = ports;
  const earlier = await lives.recall<Refreshed>(mutation);
  if (earlier !== undefined) return earlier;
  const known = theCaller(mutation, await lives.findMachine(command.id));
  await accepted(ports, mutation, command, known);
  const { installation, publicKey } = known;
  const certificates = await issuer.issueCertificates(
    {
      license: installation.license,
      installation: installationName(installation.id),
      publicKey,
      fingerprint: command.fingerprint ?? known.fingerprint,
    },
    signal,
  );
  return carryOut(ports, mutation, command, formatLicenseFile(certificates));
}

/**
 * What is not believed although it is signed; empty if it cannot be had now. It is not kept with a
 * reply: whoever asks again gets the newest.
 */
export async function newestRevocations(
  { issuer }: Pick<RefreshPorts, "issuer">,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await issuer.revocationList(signal);
  } catch (error) {
    if (!isProblem(error, "DEPENDENCY_UNAVAILABLE")) throw error;
    return "";
  }
}

async function carryOut(
  ports: RefreshPorts,
  mutation: Mutation,
  command: RefreshInstallation,
  licenseFile: string,
): Promise<Refreshed> {
  const { requestId } = mutation.request;
  const { host, applicationVersion, evidence } = command;
  const { kind, result } = await ports.lives
    .once(mutation, async (writes) => {
      const known = theCaller(mutation, await writes.lock(command.id));
      const verdict = judge(mutation, command, known);
      if (verdict.kind === "refused") throw verdict.problem;
      const { counter, fingerprint, isAhead } = verdict;
      const told = { host, applicationVersion, evidence, fingerprint };
      const time = ports.clock.now();
      const installation = await writes.refresh(command.id, { counter, requestId, time, ...told });
      return { installation, licenseFile, counter, isAhead };
    })
    .catch(async (error: unknown) => {
      // Another refresh was faster. What was noted in the transaction would be undone with it.
      const known = isProblem(error) ? await ports.lives.findMachine(command.id) : undefined;
      if (known) await flag(ports, mutation, command, known);
      throw error;
    });
  const { isAhead, ...refreshed } = result;
  const { installation } = refreshed;
  if (kind === "done") ports.report({ kind: "refreshed", installation, isAhead });
  return refreshed;
}

/** @throws Problem over a refresh that does not count, which is noted before */
async function accepted(
  ports: RefreshPorts,
  mutation: Mutation,
  command: RefreshInstallation,
  known: KnownMachine,
): Promise<void> {
  const verdict = judge(mutation, command, known);
  if (verdict.kind === "accepted") return;
  await flag(ports, mutation, command, known);
  throw verdict.problem;
}

function judge(mutation: Mutation, command: RefreshInstallation, known: KnownMachine): Verdict {
  const { counter, fingerprint } = command;
  return judgeRefresh(known, { requestId: mutation.request.requestId, counter, fingerprint });
}

function theCaller({ caller }: Mutation, known: KnownMachine | undefined): KnownMachine {
  readable(caller, known?.installation);
  if (known === undefined) throw new Error("an installation is readable that is not there");
  return known;
}

async function flag(
  { lives, clock, report }: RefreshPorts,
  mutation: Mutation,
  command: RefreshInstallation,
  known: KnownMachine,
): Promise<void> {
  const verdict = judge(mutation, command, known);
  if (verdict.kind !== "refused" || verdict.conflict === undefined) return;
  const { installation } = known;
  const { conflict } = verdict;
  const refused = {
    installation: installation.id,
    kind: conflict,
    time: clock.now(),
    host: command.host,
  };
  if (await lives.flag(refused, mutation.subject))
    report({ kind: "conflict", conflict, installation });
}
