import { beforeAll, expect, test } from "vitest";
import { issuer, LicenseModel, seatBroker } from "@leasehold/contracts";
import { COMMANDS } from "./commands/index.ts";
import { JsonMapping } from "./json-mapping.ts";
import type { JsonObject } from "./json.ts";
import { runProgram } from "./program.ts";
import { buildRequest } from "./build-request.ts";
import { UsageError } from "./usage-error.ts";

let mapping: JsonMapping;
beforeAll(async () => {
  mapping = await JsonMapping.open();
});

/** The request that a typed command makes. */
async function requestOf(words: readonly string[], files: JsonObject = {}): Promise<JsonObject> {
  let request: JsonObject | undefined;
  const terminal = { err: (text: string) => expect.fail(text) };
  await runProgram(words, terminal, async ({ command, argument, given }) => {
    if (command.kind === "local") return 0;
    request = buildRequest(command, { argument, given, files });
    mapping.encodeRequest(command.method, request);
    return 0;
  });
  return request!;
}

test("a license is issued with the terms that flags say", async () => {
  const request = await requestOf([
    "license",
    "issue",
    "--customer",
    "c1",
    "--product",
    "atlas",
    "--licensee-name",
    "Ada",
    "--licensee-organization",
    "Acme",
    "--seats",
    "3",
    "--feature",
    "dataflow",
    "--feature",
    "diagrams=200",
    "--feature",
    "reports@2",
    "--start",
    "2026-01-01",
    "--end",
    "2027-01-01T12:00:00Z",
    "--validity",
    "60s",
  ]);
  const bytes = mapping.encodeRequest("IssuerService.issueLicense", request);
  const { parent, license, termsMask } = issuer.IssueLicenseRequest.decode(bytes);
  expect([parent, termsMask]).toEqual(["customers/c1", undefined]);
  expect(license).toMatchObject({
    product: "products/atlas",
    licensee: { name: "Ada", organization: "Acme" },
    terms: {
      model: LicenseModel.FLOATING,
      seats: 3,
      features: [
        { feature: "dataflow", limit: undefined, seats: undefined },
        { feature: "diagrams", limit: 200n, seats: undefined },
        { feature: "reports", limit: undefined, seats: 2 },
      ],
      startTime: new Date("2026-01-01T00:00:00Z"),
      endTime: new Date("2027-01-01T12:00:00Z"),
      leaseTimes: { validity: { seconds: 60n, nanos: 0 }, grace: undefined },
    },
  });
});

test("by an edition, the terms that are given are named in the mask, and no other", async () => {
  const words = ["license", "issue", "--customer", "c1", "--product", "atlas", "--edition", "e"];
  expect(await requestOf(words)).not.toHaveProperty("license.terms");
  const request = await requestOf([...words, "--seats", "9", "--start", "2026-01-01"]);
  const bytes = mapping.encodeRequest("IssuerService.issueLicense", request);
  expect(issuer.IssueLicenseRequest.decode(bytes)).toMatchObject({
    termsMask: ["start_time", "seats"],
    license: { terms: { seats: 9 } },
  });
});

test("an amendment names what is given and what is cleared", async () => {
  const request = await requestOf([
    "license",
    "amend",
    "customers/c/licenses/l",
    "--seats",
    "5",
    "--grace",
    "20s",
    "--clear",
    "maintenance-end-time",
    "--why",
    "order 4711",
    "--revision",
    "7",
  ]);
  const bytes = mapping.encodeRequest("IssuerService.amendLicense", request);
  expect(issuer.AmendLicenseRequest.decode(bytes)).toMatchObject({
    name: "customers/c/licenses/l",
    updateMask: ["seats", "lease_times", "maintenance_end_time"],
    terms: { seats: 5 },
    why: "order 4711",
    expectedRevision: 7n,
  });
});

test("terms come whole from a file, flags stand over them, and what can never change is passed over", async () => {
  const files = { terms: { model: "floating", trial: true, seats: 2, versions: { newest: "4" } } };
  const words = ["license", "amend", "customers/c/licenses/l", "--terms", "x", "--seats", "6"];
  expect(await requestOf(words, files)).toMatchObject({
    updateMask: "seats,versions",
    terms: { seats: "6", versions: { newest: "4" } },
  });
});

test("features of both kinds make one list", async () => {
  const request = await requestOf([
    "product",
    "create",
    "atlas",
    "--feature",
    "dataflow=Data flow",
    "--feature",
    "export",
    "--counted-feature",
    "diagrams",
  ]);
  expect(request).toEqual({
    productId: "atlas",
    product: {
      features: [
        { code: "dataflow", displayName: "Data flow", kind: "SWITCH" },
        { code: "export", displayName: "export", kind: "SWITCH" },
        { code: "diagrams", displayName: "diagrams", kind: "COUNTED" },
      ],
    },
  });
});

test("contacts are pairs, and a value with a comma stands in quotes", async () => {
  const contact = 'displayName="Lovelace, Ada", email=ada@example.com';
  expect(await requestOf(["customer", "create", "--contact", contact])).toEqual({
    customer: { contacts: [{ displayName: "Lovelace, Ada", email: "ada@example.com" }] },
  });
});

test("a dry run is asked for as such", async () => {
  const words = ["license", "revoke", "customers/c/licenses/l", "--dry-run"];
  expect(await requestOf(words)).toEqual({ name: "customers/c/licenses/l", validateOnly: true });
});

test.each([
  [["customer", "update", "c"], "nothing is said to change"],
  [["license", "amend", "l", "--seats", "many"], "seats cannot be"],
  [["license", "amend", "l", "--start", "tomorrow"], "no time"],
  [["license", "amend", "l", "--feature", "=3"], "no feature"],
  [["license", "amend", "l", "--sharing", "nobody"], "none of PER_PROCESS, PER_USER, PER_DEVICE"],
  [["license", "amend", "l", "--seats", "1", "--clear", "seats"], "at once"],
  [["customer", "create", "--contact", "mail=x"], "is not made of"],
])("`%j` is not sent", async (words, message) => {
  const refused = requestOf(words);
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(message);
});

test("every group says what it is about", () => {
  for (const entry of COMMANDS)
    for (const { summary } of [entry, ...("commands" in entry ? entry.commands : [])])
      expect(summary).toMatch(/^\w/);
});

test("the filter of a list of seats is made of flags", async () => {
  const words = ["seat", "list", "customers/c/licenses/l", "--user", "ada", "--state", "borrowed"];
  const request = await requestOf([...words, "--installation", "i1"]);
  const bytes = mapping.encodeRequest("SeatBrokerService.listSeats", request);
  expect(seatBroker.ListSeatsRequest.decode(bytes)).toMatchObject({
    parent: "customers/c/licenses/l",
    filter: {
      user: "ada",
      installation: "installations/i1",
      state: seatBroker.SeatState.BORROWED,
    },
  });
});
