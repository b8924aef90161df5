import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type MachineOptions, type MachineSource, thisMachine } from "../src/index.ts";

/** Files of a machine by their paths; `-> target` is a symbolic link. */
export type Tree = Readonly<Record<string, string>>;

/** The files of a machine in a folder of their own. */
export interface MachineTree extends AsyncDisposable {
  readonly root: string;
  source(options?: Omit<MachineOptions, "root">): MachineSource;
}

export async function machineTree(...trees: readonly Tree[]): Promise<MachineTree> {
  const root = await mkdtemp(join(tmpdir(), "leasehold machine "));
  for (const [path, text] of Object.entries(Object.assign({}, ...trees) as Tree)) {
    const at = join(root, path);
    await mkdir(dirname(at), { recursive: true });
    if (text.startsWith("-> ")) await symlink(text.slice(3), at);
    else await writeFile(at, `${text}\n`);
  }
  return {
    root,
    source: (options = {}) => thisMachine({ platform: "linux", environment: {}, ...options, root }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const DMI = "/sys/class/dmi/id";

/** A tower under somebody's desk: NVMe with LUKS and LVM, one card plugged in, one bridge, one dock. */
export const BARE_METAL: Tree = {
  "/etc/machine-id": "0f1b6a0dd9c54bb1a3f0c6a1d4a8e7b2",
  "/proc/sys/kernel/hostname": "mill",
  "/proc/version": "Linux version 6.8.0-45-generic (buildd@lcy02) (gcc 13.2.0)",
  "/proc/cpuinfo": `processor\t: 0
vendor_id\t: AuthenticAMD
model name\t: AMD Ryzen 9 7950X 16-Core Processor
flags\t\t: fpu vme de pse tsc msr pae svm ht syscall nx lm`,
  "/proc/1/cgroup": "0::/init.scope",
  "/proc/self/mountinfo": `22 28 0:21 / /proc rw,nosuid - proc proc rw
28 1 252:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw,errors=remount-ro
29 28 259:2 / /boot rw,relatime shared:2 - ext4 /dev/nvme0n1p2 rw`,
  "/sys/block/dm-0/dev": "252:0",
  "/sys/block/dm-0/slaves/nvme0n1p3": "",
  "/sys/block/dm-1/dev": "252:1",
  "/sys/block/dm-1/slaves/dm-0": "",
  "/sys/block/nvme0n1/dev": "259:0",
  "/sys/block/nvme0n1/device/serial": "S5GXNX0T512345A",
  "/sys/block/nvme0n1/nvme0n1p2/dev": "259:2",
  "/sys/block/nvme0n1/nvme0n1p3/dev": "259:3",
  "/sys/block/loop0/dev": "7:0",
  [`${DMI}/sys_vendor`]: "ASUS",
  [`${DMI}/product_name`]: "System Product Name",
  [`${DMI}/product_uuid`]: "A1B2C3D4-0D2F-11EE-9B3C-04D9F5C0FFEE",
  [`${DMI}/board_vendor`]: "ASUSTeK COMPUTER INC.",
  [`${DMI}/board_serial`]: "220913377100123",
  [`${DMI}/board_asset_tag`]: "Default string",
  [`${DMI}/chassis_asset_tag`]: "Default string",
  [`${DMI}/bios_vendor`]: "American Megatrends Inc.",
  "/sys/class/net/enp6s0/device/vendor": "0x8086",
  "/sys/class/net/enp6s0/type": "1",
  "/sys/class/net/enp6s0/addr_assign_type": "0",
  "/sys/class/net/enp6s0/address": "04:D9:F5:C0:FF:EE",
  "/sys/class/net/wlp5s0/device/vendor": "0x14c3",
  "/sys/class/net/wlp5s0/type": "1",
  "/sys/class/net/wlp5s0/addr_assign_type": "0",
  "/sys/class/net/wlp5s0/address": "f8:e4:e3:10:20:30",
  "/sys/class/net/enx1/device/vendor": "0x0bda",
  "/sys/class/net/enx1/type": "1",
  "/sys/class/net/enx1/addr_assign_type": "1",
  "/sys/class/net/enx1/address": "ae:12:34:56:78:9a",
  "/sys/class/net/br0/type": "1",
  "/sys/class/net/br0/address": "02:42:ac:11:00:02",
  "/sys/class/net/lo/type": "772",
  "/sys/class/net/lo/address": "00:00:00:00:00:00",
};

/** A guest of libvirt: virtio disk without a serial number. */
export const KVM: Tree = {
  "/etc/machine-id": "77aa3c5a2a5f4d6c8e3f5b1c9d0e2f4a",
  "/proc/sys/kernel/hostname": "build-3",
  "/proc/version": "Linux version 6.1.0-25-amd64 (debian-kernel@lists.debian.org)",
  "/proc/cpuinfo": `model name\t: Intel Core Processor (Skylake, IBRS)
flags\t\t: fpu vme de hypervisor lahf_lm`,
  "/proc/1/cgroup": "0::/init.scope",
  "/proc/self/mountinfo": "28 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw",
  "/sys/block/vda/dev": "254:0",
  "/sys/block/vda/serial": "",
  "/sys/block/vda/vda1/dev": "254:1",
  "/dev/disk/by-uuid/3e6be9de-8139-4f1e-9106-a43f08d823a6": "-> ../../vda1",
  "/dev/disk/by-uuid/AAAA-BBBB": "-> ../../vda15",
  [`${DMI}/sys_vendor`]: "QEMU",
  [`${DMI}/product_name`]: "Standard PC (Q35 + ICH9, 2009)",
  [`${DMI}/product_uuid`]: "5d9d0b9e-70c5-4c0b-8bd6-2d6d9d9a5f5f",
  [`${DMI}/bios_vendor`]: "SeaBIOS",
  "/sys/class/net/enp1s0/device/vendor": "0x1af4",
  "/sys/class/net/enp1s0/type": "1",
  "/sys/class/net/enp1s0/addr_assign_type": "0",
  "/sys/class/net/enp1s0/address": "52:54:00:aa:bb:cc",
};

/** A Nitro instance, booted from an image with cloud-init. */
export const EC2: Tree = {
  "/etc/machine-id": "ec2a0c1d9d6e4b6f8a7b3c2d1e0f9a8b",
  "/proc/sys/kernel/hostname": "ip-10-0-12-34",
  "/proc/cpuinfo": `model name\t: Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz
flags\t\t: fpu vme de hypervisor`,
  "/proc/1/cgroup": "0::/init.scope",
  "/proc/self/mountinfo": "28 1 259:1 / / rw,relatime shared:1 - xfs /dev/nvme0n1p1 rw",
  "/sys/block/nvme0n1/dev": "259:0",
  "/sys/block/nvme0n1/device/serial": "vol0123456789abcdef0",
  "/sys/block/nvme0n1/nvme0n1p1/dev": "259:1",
  [`${DMI}/sys_vendor`]: "Amazon EC2",
  [`${DMI}/product_name`]: "t3.medium",
  [`${DMI}/product_uuid`]: "ec2e1916-9099-7caf-fd21-012345abcdef",
  [`${DMI}/board_vendor`]: "Amazon EC2",
  [`${DMI}/board_asset_tag`]: "i-0123456789abcdef0",
  [`${DMI}/bios_vendor`]: "Amazon EC2",
  [`${DMI}/chassis_asset_tag`]: "Amazon EC2",
  "/var/lib/cloud/data/instance-id": "i-0123456789abcdef0",
  "/sys/class/net/ens5/device/vendor": "0x1d0f",
  "/sys/class/net/ens5/type": "1",
  "/sys/class/net/ens5/addr_assign_type": "0",
  "/sys/class/net/ens5/address": "0a:1b:2c:3d:4e:5f",
};

/** A container of Docker on the bare metal above: its host's processor and firmware show through. */
export const DOCKER: Tree = {
  "/.dockerenv": "",
  "/etc/machine-id": "b08dfa6083e7567a1921a715000001fb",
  "/proc/sys/kernel/hostname": "4f1c2d3e4a5b",
  "/proc/1/cgroup": "0::/",
  "/proc/self/mountinfo":
    "1034 1021 0:61 / / rw,relatime master:314 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/A",
  "/sys/class/net/eth0/type": "1",
  "/sys/class/net/eth0/address": "02:42:ac:11:00:03",
};
