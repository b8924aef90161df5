import type { Flag } from "../command.ts";
import type { CommandGroup } from "../command-group.ts";
import { nameIn, time } from "../flag-values.ts";
import { at, isObject, type JsonObject, put } from "../json.ts";
import { firstTermsFlags, termFlags, termsFlags } from "./terms-flags.ts";

const NAME = { name: "license", path: "name" };
const SOME_CUSTOMER = "customers/01890a5d-ac96-774b-bcce-b302099a8057";
const SOME = `${SOME_CUSTOMER}/licenses/01890a5d-ac96-774b-bcce-b302099a8058`;

function licensee(path: string): readonly Flag[] {
  return [
    { spelling: "--licensee-name <text>", path: `${path}.name`, help: "who it is made out to" },
    {
      spelling: "--licensee-organization <text>",
      path: `${path}.organization`,
      help: "the organization it is made out to",
    },
  ];
}

/** By an edition, what is given stands in place of the edition's; without one, it is all there is. */
function completeIssue(request: JsonObject): JsonObject {
  const terms = at(request, "license.terms");
  const given = isObject(terms) ? terms : {};
  if (request["edition"] !== undefined)
    return Object.keys(given).length === 0
      ? request
      : put(request, "termsMask", Object.keys(given).join(","));
  return put(request, "license.terms", { model: "FLOATING", ...given });
}

export const LICENSE: CommandGroup = {
  name: "license",
  summary: "what customers bought",
  commands: [
    {
      verb: "issue",
      kind: "change",
      method: "IssuerService.issueLicense",
      summary: "Issues a license to a customer, by an edition or by terms of its own",
      example: `--customer ${SOME_CUSTOMER} --product atlas --licensee-name "Ada Lovelace" --licensee-organization "Acme GmbH" --seats 3 --feature dataflow --feature diagrams=200 --start 2026-01-01 --end 2027-01-01`,
      flags: [
        {
          spelling: "--customer <customer>",
          path: "parent",
          read: nameIn("customers"),
          required: true,
          help: "who buys it",
        },
        {
          spelling: "--product <product>",
          path: "license.product",
          read: nameIn("products"),
          required: true,
          help: "what it is for",
        },
        {
          spelling: "--edition <edition>",
          path: "edition",
          help: "the edition to issue it by; flags stand in place of its terms",
        },
        ...licensee("license.licensee"),
        ...termFlags("license.terms"),
        ...termsFlags("license.terms"),
        ...firstTermsFlags("license.terms"),
      ],
      complete: completeIssue,
      show: "license",
      why: true,
    },
    {
      verb: "get",
      kind: "read",
      method: "IssuerService.getLicense",
      summary: "Shows a license",
      example: SOME,
      argument: NAME,
      show: "license",
    },
    {
      verb: "list",
      kind: "list",
      method: "LicenseService.listLicenses",
      summary: "Lists licenses, of all customers or of one",
      example: "--filter 'state = ACTIVE AND seats >= 10' --order-by 'end_time'",
      flags: [
        {
          spelling: "--customer <customer>",
          path: "parent",
          read: nameIn("customers"),
          help: "of this customer alone",
        },
      ],
      complete: (request) => ({ parent: "customers/-", ...request }),
      show: "licenses",
      columns: [
        "name",
        "licensee.organization",
        "product",
        "state",
        "terms.seats",
        "terms.endTime",
      ],
    },
    {
      verb: "amend",
      kind: "change",
      method: "IssuerService.amendLicense",
      summary: "Changes terms of a license, those that are given; model and trial stay as they are",
      example: `${SOME} --seats 5 --why "order 4711"`,
      argument: NAME,
      flags: [...termFlags("terms"), ...termsFlags("terms")],
      mask: { of: "terms", into: "updateMask", fixed: ["model", "trial"] },
      show: "license",
      why: true,
      revision: true,
    },
    {
      verb: "renew",
      kind: "change",
      method: "LicenseService.renewLicense",
      summary: "Lets a license go on until later",
      example: `${SOME} --end 2028-01-01 --why "order 4712"`,
      argument: NAME,
      flags: [
        {
          spelling: "--end <time>",
          path: "endTime",
          read: time,
          required: true,
          help: "when it ends; exclusive",
        },
        {
          spelling: "--maintenance-end <time>",
          path: "maintenanceEndTime",
          read: time,
          help: "until when new versions are included",
        },
      ],
      show: "license",
      why: true,
      revision: true,
    },
    {
      verb: "suspend",
      kind: "destroy",
      method: "IssuerService.suspendLicense",
      summary: "Suspends a license: no seat is granted or renewed until it is resumed",
      example: `${SOME} --why "payment overdue"`,
      argument: NAME,
      show: "license",
      why: true,
      revision: true,
    },
    {
      verb: "resume",
      kind: "change",
      method: "IssuerService.resumeLicense",
      summary: "Resumes a suspended license",
      example: SOME,
      argument: NAME,
      show: "license",
      why: true,
      revision: true,
    },
    {
      verb: "revoke",
      kind: "destroy",
      method: "IssuerService.revokeLicense",
      summary: "Revokes a license: no seat is granted or renewed ever again",
      example: `${SOME} --why "refunded"`,
      argument: NAME,
      show: "license",
      why: true,
      revision: true,
    },
    {
      verb: "transfer",
      kind: "destroy",
      method: "LicenseService.transferLicense",
      summary: "Gives a license to another customer: it is revoked, and issued there anew",
      example: `${SOME} --to customers/01890a5d-ac96-774b-bcce-b302099a8059 --licensee-name "Ada Lovelace" --licensee-organization "Acme SE"`,
      argument: NAME,
      flags: [
        {
          spelling: "--to <customer>",
          path: "customer",
          read: nameIn("customers"),
          required: true,
          help: "who gets it",
        },
        ...licensee("licensee"),
      ],
      show: "license",
      why: true,
      revision: true,
    },
    {
      verb: "history",
      kind: "list",
      method: "LicenseService.listLicenseRevisions",
      summary: "Lists what was done to a license, by whom and why",
      example: SOME,
      argument: { ...NAME, path: "parent" },
      expressions: false,
      show: "revisions",
      columns: [
        "license.revision",
        "license.updateTime",
        "action",
        "subject",
        "license.state",
        "why",
      ],
    },
    {
      verb: "diff",
      kind: "read",
      method: "LicenseService.compareLicenseRevisions",
      summary: "Tells what differs between two revisions of a license",
      example: `${SOME} --from 1 --to 3`,
      argument: NAME,
      flags: [
        {
          spelling: "--from <revision>",
          path: "fromRevision",
          help: "the earlier; the one before unless said",
        },
        {
          spelling: "--to <revision>",
          path: "toRevision",
          help: "the later; the current one unless said",
        },
      ],
      show: "differences",
      columns: ["path", "from", "to"],
    },
  ],
};
