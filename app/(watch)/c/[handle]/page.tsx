import type { Metadata } from "next";
import { ChannelView } from "@/components/channel/channel-view";
import { currentActor } from "@/lib/auth/current-actor";
import { foundChannel } from "../../../found-channel";

type Props = PageProps<"/c/[handle]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title, displayName } = await foundChannel((await params).handle);
  return { title: title ? `${title} · ${displayName}` : displayName };
}

export default async function ChannelPage({ params }: Props) {
  const channel = await foundChannel((await params).handle);
  const actor = await currentActor();
  return <ChannelView rendered={channel} isOwn={actor.kind === "user" && actor.handle === channel.handle} />;
}
