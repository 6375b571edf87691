import { LivehouseProcess } from "@/tests/support/livehouse-process";
import { administrator, INFO_VARIABLE } from "@/tests/support/shared-livehouse";

/** Starts the Livehouse that all stories share, with its administrator; returns what stops it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const livehouse = await LivehouseProcess.start({
    ADMIN_EMAIL: administrator.email,
    ADMIN_PASSWORD: administrator.password,
  });
  process.env[INFO_VARIABLE] = JSON.stringify(livehouse.info);
  return async () => {
    const exitCode = await livehouse.stop();
    if (exitCode !== 0) throw new Error(`npm start was told to stop and ended with exit code ${exitCode}.`);
  };
}
