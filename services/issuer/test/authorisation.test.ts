import { issuer, methodRule, PrincipalKind } from "@leasehold/contracts";
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

const { methods } = issuer.IssuerServiceDefinition;
type Method = keyof typeof methods;
const METHODS = Object.keys(methods) as Method[];

/**
 * What a caller is told. Every request is empty, so that whoever may call is told that it
 * is not valid, or is answered: both is `let in`.
 */
async function told(caller: Caller | undefined, method: Method): Promise<string> {
  const { requestType, responseStream } = methods[method];
  const call = under.as(caller)[method] as unknown as (request: unknown) => unknown;
  const answer = call(requestType.decode(new Uint8Array()));
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
  async (method) => {
    const { principals, permission } = methodRule(methods[method])!;
    const open = principals.includes(PrincipalKind.ANYONE);
    const administrators = principals.includes(PrincipalKind.ADMINISTRATOR);
    const held: Record<Caller, boolean> = {
      admin: administrators,
      reader: administrators && permission === "licenses.read",
      activation: principals.includes(PrincipalKind.SERVICE),
      broker: false,
    };
    for (const [caller, may] of Object.entries(held) as [Caller, boolean][]) {
      const expected = open || may ? "let in" : "PERMISSION_DENIED";
      expect(`${caller} ${await told(caller, method)}`).toBe(`${caller} ${expected}`);
    }
    expect(await told(undefined, method)).toBe(open ? "let in" : "UNAUTHENTICATED");
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
