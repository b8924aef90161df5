import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { guardedFolder } from "@leasehold/testkit";
import { expect, test } from "vitest";
import { givenCluster } from "./given-cluster.ts";

const ROOT = "ab".repeat(32);
const named = (tokenFile: string) => [
  "--issuer=issuer:7401",
  "--activation=activation:7402",
  "--seat-broker=broker-1:7403",
  "--seat-broker=broker-2:7403",
  `--trust-root=${ROOT}`,
  `--admin-token-file=${tokenFile}`,
];

test("without arguments there is no cluster: the demo starts its own", () => {
  expect(givenCluster([])).toBeUndefined();
});

test("a cluster is where arguments say, with the administrator of a file", async () => {
  await using folder = await guardedFolder("given-cluster");
  const tokenFile = join(folder.path, "token");
  await writeFile(tokenFile, "secret\n");
  expect(givenCluster(named(tokenFile))).toMatchObject({
    addresses: {
      issuer: "issuer:7401",
      activation: "activation:7402",
      seatBroker: "broker-1:7403",
      seatBrokers: ["broker-1:7403", "broker-2:7403"],
    },
    adminToken: "secret",
    trustRoot: ROOT,
    authorities: undefined,
    environment: {},
  });
});

test("authorities are for the demo and for the processes that it starts", async () => {
  await using folder = await guardedFolder("given-cluster");
  const [tokenFile, authoritiesFile] = [join(folder.path, "token"), join(folder.path, "ca.pem")];
  await writeFile(tokenFile, "secret");
  await writeFile(authoritiesFile, "PEM");
  expect(givenCluster([...named(tokenFile), "--authorities-file", authoritiesFile])).toMatchObject({
    authorities: "PEM",
    environment: { LEASEHOLD_TLS_AUTHORITIES_FILE: authoritiesFile },
  });
});

test.each(["--issuer", "--activation", "--seat-broker", "--trust-root", "--admin-token-file"])(
  "a cluster without %s is refused",
  (option) => {
    const without = named("token").filter((one) => !one.startsWith(`${option}=`));
    expect(() => givenCluster(without)).toThrow("usage: demo");
  },
);

test("an argument that is not known is refused", () => {
  expect(() => givenCluster(["--broker", "x"])).toThrow("--broker");
});
