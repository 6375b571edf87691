import { type Stats, unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { Logger } from "pino";

export type CertificateFiles = { certPath: string; keyPath: string };
export type Certificate = { cert: Buffer; key: Buffer };

const CHECK_EVERY_MS = 5_000;

/** @throws Error in one sentence when a file cannot be read or the two do not belong together */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readPem("TLS_CERT", files.certPath), readPem("TLS_KEY", files.keyPath)]);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new Error("TLS_CERT and TLS_KEY are not a PEM certificate and its private key.", { cause: error });
  }
  return { cert, key };
}

/**
 * Calls `onChange` with every new certificate; one that cannot be used is logged and passed over.
 * Asks for the files' times now and then, which also sees through the symbolic links of certificate managers.
 * @returns how to stop
 */
export function watchCertificate(
  files: CertificateFiles,
  log: Logger,
  onChange: (next: Certificate) => void,
): () => void {
  const reload = (now: Stats, before: Stats) => {
    if (now.mtimeMs === before.mtimeMs && now.ino === before.ino) return;
    readCertificate(files).then(
      (certificate) => {
        onChange(certificate);
        log.info("the certificate of RTMPS was renewed");
      },
      (error: Error) => log.warn({ reason: error.message }, "the changed certificate of RTMPS cannot be used yet"),
    );
  };
  const paths = [files.certPath, files.keyPath];
  for (const path of paths) watchFile(path, { interval: CHECK_EVERY_MS, persistent: false }, reload);
  return () => {
    for (const path of paths) unwatchFile(path, reload);
  };
}

async function readPem(setting: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`The file of ${setting} cannot be read.`, { cause: error });
  }
}
