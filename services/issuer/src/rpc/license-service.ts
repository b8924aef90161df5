import { issuer } from "@leasehold/contracts";
import type { PageTokens } from "@leasehold/list-query";
import { implement, parseRequest } from "@leasehold/service-kit";
import type { ServiceBinding } from "@leasehold/service-kit";
import type { IssuerPorts } from "../use-cases/ports.ts";
import {
  compareRevisions,
  listLicenseRevisions,
  listLicenses,
} from "../use-cases/read-licenses.ts";
import { renewLicense } from "../use-cases/renew-license.ts";
import { transferLicense } from "../use-cases/transfer-license.ts";
import { callerOf } from "./caller-of.ts";
import { mutating } from "./mutating.ts";
import * as licenses from "./parse-license-life.ts";
import { presentLicense } from "./present.ts";
import { presentDifference, presentRevision } from "./present-revision.ts";

const { methods } = issuer.LicenseServiceDefinition;

/** Everything that the use-cases of the service work with. */
export interface LicenseServicePorts extends IssuerPorts {
  readonly pageTokens: PageTokens;
}

/** What was sold, over its life: from the wire to the use-cases and back. */
export function licenseService(ports: LicenseServicePorts): ServiceBinding {
  return implement(issuer.LicenseServiceDefinition, {
    renewLicense: mutating(
      methods.renewLicense,
      licenses.readRenewLicense,
      async (mutation, command) => ({
        license: presentLicense(await renewLicense(ports, mutation, command)),
      }),
    ),
    transferLicense: mutating(
      methods.transferLicense,
      licenses.readTransferLicense,
      async (mutation, command) => ({
        license: presentLicense(await transferLicense(ports, mutation, command)),
      }),
    ),
    compareLicenseRevisions: async (request) => {
      const command = parseRequest((check) => licenses.readCompareRevisions(check, request));
      const { from, to, differences } = await compareRevisions(ports, command);
      return {
        from: presentRevision(from),
        to: presentRevision(to),
        differences: differences.map(presentDifference),
      };
    },
    listLicenses: async (request, call) => {
      const { customerId, query, nextPageToken } = parseRequest((check) =>
        licenses.readListLicenses(check, request, ports.pageTokens),
      );
      const page = await listLicenses(ports, callerOf(call.principal), customerId, query);
      return { licenses: page.items.map(presentLicense), nextPageToken: nextPageToken(page) };
    },
    listLicenseRevisions: async (request) => {
      const { license, query, nextPageToken } = parseRequest((check) =>
        licenses.readListRevisions(check, request, ports.pageTokens),
      );
      const page = await listLicenseRevisions(ports, license, query);
      return { revisions: page.items.map(presentRevision), nextPageToken: nextPageToken(page) };
    },
  });
}
