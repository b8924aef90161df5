import { issuer, methodRule, PrincipalKind } from "@leasehold/contracts";
import type { ServiceDefinition } from "@leasehold/contracts";
import { isProblem } from "@leasehold/kernel";
import { client, connect } from "@leasehold/rpc-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issuerUnderTest } from "./issuer-under-test.ts";
import type { Caller, IssuerUnderTest } from "./issuer-under-test.ts";

let under: IssuerUnderTest;
beforeAll(async () => {
  under = await issuerUnderTest();
});
afterAll(() => under[Symbol.asyncDispose]());

/** All that the issuer serves. */
const SERVICES = [
  issuer.AuditServiceDefinition,
  issuer.IssuerServiceDefinition,
  issuer.ProductKeyServiceDefinition,
  issuer.SigningServiceDefinition,
] as const;

type Method = readonly [name: string, service: ServiceDefinition, key: string];
const METHODS: readonly Method[] = SERVICES.flatMap((service: ServiceDefinition) =>
  Object.entries(service.methods).map(([key, { name }]): Method => [name, service, key]),
);

/**
 * What a caller is told. Every request is empty, so that whoever may call is told that it
 * is not valid, or is answered: both is `let in`.
 */
async function told(
  caller: Caller | undefined,
  service: ServiceDefinition,
  key: string,
): Promise<string> {
  const { requestType, responseStream } = service.methods[key]!;
  await using channel = connect(under.address);
  const calls = client(service, channel, {
    metadata: (): Record<string, string> =>
      caller === undefined ? {} : { authorization: `Bearer ${caller}` },
  }) as Readonly<Record<string, (request: unknown) => unknown>>;
  const answer = calls[key]!(requestType.decode(new Uint8Array()));
  try {
    if (responseStream) for await (const _ of answer as AsyncIterable<unknown>) break;
    else await answer;
    return "let in";
  } catch (thrown) {
    if (!isProblem(thrown)) throw thrown;
    return thrown.reason === "INVALID_REQUEST" ? "let in" : thrown.reason;
  }
}

test.each(METHODS)(
  "%s lets in whom its rule names, with its permission, and nobody else",
  async (_, service, key) => {
    const { principals, permission } = methodRule(service.methods[key]!)!;
    const open = principals.includes(PrincipalKind.ANYONE);
    const administrators = principals.includes(PrincipalKind.ADMINISTRATOR);
    const held: Record<Caller, boolean> = {
      admin: administrators,
      reader: administrators && permission === "licenses.read",
      activation:
        principals.includes(PrincipalKind.SERVICE) &&
        ["unlock", "licenses.watch"].includes(permission),
      broker: false,
    };
    for (const [caller, may] of Object.entries(held) as [Caller, boolean][]) {
      const expected = open || may ? "let in" : "PERMISSION_DENIED";
      expect(`${caller} ${await told(caller, service, key)}`).toBe(`${caller} ${expected}`);
    }
    expect(await told(undefined, service, key)).toBe(open ? "let in" : "UNAUTHENTICATED");
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
