import { status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { serverUntrusted } from "./server-mistrust.ts";

const inside = (error: string) =>
  `round_robin: No connection established. Last error: No connection established. Last error: ${error}. Resolution note: `;

const told = (details: string, code: number = status.UNAVAILABLE) =>
  serverUntrusted({ code, details });

test.each([
  [
    "untrusted",
    "Error: self-signed certificate in certificate chain; if the root CA is installed locally, try running Node.js with --use-system-ca",
  ],
  ["untrusted", "Error: unable to get local issuer certificate"],
  ["expired", "Error: certificate has expired"],
  [
    "other-name",
    "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames: DNS:b",
  ],
  ["other-name", "Error: this is not the certificate of the service issuer"],
  [
    "no-tls",
    "Error: 40CD613E9B7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/x.c:77:\n",
  ],
])("%s: %s", (fault, error) => {
  const problem = told(inside(error));
  expect(problem).toMatchObject({ reason: "SERVER_UNTRUSTED", metadata: { fault } });
  expect(problem?.message).not.toMatch(/\n|Last error|Resolution note/);
  expect(told(`No connection established. Last error: ${error}`)?.metadata).toEqual({ fault });
});

test("whoever does not answer is not mistrusted, nor is what a server says of itself", () => {
  expect(told(inside("Error: connect ECONNREFUSED 127.0.0.1:1"))).toBeUndefined();
  expect(told("Connection dropped")).toBeUndefined();
  expect(told("certificate has expired")).toBeUndefined();
  expect(told(inside("Error: certificate has expired"), status.UNKNOWN)).toBeUndefined();
});
