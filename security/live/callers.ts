import { type PrincipalKind, PrincipalKind as Kind } from "@leasehold/contracts";
import type { Dice } from "@leasehold/robustness/dice";
import type { Stage } from "../stage.ts";
import { type Belongings, installationHeaders } from "../world.ts";

type Headers = Readonly<Record<string, string | string[]>>;

/** Somebody with credentials, right or wrong. */
export interface LiveCaller {
  readonly who: string;
  /** What its credentials are good for; `undefined` if for nothing. */
  readonly kind: PrincipalKind | undefined;
  headers(service: string, dice: Dice): Promise<Headers>;
}

/** Everybody who calls: those whom services know, and those who pretend. */
export function liveCallers(
  { cluster }: Pick<Stage, "cluster">,
  own: Belongings,
): readonly LiveCaller[] {
  const proofs = new Map<string, () => Promise<Record<string, string>>>();
  const machine = (service: string) => {
    const proof = proofs.get(service) ?? installationHeaders(own, service);
    proofs.set(service, proof);
    return proof();
  };
  const caller = (
    who: string,
    kind: PrincipalKind | undefined,
    headers: LiveCaller["headers"],
  ): LiveCaller => ({ who, kind, headers });
  const bearer = (token: string) => async () => ({ authorization: `Bearer ${token}` });
  return [
    caller("nobody", Kind.ANYONE, async () => ({})),
    caller("an administrator", Kind.ADMINISTRATOR, bearer(cluster.adminToken)),
    caller("an account", Kind.ACCOUNT, bearer(own.accessToken)),
    caller("an installation", Kind.INSTALLATION, machine),
    caller("a forged bearer", undefined, bearer("lh_boot_".padEnd(43, "A"))),
    caller("an empty bearer", undefined, bearer("")),
    caller("two proofs", undefined, async (service) => {
      const { "lh-installation": certificate = "", "lh-proof": proof = "" } =
        await machine(service);
      return { "lh-installation": certificate, "lh-proof": [proof, `${proof}A`] };
    }),
    caller("basic credentials", undefined, async () => ({ authorization: "Basic YTpi" })),
    caller("a cut access token", undefined, async (_, dice) => ({
      authorization: `Bearer ${own.accessToken.slice(0, dice.between(1, own.accessToken.length))}`,
    })),
    caller("a proof for another service", undefined, () => machine("leasehold.none.v1.None")),
    caller("a proof without certificate", undefined, async (service) => {
      const { "lh-proof": proof = "" } = await machine(service);
      return { "lh-proof": proof };
    }),
    caller("a damaged proof", undefined, async (service, dice) => {
      const headers = await machine(service);
      const { "lh-proof": proof = "" } = headers;
      const at = Math.floor(dice.between(0, proof.length));
      const other = proof.charAt(at) === "A" ? "B" : "A";
      return { ...headers, "lh-proof": proof.slice(0, at) + other + proof.slice(at + 1) };
    }),
    caller("long credentials", undefined, async () => ({
      "lh-installation": "A".repeat(7_000),
      "lh-proof": "A".repeat(7_000),
    })),
    caller("strange headers", Kind.ANYONE, async (_, dice) => ({
      "grpc-timeout": dice.pick(["99999999H", "0n", "-1S", "1", "abc", "2147483648m"]),
      "grpc-encoding": dice.pick(["gzip", "identity", "none", "deflate"]),
      "grpc-accept-encoding": "x".repeat(500),
      traceparent: dice.pick(["00-0-0-0", "ff".repeat(30), "__proto__"]),
    })),
  ];
}
