import type { Cluster } from "@leasehold/dev-cluster";
import { EVERYWHERE, type MatrixCaller } from "./matrix-caller.ts";

/** Whoever has no credentials, or such that count nowhere; and bearer administrators. */
export function strangers(
  cluster: Pick<Cluster, "adminToken" | "powerlessToken">,
): readonly MatrixCaller[] {
  const bearing = (name: string, authorization: string): MatrixCaller => ({
    name,
    standing: { kind: "nobody" },
    knownAt: [],
    metadata: () => ({ authorization }),
  });
  const administrator = (name: string, token: string, permissions: readonly string[]) => ({
    ...bearing(name, `Bearer ${token}`),
    standing: { kind: "administrator", permissions: new Set(permissions) } as const,
    knownAt: EVERYWHERE,
  });
  return [
    { ...bearing("nobody", ""), metadata: () => ({}) },
    bearing("unknown secret", "Bearer wrong"),
    bearing("unsigned token", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."),
    bearing("bootstrap token", `Bearer lh_boot_${"A".repeat(43)}b341958b`),
    administrator("bearer administrator", cluster.adminToken, ["*"]),
    administrator("bearer administrator without permissions", cluster.powerlessToken, []),
  ];
}
