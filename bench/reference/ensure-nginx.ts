import { existsSync } from "node:fs";
import { PlainError } from "@/scripts/plain-error";
import { runCommand } from "@/scripts/run-command";

/** Where Debian puts them. */
export const NGINX = "/usr/sbin/nginx";
export const RTMP_MODULE = "/usr/lib/nginx/modules/ngx_rtmp_module.so";
const PACKAGES = ["nginx-light", "libnginx-mod-rtmp"];
const INSTALL_TIMEOUT_MS = 5 * 60_000;

const isThere = () => existsSync(NGINX) && existsSync(RTMP_MODULE);

/** Makes sure that the reference is installed, by apt-get where we may. @throws PlainError that says what is missing */
export async function ensureNginx(): Promise<void> {
  if (isThere()) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    process.stderr.write(`Installing ${PACKAGES.join(" and ")} …\n`);
    const options = {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      output: "collect",
      timeoutMs: INSTALL_TIMEOUT_MS,
    } as const;
    await runCommand("apt-get", ["update", "-q"], options);
    await runCommand("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...PACKAGES], options);
  }
  if (!isThere()) {
    throw new PlainError(`The reference is missing: apt-get install ${PACKAGES.join(" ")} (Debian, as root).`);
  }
}
