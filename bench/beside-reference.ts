import { MeasuredLivehouse } from "./livehouse/measured-livehouse";
import type { MeasuredServer } from "./measured-server";
import { ReferenceServer } from "./reference/reference-server";

export type Both<T> = { livehouse: T; reference: T };

/**
 * Measures Livehouse and then the reference, each started for this and stopped after it, so that neither costs the other anything.
 *
 * @param channelCount how many channels the measurement needs of each
 */
export async function besideReference<T>(
  channelCount: number,
  measure: (server: MeasuredServer) => Promise<T>,
): Promise<Both<T>> {
  const ours = await MeasuredLivehouse.start(channelCount);
  const livehouse = await measure(ours);
  await ours.stop();
  process.stderr.write("Now the reference …\n");
  const nginx = await ReferenceServer.start();
  const reference = await measure(nginx);
  await nginx.stop();
  return { livehouse, reference };
}
