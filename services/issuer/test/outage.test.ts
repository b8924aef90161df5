import { startPostgres } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { createCustomer, requestId, startIssuer } from "./issuer-under-test.ts";
import type { IssuerUnderTest } from "./issuer-under-test.ts";
import { refusal } from "./refusal.ts";

function messages({ logged }: IssuerUnderTest): readonly string[] {
  return logged.map(({ message }) => message);
}

test("an issuer whose database crashes says so, answers UNAVAILABLE, and goes on when it is back", async () => {
  await using server = await startPostgres();
  await using under = await startIssuer(server.url);
  const { name } = await createCustomer(under.admin);
  const request = {
    requestId: requestId(),
    customer: { name: "", displayName: "B", referenceId: "b-1", createTime: undefined },
  };
  const watching = refusal(lastOf(under));

  await server.kill();
  await expect.poll(() => messages(under), { timeout: 10_000 }).toContain("store does not answer");
  expect((await refusal(under.admin.getCustomer({ name }))).reason).toBe("DEPENDENCY_UNAVAILABLE");
  expect((await refusal(under.admin.createCustomer(request))).reason).toBe(
    "DEPENDENCY_UNAVAILABLE",
  );
  expect((await watching).reason).toBe("DEPENDENCY_UNAVAILABLE");
  expect(await under.as(undefined).getTrustBundle({})).toHaveProperty("trustBundle");

  await server.restart();
  await expect.poll(() => messages(under), { timeout: 20_000 }).toContain("store answers again");
  expect((await under.admin.getCustomer({ name })).customer?.name).toBe(name);
  expect((await under.admin.createCustomer(request)).customer?.referenceId).toBe("b-1");
});

/** Watches until the stream ends. */
async function lastOf({ activation }: IssuerUnderTest): Promise<unknown> {
  const steps = await Array.fromAsync(activation.watchLicenses({ afterFeedRevision: 0n }));
  return steps.at(-1);
}

test("an issuer whose database cannot be reached does not start", async () => {
  const { url } = await startPostgres().then(async (server) => {
    await server[Symbol.asyncDispose]();
    return server;
  });
  await expect(startIssuer(url)).rejects.toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
});
