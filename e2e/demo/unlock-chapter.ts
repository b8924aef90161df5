import { join } from "node:path";
import {
  hasFeature,
  isProblem,
  type MachineEvidence,
  openInstallation,
  unlock,
  type UnlockOptions,
} from "@leasehold/client";
import { VirtualMachinePolicy } from "@leasehold/contracts";
import { systemClock } from "@leasehold/kernel";
import { LICENSEE } from "../desk/licensing-desk.ts";
import { type Machine, trustRootOf, unlockMachine } from "../site/machine.ts";
import type { Stage } from "./stage.ts";

/** J1 and J2: one key unlocks, keys that cannot be right are told before they are sent. */
export async function unlockChapter(stage: Stage): Promise<readonly Machine[]> {
  const { narrator, cluster, sold, folder } = stage;
  narrator.chapter("Unlock with one key");
  narrator.tell(`Name ${LICENSEE.name}, Organization ${LICENSEE.organization}`);
  narrator.tell(`Product key ${sold.productKey}`);
  await refusedKeys(stage);
  const machines: Machine[] = [];
  for (const name of ["mill", "store", "barrel", "printer"])
    machines.push(await unlockMachine(cluster, sold, folder, name));
  const names = new Set(machines.map(({ installation }) => installation.name));
  narrator.check(
    "the one key unlocks four machines, each an installation of its own",
    names.size === 4,
  );
  await unlockedFeatures(stage, join(folder, "mill"));
  await unmetConditions(stage);
  return machines;
}

/** A license that may be unlocked once, and on no virtual machine. */
async function unmetConditions({ narrator, cluster, desk, sale, folder }: Stage): Promise<void> {
  const virtualMachinesPolicy = VirtualMachinePolicy.DENY;
  const installationPolicy = { installations: 1, virtualMachinesPolicy };
  const sold = await desk.sell({ ...sale, terms: { installationPolicy } });
  const on = (name: string, evidence: Partial<MachineEvidence>) =>
    unlock({
      activation: cluster.addresses.activation,
      product: sold.license.product,
      licenseeName: LICENSEE.name,
      licenseeOrganization: LICENSEE.organization,
      productKey: sold.productKey,
      directory: join(folder, `lathe-${name}`),
      trustRoot: trustRootOf(cluster),
      authorities: cluster.authorities,
      machine: { evidence },
    }).then(
      () => "unlocked",
      (failure: unknown) => (isProblem(failure) ? failure.reason : String(failure)),
    );
  const virtual = await on("virtual", { hypervisor: "kvm" });
  narrator.check(
    "a license that is not for virtual machines does not unlock on one",
    virtual === "VIRTUAL_MACHINE_REFUSED",
    virtual,
  );
  const first = await on("first", { vendor: "LENOVO" });
  const second = await on("second", { vendor: "LENOVO" });
  narrator.check(
    "for one machine, it unlocks on the first, and not on a second",
    first === "unlocked" && second === "INSTALLATION_LIMIT",
    [first, second],
  );
}

async function refusedKeys({ narrator, cluster, sold, folder }: Stage): Promise<void> {
  const { productKey, license } = sold;
  const attempt = (changes: Partial<UnlockOptions>) =>
    unlock({
      activation: cluster.addresses.activation,
      product: license.product,
      licenseeName: LICENSEE.name,
      licenseeOrganization: LICENSEE.organization,
      productKey,
      directory: join(folder, "attempts"),
      trustRoot: trustRootOf(cluster),
      authorities: cluster.authorities,
      ...changes,
    }).then(
      () => "unlocked",
      (failure: unknown) => (isProblem(failure) ? failure.reason : String(failure)),
    );
  const slip = productKey.slice(0, -1) + (productKey.endsWith("0") ? "1" : "0");
  // No service answers at this address: these keys are told from right ones without a call.
  const nowhere = "127.0.0.1:9";
  const mistyped = await attempt({ productKey: slip, activation: nowhere });
  narrator.check(
    "a mistyped key is told at once, before it is sent",
    mistyped === "KEY_CHECK",
    mistyped,
  );
  const old = await attempt({ productKey: "LH1-ABCD-EFGH-JKMN", activation: nowhere });
  narrator.check(
    "a key of an earlier generation is told at once, too",
    old === "KEY_GENERATION_RETIRED",
    old,
  );
  const stranger = await attempt({ licenseeName: "Charles Babbage" });
  narrator.check(
    "under another name the key does not unlock",
    stranger === "UNLOCK_REFUSED",
    stranger,
  );
}

async function unlockedFeatures({ narrator, sold }: Stage, directory: string): Promise<void> {
  const opened = await openInstallation(directory, { product: sold.license.product });
  narrator.check("the license file verifies offline", opened.kind === "unlocked", opened);
  if (opened.kind !== "unlocked") return;
  const { license } = opened.installation;
  const has = (feature: string) => hasFeature(license, feature, systemClock.now());
  narrator.check(
    `the license is active, with ${license.seats} seats`,
    license.seats === 3,
    license.seats,
  );
  narrator.check("dataflow is enabled", has("dataflow"));
  narrator.check("workflow is enabled", has("workflow"));
  narrator.check("reporting, which was not bought, is not", !has("reporting"));
}
