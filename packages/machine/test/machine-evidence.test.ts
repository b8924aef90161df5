import { expect, test } from "vitest";
import { machineEvidence, type MachineSource, thisMachine } from "../src/index.ts";
import { machineKind } from "../src/rules/index.ts";
import { BARE_METAL, DOCKER, EC2, KVM, machineTree, type Tree } from "./machine-tree.ts";

const DMI = "/sys/class/dmi/id";
const NO_BIT = { "/proc/cpuinfo": "flags\t: fpu vme de" };

async function evidenceOf(...trees: readonly Tree[]) {
  await using tree = await machineTree(...trees);
  const evidence = await machineEvidence(tree.source());
  return { ...evidence, virtual: machineKind(evidence) === "virtual" };
}

test("bare metal tells who made it, and of nothing virtual", async () => {
  expect(await evidenceOf(BARE_METAL)).toEqual({
    vendor: "ASUS",
    model: "System Product Name",
    hypervisor: "",
    hypervisorBit: false,
    container: "",
    cloud: "",
    kubernetesCluster: "",
    virtual: false,
  });
});

test("a guest tells its monitor, an instance its cloud as well", async () => {
  expect(await evidenceOf(KVM)).toMatchObject({
    hypervisor: "qemu",
    hypervisorBit: true,
    cloud: "",
    virtual: true,
  });
  expect(await evidenceOf(EC2)).toMatchObject({
    hypervisor: "amazon",
    cloud: "aws",
    vendor: "Amazon EC2",
    model: "t3.medium",
    virtual: true,
  });
});

test("a container on bare metal is no virtual machine, one on a guest is", async () => {
  expect(await evidenceOf(BARE_METAL, DOCKER)).toMatchObject({
    container: "docker",
    virtual: false,
  });
  expect(await evidenceOf(KVM, DOCKER)).toMatchObject({ container: "docker", virtual: true });
});

test("a machine that a cloud rents out whole is not virtual", async () => {
  const metal = { ...NO_BIT, [`${DMI}/product_name`]: "c5.metal" };
  expect(await evidenceOf(EC2, metal)).toMatchObject({
    cloud: "aws",
    hypervisor: "",
    virtual: false,
  });
});

test.each([
  ["KVM", "RHEL", "kvm", ""],
  ["VMware, Inc.", "VMware Virtual Platform", "vmware", ""],
  ["Microsoft Corporation", "Virtual Machine", "microsoft", ""],
  ["Microsoft Corporation", "Surface Book", "", ""],
  ["innotek GmbH", "VirtualBox", "oracle", ""],
  ["Xen", "HVM domU", "xen", ""],
  ["Parallels Software International Inc.", "Parallels Virtual Platform", "parallels", ""],
  ["Google", "Google Compute Engine", "google", "gcp"],
  ["DigitalOcean", "Droplet", "", "digitalocean"],
  ["Dell Inc.", "PowerEdge R640", "", ""],
])(
  "firmware of %s, %s, is of the monitor %j and the cloud %j",
  async (vendor, model, hypervisor, cloud) => {
    const dmi = { [`${DMI}/sys_vendor`]: vendor, [`${DMI}/product_name`]: model };
    expect(await evidenceOf(NO_BIT, dmi)).toMatchObject({ vendor, model, hypervisor, cloud });
  },
);

test("Azure is known by the asset tag that its machines have", async () => {
  const tag = { [`${DMI}/chassis_asset_tag`]: "7783-7084-3265-9085-8269-3286-77" };
  expect(await evidenceOf(BARE_METAL, tag)).toMatchObject({ cloud: "azure" });
});

test("a processor that says it is virtual is believed, though the firmware was made to say otherwise", async () => {
  const hidden = { "/proc/cpuinfo": "flags\t: fpu hypervisor lm" };
  expect(await evidenceOf(BARE_METAL, hidden)).toMatchObject({
    hypervisor: "vm-other",
    hypervisorBit: true,
    virtual: true,
  });
});

test("the machine that runs the monitor of Xen is not virtual, its guests are", async () => {
  const bit = { "/proc/cpuinfo": "flags\t: fpu hypervisor", "/sys/hypervisor/type": "xen" };
  const control = { "/proc/xen/capabilities": "control_d" };
  expect(await evidenceOf(BARE_METAL, bit, control)).toMatchObject({ virtual: false });
  expect(await evidenceOf(BARE_METAL, bit)).toMatchObject({ hypervisor: "xen", virtual: true });
});

test.each([
  ["/run/.containerenv", "", "podman"],
  ["/run/systemd/container", "systemd-nspawn", "systemd-nspawn"],
  ["/proc/1/cgroup", "12:pids:/kubepods/burstable/pod1234/5678", "container-other"],
  ["/proc/1/cgroup", "1:name=systemd:/docker/0123456789ab", "docker"],
  ["/proc/1/cgroup", "1:name=systemd:/lxc/web", "lxc"],
  ["/proc/version", "Linux version 5.15.153.1-microsoft-standard-WSL2", "wsl"],
])("%s that says %j is a container's: %s", async (path, text, container) => {
  expect(await evidenceOf(BARE_METAL, { [path]: text })).toMatchObject({ container });
});

test("the judgement of systemd comes first, each of its two apart", async () => {
  await using tree = await machineTree(KVM, DOCKER);
  const asked: string[] = [];
  const answered = (answers: Readonly<Record<string, string>>): MachineSource => ({
    ...tree.source(),
    run: (program, args) => {
      asked.push([program, ...args].join(" "));
      return Promise.resolve(answers[args[0] ?? ""]);
    },
  });
  expect(await machineEvidence(answered({ "--vm": "kvm", "--container": "podman" }))).toMatchObject(
    { hypervisor: "kvm", container: "podman" },
  );
  expect(asked.toSorted()).toEqual([
    "/usr/bin/systemd-detect-virt --container",
    "/usr/bin/systemd-detect-virt --vm",
  ]);
  // In a container it may see none; of bare metal it says so.
  expect(await machineEvidence(answered({ "--vm": "none", "--container": "none" }))).toMatchObject({
    hypervisor: "",
    container: "docker",
  });
  const garbage = answered({ "--vm": "Failed: no bus\n", "--container": "" });
  expect(await machineEvidence(garbage)).toMatchObject({ hypervisor: "qemu", container: "docker" });
});

test("what firmware says is cut to what the contract takes, and bears no controls", async () => {
  const dmi = {
    [`${DMI}/sys_vendor`]: `Ac\u0007me\u202e \u001b[31m`,
    [`${DMI}/product_name`]: "é".normalize("NFD").repeat(300),
  };
  const { vendor, model } = await evidenceOf(NO_BIT, dmi);
  expect(vendor).toBe("Acme [31m");
  expect(model).toBe("é".normalize("NFC").repeat(200));
});

test("the machine that this runs on can be looked at", async () => {
  const evidence = await machineEvidence(thisMachine());
  for (const text of [evidence.vendor, evidence.model, evidence.hypervisor, evidence.container])
    expect(Array.from(text).length).toBeLessThanOrEqual(200);
});
