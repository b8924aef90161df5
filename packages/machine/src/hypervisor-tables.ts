/** What firmware says of itself where it belongs to a virtual machine monitor, and systemd's name of it. */
const MONITORS: readonly (readonly [said: RegExp, hypervisor: string])[] = [
  [/^KVM|^OpenStack|^KubeVirt|^Red Hat KVM|^RHEV/, "kvm"],
  [/^Amazon EC2/, "amazon"],
  [/^Google Compute Engine/, "google"],
  [/^VMware|^VMW/, "vmware"],
  [/^innotek GmbH|^VirtualBox|^Oracle VirtualBox/, "oracle"],
  [/^Xen|^HVM domU/, "xen"],
  [/^Parallels/, "parallels"],
  [/^BHYVE/i, "bhyve"],
  [/^Bochs/, "bochs"],
  [/^Hyper-V|^VRTUAL/, "microsoft"],
  [/^Apple Virtualization/, "apple"],
  [/^QEMU|^Standard PC \(/, "qemu"],
];

const CLOUDS: readonly (readonly [said: RegExp, cloud: string])[] = [
  [/^Amazon EC2|amazon$/i, "aws"],
  [/^Google Compute Engine|^Google$/, "gcp"],
  // The asset tag that every virtual machine of Azure has.
  [/^7783-7084-3265-9085-8269-3286-77$/, "azure"],
  [/^OracleCloud\.com/, "oracle"],
  [/^Alibaba Cloud/, "alibaba"],
  [/^DigitalOcean/, "digitalocean"],
  [/^Hetzner/, "hetzner"],
  [/^Scaleway|^SCW-/, "scaleway"],
  [/^Vultr/, "vultr"],
  [/^Exoscale/, "exoscale"],
  [/^UpCloud/, "upcloud"],
  [/^OpenStack/, "openstack"],
];

/** The monitor that texts of the firmware's name; empty if none does. */
export function hypervisorSaidBy(texts: readonly string[]): string {
  return named(MONITORS, texts);
}

/** The cloud that texts of the firmware's name; empty if none does. */
export function cloudSaidBy(texts: readonly string[]): string {
  return named(CLOUDS, texts);
}

/** Microsoft makes machines as well: only of this model they are virtual. */
export function isHyperV(vendor: string, model: string): boolean {
  return vendor === "Microsoft Corporation" && model === "Virtual Machine";
}

function named(table: typeof MONITORS, texts: readonly string[]): string {
  return table.find(([said]) => texts.some((text) => said.test(text)))?.[1] ?? "";
}
