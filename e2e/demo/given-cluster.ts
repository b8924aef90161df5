import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Cluster } from "@leasehold/dev-cluster";
import { connect } from "@leasehold/rpc-client";

/** What the story needs of a cluster: where it is, how it is known, and an administrator. */
export type Theatre = Pick<
  Cluster,
  "addresses" | "authorities" | "environment" | "connect" | "adminToken" | "trustRoot"
>;

const USAGE =
  "usage: demo [--issuer host:port --activation host:port --seat-broker host:port … --trust-root <64 hexadecimal digits> --admin-token-file <path> [--authorities-file <path>]]";

/**
 * The cluster that arguments name, which runs already, anywhere; `undefined` if they name none.
 * @throws Error if they name only a part of one
 */
export function givenCluster(args: readonly string[]): Theatre | undefined {
  if (args.length === 0) return undefined;
  const { values } = parseArgs({
    args: [...args],
    options: {
      issuer: { type: "string" },
      activation: { type: "string" },
      "seat-broker": { type: "string", multiple: true },
      "trust-root": { type: "string" },
      "admin-token-file": { type: "string" },
      "authorities-file": { type: "string" },
    },
  });
  const { issuer, activation, "seat-broker": seatBrokers = [] } = values;
  const { "trust-root": trustRoot, "admin-token-file": tokenFile } = values;
  const [seatBroker] = seatBrokers;
  if (!issuer || !activation || !seatBroker || !trustRoot || !tokenFile) throw new Error(USAGE);
  const authoritiesFile = values["authorities-file"];
  const authorities =
    authoritiesFile === undefined ? undefined : readFileSync(authoritiesFile, "utf8");
  return {
    addresses: { issuer, activation, seatBroker, seatBrokers },
    authorities,
    environment:
      authoritiesFile === undefined ? {} : { LEASEHOLD_TLS_AUTHORITIES_FILE: authoritiesFile },
    connect: (address, options = {}) => connect(address, { authorities, ...options }),
    adminToken: readFileSync(tokenFile, "utf8").trim(),
    trustRoot,
  };
}
