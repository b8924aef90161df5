import { installationName } from "../domain/installation.ts";
import type { InstallationLives, InstallationPorts } from "./installation-ports.ts";
import type { Issuer, Pause } from "./ports.ts";

/** What telling the issuer needs. */
export interface TellRevocationsPorts {
  readonly lives: Pick<InstallationLives, "untoldRevocations" | "noteRevocationTold">;
  readonly issuer: Pick<Issuer, "revokeCertificate">;
  readonly pause: Pause;
  readonly report: InstallationPorts["report"];
}

const AT_A_TIME = 50;
const PAUSE_MS = 2_000;
const PAUSE_AFTER_FAILURE_MS = 10_000;

/**
 * Lets the issuer know which installations are over, for its revocation list, until the signal
 * aborts. Who was told twice takes it as once. Never throws: what goes wrong is reported, and tried
 * again.
 */
export async function tellRevocations(
  { lives, issuer, pause, report }: TellRevocationsPorts,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let rest = PAUSE_MS;
    try {
      for (const id of await lives.untoldRevocations(AT_A_TIME)) {
        // An installation ends once: its own id tells the request apart.
        await issuer.revokeCertificate(
          { requestId: id, installation: installationName(id) },
          signal,
        );
        await lives.noteRevocationTold(id);
      }
    } catch (cause) {
      if (signal.aborted) return;
      rest = PAUSE_AFTER_FAILURE_MS;
      report({ kind: "revocations-untold", cause });
    }
    await pause(rest, signal);
  }
}
