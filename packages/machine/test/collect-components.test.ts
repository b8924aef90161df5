import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { userInfo } from "node:os";
import { expect, test } from "vitest";
import { collectComponents, type MachineSource } from "../src/index.ts";
import { BARE_METAL, DOCKER, EC2, KVM, machineTree, type Tree } from "./machine-tree.ts";

const CLUSTER = "6f1f7b1e-7a0a-4d0e-9c55-3b7f2f0f1a2b";

async function collected(source: MachineSource) {
  const { found, missing } = await collectComponents(source);
  return {
    found: Object.fromEntries(found.map(({ name, value }) => [name, value])),
    missing: Object.fromEntries(missing.map(({ name, why }) => [name, why])),
  };
}

async function collectedOf(...trees: readonly Tree[]) {
  await using tree = await machineTree(...trees);
  return await collected(tree.source());
}

test("bare metal is told by its firmware, its encrypted disk and its cards, and by no bridge", async () => {
  expect(await collectedOf(BARE_METAL)).toEqual({
    found: {
      "machine-id": "0f1b6a0dd9c54bb1a3f0c6a1d4a8e7b2",
      "product-uuid": "a1b2c3d4-0d2f-11ee-9b3c-04d9f5c0ffee",
      "board-serial": "220913377100123",
      "root-disk": "S5GXNX0T512345A",
      "mac.0": "04:d9:f5:c0:ff:ee",
      "mac.1": "f8:e4:e3:10:20:30",
      cpu: "AMD Ryzen 9 7950X 16-Core Processor",
      hostname: "mill",
    },
    missing: { "cloud-instance": "absent", "kubernetes-cluster": "absent" },
  });
});

test("a guest whose disk has no number is told by the file system", async () => {
  const { found, missing } = await collectedOf(KVM);
  expect(found).toMatchObject({
    "root-disk": "3e6be9de-8139-4f1e-9106-a43f08d823a6",
    mac: "52:54:00:aa:bb:cc",
  });
  expect(missing).toMatchObject({ "board-serial": "absent" });
});

test("an instance of a cloud is told by its id", async () => {
  const { found } = await collectedOf(EC2);
  expect(found).toMatchObject({
    "cloud-instance": "i-0123456789abcdef0",
    "root-disk": "vol0123456789abcdef0",
  });
});

test("where there is no cloud, what cloud-init writes tells nothing", async () => {
  const seeded = { "/var/lib/cloud/data/instance-id": "iid-datasource-none" };
  expect((await collectedOf(KVM, seeded)).missing["cloud-instance"]).toBe("absent");
  const own = { "/var/lib/cloud/data/instance-id": "7d1f6a31-openstack" };
  expect((await collectedOf(KVM, own)).found["cloud-instance"]).toBe("7d1f6a31-openstack");
});

test("in a container nothing of the pod, the image or the host is taken", async () => {
  const { found, missing } = await collectedOf(BARE_METAL, DOCKER);
  expect(found).toEqual({});
  expect(missing).toEqual({
    "machine-id": "volatile",
    "product-uuid": "volatile",
    "board-serial": "volatile",
    "root-disk": "volatile",
    mac: "volatile",
    "cloud-instance": "volatile",
    cpu: "volatile",
    hostname: "volatile",
    "kubernetes-cluster": "absent",
  });
});

test("a pod is its cluster's, by the variable or by the file, whatever else it may read", async () => {
  await using tree = await machineTree(BARE_METAL);
  const environment = {
    KUBERNETES_SERVICE_HOST: "10.96.0.1",
    LEASEHOLD_KUBERNETES_CLUSTER: CLUSTER,
  };
  expect((await collected(tree.source({ environment }))).found).toEqual({
    "kubernetes-cluster": CLUSTER,
  });
  await using other = await machineTree(DOCKER, { "/etc/leasehold/kubernetes-cluster": CLUSTER });
  expect((await collected(other.source())).found).toEqual({ "kubernetes-cluster": CLUSTER });
});

test.each(["", "  ", "short", "a cluster", "x".repeat(65)])(
  "a cluster cannot be called %j",
  async (told) => {
    await using tree = await machineTree(DOCKER);
    const source = tree.source({ environment: { LEASEHOLD_KUBERNETES_CLUSTER: told } });
    expect((await collected(source)).found).toEqual({});
  },
);

test.each([
  ["/etc/machine-id", "uninitialized", "machine-id"],
  ["/sys/class/dmi/id/product_uuid", "00000000-0000-0000-0000-000000000000", "product-uuid"],
  ["/sys/class/dmi/id/product_uuid", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "product-uuid"],
  ["/sys/class/dmi/id/product_uuid", "03000200-0400-0500-0006-000700080009", "product-uuid"],
  ["/sys/class/dmi/id/board_serial", "To Be Filled By O.E.M.", "board-serial"],
  ["/sys/class/dmi/id/board_serial", "Default string", "board-serial"],
  ["/sys/class/dmi/id/board_serial", "123456789", "board-serial"],
  ["/proc/sys/kernel/hostname", "localhost", "hostname"],
])("%s that says %j tells nothing", async (path, text, component) => {
  const { found, missing } = await collectedOf(BARE_METAL, { [path]: text });
  expect([found[component], missing[component]]).toEqual([undefined, "absent"]);
});

test("a disk whose number its monitor gives to all is told by the file system", async () => {
  const disk = { "/sys/block/vda/serial": "QM00001" };
  expect((await collectedOf(KVM, disk)).found["root-disk"]).toBe(
    "3e6be9de-8139-4f1e-9106-a43f08d823a6",
  );
});

test("of a file system that is on no device by its number, the device's name tells", async () => {
  const btrfs = {
    "/proc/self/mountinfo":
      "28 1 0:30 /@ / rw,relatime shared:1 - btrfs /dev/nvme0n1p3 rw,subvol=/@",
  };
  expect((await collectedOf(BARE_METAL, btrfs)).found["root-disk"]).toBe("S5GXNX0T512345A");
});

test("an ARM processor is told by its numbers", async () => {
  const cpuinfo = `processor\t: 0
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0c`;
  const { found } = await collectedOf(BARE_METAL, { "/proc/cpuinfo": cpuinfo });
  expect(found["cpu"]).toBe("0x41 0xd0c 0x3");
});

test("a machine without any of the files is told by nothing, and nothing fails", async () => {
  const { found, missing } = await collectedOf({});
  expect(found).toEqual({});
  expect(new Set(Object.values(missing))).toEqual(new Set(["absent"]));
});

test("of a platform that is not known nothing is found", async () => {
  await using tree = await machineTree(BARE_METAL);
  expect((await collected(tree.source({ platform: "aix" }))).found).toEqual({});
});

test.runIf(userInfo().uid !== 0)("what only root may read is told to be denied", async () => {
  await using tree = await machineTree(BARE_METAL);
  await chmod(join(tree.root, "sys/class/dmi/id/product_uuid"), 0o000);
  expect((await collected(tree.source())).missing["product-uuid"]).toBe("denied");
});

test("what the source says is denied is told to be so", async () => {
  await using tree = await machineTree(BARE_METAL);
  const source = tree.source();
  const guarded: MachineSource = {
    ...source,
    read: (path) =>
      path.endsWith("product_uuid") ? Promise.resolve({ kind: "denied" }) : source.read(path),
  };
  expect((await collected(guarded)).missing["product-uuid"]).toBe("denied");
});
