/*
 * `pnpm images [--tag <tag>] [--base <image>] [--prefix <registry/path>] [--image <name>]…`: builds the images of the services
 * and of the command line, or those that are named, with Docker and BuildKit. Every file in them has the time of the last commit, so that two builds of one
 * commit differ in nothing but what the base image and the registry gave.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const IMAGES = ["issuer", "activation", "seat-broker", "cli"];

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    tag: { type: "string", default: version },
    /** What the build starts from; the images that are made have nothing of it but libraries. */
    base: { type: "string" },
    image: { type: "string", multiple: true, default: IMAGES },
    prefix: { type: "string", default: "leasehold" },
    /** The network of the build, for example `host`. */
    network: { type: "string" },
  },
});

const git = (...args: readonly string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
const commit = git("rev-parse", "HEAD");
const commitTime = git("log", "-1", "--format=%ct", commit);

function buildArguments(image: string): readonly string[] {
  const labels = {
    title: `leasehold ${image}`,
    version: values.tag,
    revision: commit,
    licenses: "Apache-2.0",
  };
  return [
    "build",
    "--file=deploy/images/Dockerfile",
    `--target=${image}`,
    `--tag=${values.prefix}/${image}:${values.tag}`,
    `--build-arg=SOURCE_DATE_EPOCH=${commitTime}`,
    ...Object.entries(labels).map(
      ([key, value]) => `--label=org.opencontainers.image.${key}=${value}`,
    ),
    ...(values.base === undefined ? [] : [`--build-arg=BUILD_IMAGE=${values.base}`]),
    ...(values.network === undefined ? [] : [`--network=${values.network}`]),
    ".",
  ];
}

for (const image of values.image) {
  const { status, error } = spawnSync("docker", buildArguments(image), {
    stdio: "inherit",
    env: { ...process.env, DOCKER_BUILDKIT: "1" },
  });
  if (error) console.error(`docker: ${error.message}`);
  if (status !== 0) {
    process.exitCode = 1;
    break;
  }
}
