import { expect, test } from "vitest";
import { leasehold } from "./leasehold.ts";

test("where nobody answers, it is told how to repeat the change", async () => {
  const { exitCode, out, err } = await leasehold([
    "customer",
    "create",
    "--display-name",
    "Acme",
    "--reference-id",
    "ACME",
    "--issuer",
    "127.0.0.1:1",
  ]);
  expect([exitCode, out]).toEqual([3, ""]);
  expect(err).toMatch(
    /^customer create: DEPENDENCY_UNAVAILABLE: .*\n.* --request-id [0-9a-f-]{36}\n$/,
  );
});

test("what is not understood is not run", async () => {
  for (const words of [
    ["license", "frob"],
    ["customer", "get"],
    ["customer", "get", "c"],
  ])
    expect(await leasehold(words)).toMatchObject({ exitCode: 2, out: "" });
});

test("every group and command has help, and a secret has no flag", async () => {
  expect(await leasehold(["--help"])).toMatchObject({ exitCode: 0, err: "" });
  const { out } = await leasehold(["account", "accept-invitation", "--help"]);
  expect(out).toContain("Example:\n  leasehold account accept-invitation ");
  expect(out).not.toMatch(/--(secret|token) /);
});
