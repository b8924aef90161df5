import { activation } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest, type ServiceBinding } from "@leasehold/service-kit";
import {
  deactivateInstallation,
  disableInstallation,
  enableInstallation,
} from "../use-cases/change-installation-state.ts";
import { listInstallations } from "../use-cases/list-installations.ts";
import {
  newestRevocations,
  refreshInstallation,
  type RefreshPorts,
} from "../use-cases/refresh-installation.ts";
import { renameInstallation } from "../use-cases/rename-installation.ts";
import { transferInstallation, type TransferPorts } from "../use-cases/transfer-installation.ts";
import { callerOf } from "./caller-of.ts";
import { mutating } from "./mutating.ts";
import * as parse from "./parse-installation.ts";
import { presentInstallation } from "./present-installation.ts";

/** What the service's methods need. */
export interface InstallationServicePorts extends RefreshPorts, TransferPorts {
  readonly issuer: RefreshPorts["issuer"] & TransferPorts["issuer"];
  readonly pageTokens: PageTokens;
}

const { methods } = activation.InstallationServiceDefinition;

/** The methods of `leasehold.activation.v1.InstallationService`. */
export function installationService(ports: InstallationServicePorts): ServiceBinding {
  return implement(activation.InstallationServiceDefinition, {
    ...machineHandlers(ports),
    ...peopleHandlers(ports),
    listInstallations: async (request, call) => {
      const { nextPageToken, ...command } = parseRequest((check) =>
        parse.readListInstallations(check, request, ports.pageTokens),
      );
      const page = await listInstallations(ports.lives, callerOf(call.principal), command);
      const installations = page.items.map(presentInstallation);
      return { installations, nextPageToken: nextPageToken(page) };
    },
  });
}

/** What is done to the certificates of machines. */
function machineHandlers(ports: InstallationServicePorts) {
  return {
    refreshInstallation: mutating(
      methods.refreshInstallation,
      parse.readRefresh,
      async (mutation, command, signal) => {
        const refreshed = await refreshInstallation(ports, mutation, command, signal);
        return {
          installation: presentInstallation(refreshed.installation),
          licenseFile: refreshed.licenseFile,
          counter: BigInt(refreshed.counter),
          revocationList: await newestRevocations(ports, signal),
        };
      },
    ),
    transferInstallation: mutating(
      methods.transferInstallation,
      parse.readTransfer,
      async (mutation, command, signal) => {
        const moved = await transferInstallation(ports, mutation, command, signal);
        return {
          installation: presentInstallation(moved.installation),
          endedInstallation: presentInstallation(moved.ended),
          licenseFile: moved.licenseFile,
          transfersLeft: moved.transfersLeft,
        };
      },
    ),
  };
}

/** What people decide about. */
function peopleHandlers(ports: InstallationServicePorts) {
  return {
    renameInstallation: mutating(
      methods.renameInstallation,
      parse.readRename,
      async (mutation, command) => ({
        installation: presentInstallation(await renameInstallation(ports, mutation, command)),
      }),
    ),
    disableInstallation: mutating(
      methods.disableInstallation,
      parse.readInstallationName,
      async (mutation, id) => ({
        installation: presentInstallation(await disableInstallation(ports, mutation, id)),
      }),
    ),
    enableInstallation: mutating(
      methods.enableInstallation,
      parse.readInstallationName,
      async (mutation, id) => ({
        installation: presentInstallation(await enableInstallation(ports, mutation, id)),
      }),
    ),
    deactivateInstallation: mutating(
      methods.deactivateInstallation,
      parse.readInstallationName,
      async (mutation, id) => ({
        installation: presentInstallation(await deactivateInstallation(ports, mutation, id)),
      }),
    ),
  };
}
