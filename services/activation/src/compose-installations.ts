import type { PageTokens } from "@leasehold/list-query";
import { inBackground, type Kit, pause, type ServiceBinding } from "@leasehold/service-kit";
import { installationService } from "./rpc/installation-service.ts";
import type { InstallationLives, InstallationPorts } from "./use-cases/installation-ports.ts";
import type { Issuer } from "./use-cases/ports.ts";
import { tellRevocations } from "./use-cases/tell-revocations.ts";

/** Puts together what becomes of installations after they were unlocked. */
export function composeInstallations(
  { clock, random }: Pick<Kit, "clock" | "random">,
  parts: {
    readonly lives: InstallationLives;
    readonly report: InstallationPorts["report"];
    readonly issuer: Issuer;
    readonly pageTokens: PageTokens;
    readonly stack: AsyncDisposableStack;
  },
): ServiceBinding {
  const { stack, ...ports } = parts;
  inBackground(stack, (signal) => tellRevocations({ ...ports, pause }, signal));
  return installationService({ ...ports, clock, random });
}
