import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { EncoderConnection } from "@/components/studio/encoder-connection";
import { KeyList } from "@/components/studio/key-list";
import { NewKeyForm } from "@/components/studio/new-key-form";
import { StatusStrip } from "@/components/studio/status-strip";
import { TitleForm } from "@/components/studio/title-form";
import { PageTitle } from "@/components/ui/page-title";
import { Panel } from "@/components/ui/panel";
import { getChannel } from "@/lib/dal/channel/get-channel";
import { isUsable } from "@/lib/dal/stream-key/is-usable";
import { listStreamKeys } from "@/lib/dal/stream-key/list-stream-keys";
import { rtmpUrl } from "@/lib/dal/stream-key/rtmp-url";
import { signedInUser } from "../../signed-in";
import { endBroadcast, issueKey, revealKey, revokeKey, updateTitle } from "./actions";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("studio"))("title") };
}

export default async function StudioPage() {
  const t = await getTranslations("studio");
  const actor = await signedInUser("/studio");
  const [channel, keys] = await Promise.all([getChannel(actor, { handle: actor.handle }), listStreamKeys(actor)]);
  const usable = keys.find((key) => isUsable(key, new Date()));
  return (
    <div className="gutter grid gap-6 pt-2">
      <PageTitle>{t("title")}</PageTitle>
      <StatusStrip rendered={channel} endBroadcast={endBroadcast} />
      <div className="grid items-start gap-6 xl:grid-cols-[1.15fr_1fr]">
        {usable ? (
          <Panel title={t("connect")}>
            <EncoderConnection key={usable.id} rtmpUrl={rtmpUrl(actor)} streamKey={usable} reveal={revealKey} />
          </Panel>
        ) : (
          <Panel title={t("noKey")} text={t("noKeyText")}>
            <NewKeyForm issue={issueKey} />
          </Panel>
        )}
        <Panel title={t("broadcast")}>
          <TitleForm title={channel.title} update={updateTitle} />
        </Panel>
      </div>
      {keys.length > 0 && (
        <Panel title={t("keys")} text={t("noKeyText")}>
          <KeyList keys={keys} reveal={revealKey} revoke={revokeKey} />
          {usable && <NewKeyForm issue={issueKey} />}
        </Panel>
      )}
    </div>
  );
}
