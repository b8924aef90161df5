import { issuer, methodRule, PrincipalKind } from "@leasehold/contracts";
import type { ServiceDefinition } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { client, connect } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CALLERS, issuerUnderTest } from "./issuer-under-test.ts";
import type { Caller, IssuerUnderTest } from "./issuer-under-test.ts";

let under: IssuerUnderTest;
beforeAll(async () => {
  under = await issuerUnderTest();
});
afterAll(() => under[Symbol.asyncDispose]());

/** Every service that the issuer binds. */
const SERVICES: readonly ServiceDefinition[] = [
  issuer.AccountServiceDefinition,
  issuer.AdministratorServiceDefinition,
  issuer.AuditServiceDefinition,
  issuer.CatalogueServiceDefinition,
  issuer.CustomerServiceDefinition,
  issuer.IssuerServiceDefinition,
  issuer.LicenseServiceDefinition,
  issuer.ProductKeyServiceDefinition,
  issuer.RegistrationServiceDefinition,
  issuer.SigningServiceDefinition,
];
const METHODS = SERVICES.flatMap((service) =>
  Object.keys(service.methods).map((method) => ({ service, method })),
);

const KIND = {
  administrator: PrincipalKind.ADMINISTRATOR,
  service: PrincipalKind.SERVICE,
  account: PrincipalKind.ACCOUNT,
  person: PrincipalKind.PERSON,
} as const;

/**
 * What a caller is told. Every request is empty, so that whoever may call is told that it is not
 * valid, or that what it means is not there, or is answered: all of it is `let in`.
 */
async function told(
  caller: Caller | undefined,
  { service, method }: (typeof METHODS)[number],
): Promise<string> {
  const { requestType, responseStream } = service.methods[method]!;
  const methods = under.of(service, caller) as Record<string, unknown>;
  const call = methods[method] as (request: unknown) => unknown;
  const answer = call(requestType.decode(new Uint8Array()));
  try {
    if (responseStream) for await (const _ of answer as AsyncIterable<unknown>) break;
    else await answer;
    return "let in";
  } catch (thrown) {
    if (!isProblem(thrown)) throw thrown;
    const { reason } = thrown;
    return reason === "INVALID_REQUEST" || reason === "NOT_FOUND" ? "let in" : reason;
  }
}

test.each(METHODS.map((each) => [each.method, each] as const))(
  "%s lets in whom its rule names, with its permission, and nobody else",
  async (_, each) => {
    const { principals, permission, services } = methodRule(each.service.methods[each.method]!)!;
    const open = principals.includes(PrincipalKind.ANYONE);
    for (const [caller, { kind, permissions }] of Object.entries(CALLERS)) {
      const held: readonly string[] = permissions;
      const may =
        principals.includes(KIND[kind]) &&
        (held.includes("*") || held.includes(permission)) &&
        (kind !== "service" || services.includes(caller));
      const expected = open || may ? "let in" : "PERMISSION_DENIED";
      expect(`${caller} ${await told(caller as Caller, each)}`).toBe(`${caller} ${expected}`);
    }
    expect(await told(undefined, each)).toBe(open ? "let in" : "UNAUTHENTICATED");
  },
);

test.each(["Bearer wrong", "Bearer ", "Basic YWRtaW46YWRtaW4=", "admin", "Bearer admin admin"])(
  "the credentials %j count for nobody",
  async (authorization) => {
    await using channel = connect(under.address);
    const stranger = client(issuer.IssuerServiceDefinition, channel, {
      metadata: () => ({ authorization }),
    });
    await expect(stranger.getLicense({ name: "" })).rejects.toMatchObject({
      reason: "UNAUTHENTICATED",
    });
  },
);
