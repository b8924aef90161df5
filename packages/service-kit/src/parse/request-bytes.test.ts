import { issuer } from "@leasehold/contracts";
import { expect, test } from "vitest";
import { parseRequest } from "./parse-request.ts";
import { requestBytes } from "./request-bytes.ts";

const { CreateCustomerRequest } = issuer;
const request = CreateCustomerRequest.fromPartial({ customer: { displayName: "Acme" } });

test("the bytes of a request are those that it came as", () => {
  const bytes = parseRequest((check) => requestBytes(check, CreateCustomerRequest, request));
  expect(CreateCustomerRequest.decode(bytes)).toEqual(request);
});

test("a time that is none, in a field that nobody reads, is the caller's fault", () => {
  const never = {
    ...request,
    customer: { ...request.customer!, createTime: new Date(Number.NaN) },
  };
  const read = () => parseRequest((check) => requestBytes(check, CreateCustomerRequest, never));
  expect(read).toThrow(expect.objectContaining({ reason: "INVALID_REQUEST" }));
});
