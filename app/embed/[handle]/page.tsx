import type { Metadata } from "next";
import { EmbeddedChannel } from "@/components/channel/embedded-channel";
import { foundChannel } from "../../found-channel";

type Props = PageProps<"/embed/[handle]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await foundChannel((await params).handle)).displayName, robots: { index: false } };
}

export default async function EmbedPage({ params }: Props) {
  const channel = await foundChannel((await params).handle);
  return (
    <main>
      <h1 className="sr-only">{channel.displayName}</h1>
      <EmbeddedChannel rendered={channel} />
    </main>
  );
}
