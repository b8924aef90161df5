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
