import { pageTokens } from "@leasehold/list-query";
import { inBackground, type Kit, pause, type ServiceBinding } from "@leasehold/service-kit";
import type { Postgres } from "@leasehold/store-kit";
import { transferLimitOf } from "./clients/transfer-limit.ts";
import type { ActivationConfig } from "./config.ts";
import { installationEvents } from "./installation-events.ts";
import { pageSecret } from "./page-secret.ts";
import { installationService } from "./rpc/installation-service.ts";
import { postgresInstallationLives } from "./store/postgres-installation-lives.ts";
import type { Issuer } from "./use-cases/ports.ts";
import { tellRevocations } from "./use-cases/tell-revocations.ts";

/** Puts together what becomes of installations after they were unlocked. */
export function composeInstallations(
  config: Pick<ActivationConfig, "challengeKeys">,
  { log, clock, random }: Pick<Kit, "log" | "clock" | "random">,
  parts: {
    readonly postgres: Postgres;
    readonly issuer: Issuer;
    readonly stack: AsyncDisposableStack;
  },
): ServiceBinding {
  const { postgres, issuer, stack } = parts;
  const lives = postgresInstallationLives(postgres, transferLimitOf);
  const report = installationEvents(log);
  inBackground(stack, (signal) => tellRevocations({ lives, issuer, pause, report }, signal));
  return installationService({
    lives,
    issuer,
    clock,
    random,
    report,
    pageTokens: pageTokens(pageSecret(config.challengeKeys)),
  });
}
