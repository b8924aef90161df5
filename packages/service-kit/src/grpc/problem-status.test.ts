import { readFileSync } from "node:fs";
import { status } from "@grpc/grpc-js";
import { ERROR_REASONS, Problem } from "@leasehold/kernel";
import { expect, test } from "vitest";
import { problemStatus } from "./problem-status.ts";

const contract = readFileSync(
  new URL("../../../../proto/leasehold/errors/v1/error_reason.proto", import.meta.url),
  "utf8",
);

test.each(ERROR_REASONS)("%s is answered with the status that the contract names", (reason) => {
  const named = new RegExp(`\\b([A-Z_]+)\\.\\n *ERROR_REASON_${reason} =`).exec(contract)?.[1];
  expect(status[problemStatus(new Problem(reason)).code]).toBe(named);
});

test("what looks like a secret is in no text of an error, nor is a fact that is called one", () => {
  const secret = "2CANA-RYCAN-ARYCA-NARYC-ANARY";
  const problem = new Problem("INVALID_REQUEST", {
    message: `not ${secret}`,
    metadata: { fault: `saw Bearer canary-1 and ${secret}`, product_key: "canary", limit: "3" },
    violations: [{ field: "name", description: `must not be ${secret}` }],
  });
  const { details, metadata } = problemStatus(problem);
  const [encoded] = metadata.get("grpc-status-details-bin");
  const told = `${details} ${Buffer.from(encoded!).toString("latin1")}`;
  expect(told).not.toMatch(/canary|CANA/);
  expect(told).toContain("[product key]");
  expect(told).toContain("limit");
});
