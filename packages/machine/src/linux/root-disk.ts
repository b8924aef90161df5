import { type MachineSource, firstTextOf, textOf } from "../machine-source.ts";
import { isPlaceholder } from "../placeholder.ts";

/** Volumes that lie on volumes: deeper than anybody stacks them. */
const DEEPEST = 8;

/**
 * The disk that the root file system is on: its serial number or world wide name, or else the UUID of
 * the file system. `undefined` where neither is told.
 */
export async function rootDisk(source: MachineSource): Promise<string | undefined> {
  const root = rootMount((await textOf(source, "/proc/self/mountinfo")) ?? "");
  if (!root) return undefined;
  const device = await deviceOf(source, root);
  if (!device) return undefined;
  const disk = await diskUnder(source, device.disk, DEEPEST);
  const name = await firstTextOf(
    source,
    ["device/serial", "serial", "wwid", "device/wwid"].map((file) => `/sys/block/${disk}/${file}`),
  );
  if (name !== undefined && !isPlaceholder(name)) return name;
  return fileSystemOf(source, device.volume);
}

interface RootMount {
  /** `major:minor`. */
  readonly number: string;
  /** For example `/dev/sda2`. */
  readonly from: string;
}

/** The last mount at `/` is the one that is seen. */
function rootMount(mountinfo: string): RootMount | undefined {
  const mounts = mountinfo.split("\n").map((line) => line.split(" "));
  const root = mounts.findLast((fields) => fields[4] === "/");
  const [number, from] = [root?.[2], root?.[root.indexOf("-") + 2]];
  return number === undefined || from === undefined ? undefined : { number, from };
}

/** A volume, for example `sda2`, and the disk that it is of, `sda`: itself if it is no partition. */
interface Device {
  readonly volume: string;
  readonly disk: string;
}

async function deviceOf(source: MachineSource, root: RootMount): Promise<Device | undefined> {
  const name = root.from.startsWith("/dev/") ? root.from.slice("/dev/".length) : "";
  for (const disk of await source.list("/sys/block")) {
    const entries = await source.list(`/sys/block/${disk}`);
    const volumes = [disk, ...entries.filter((entry) => entry.startsWith(disk))];
    for (const volume of volumes) {
      const folder = volume === disk ? disk : `${disk}/${volume}`;
      // Of some file systems the number is none of a device.
      const number = await textOf(source, `/sys/block/${folder}/dev`);
      if (number === root.number || volume === name) return { volume, disk };
    }
  }
  return undefined;
}

/** What encrypted, logical and mirrored volumes lie on, the first by name if there are several. */
async function diskUnder(source: MachineSource, disk: string, left: number): Promise<string> {
  const [below] = await source.list(`/sys/block/${disk}/slaves`);
  if (below === undefined || left === 0) return disk;
  for (const candidate of await source.list("/sys/block")) {
    const entries = await source.list(`/sys/block/${candidate}`);
    if (candidate === below || entries.includes(below))
      return diskUnder(source, candidate, left - 1);
  }
  return disk;
}

async function fileSystemOf(source: MachineSource, volume: string): Promise<string | undefined> {
  const folder = "/dev/disk/by-uuid";
  for (const uuid of await source.list(folder)) {
    const target = await source.linkAt(`${folder}/${uuid}`);
    if (target?.split("/").at(-1) === volume) return uuid;
  }
  return undefined;
}
