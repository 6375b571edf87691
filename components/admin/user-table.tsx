"use client";

import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { LiveBadge } from "@/components/live/live-badge";
import { buttonClass } from "@/components/ui/button";
import { ConfirmButton } from "@/components/ui/confirm-button";
import { Field } from "@/components/ui/field";
import { Table } from "@/components/ui/table";
import type { FormOutcome, FormState } from "@/lib/app-error";
import type { User } from "@/lib/dal/user/user";
import { ChannelLink } from "./live-session-table";

type Ban = (previous: FormState, form: FormData) => Promise<FormOutcome>;
type Unban = (handle: string) => Promise<FormOutcome>;
type UserTableProps = { users: User[]; ownHandle: string; ban: Ban; unban: Unban };

export function UserTable({ users, ownHandle, ban, unban }: UserTableProps) {
  const t = useTranslations("admin");
  const format = useFormatter();
  return (
    <Table
      caption={t("users")}
      rows={users}
      keyOf={({ handle }) => handle}
      empty={t("noUsers")}
      columns={[
        { name: t("handle"), cell: (user) => <Who user={user} isYou={user.handle === ownHandle} /> },
        { name: t("email"), cell: ({ email }) => email },
        { name: t("role"), cell: ({ role }) => t(`roles.${role}`) },
        { name: t("since"), cell: ({ createdAt }) => format.dateTime(new Date(createdAt), { dateStyle: "medium" }) },
        {
          name: t("actions"),
          cell: (user) => (
            <span className="flex flex-wrap gap-2">
              <Link href={`/admin/keys?handle=${user.handle}`} className={buttonClass("quiet", "small")}>
                {t("keys")}
                <span className="sr-only"> {user.handle}</span>
              </Link>
              {user.handle !== ownHandle &&
                (user.bannedAt ? (
                  <UnbanButton handle={user.handle} unban={unban} />
                ) : (
                  <BanButton handle={user.handle} ban={ban} />
                ))}
            </span>
          ),
        },
      ]}
    />
  );
}

function Who({ user: { handle, isLive, bannedAt, banReason }, isYou }: { user: User; isYou: boolean }) {
  const t = useTranslations();
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <ChannelLink handle={handle} />
      {isYou && <span className="text-faint">({t("admin.you")})</span>}
      {isLive && <LiveBadge>{t("live.live")}</LiveBadge>}
      {bannedAt && (
        <span className="font-semibold text-warn">
          {t("admin.banned")}
          {banReason && `: ${banReason}`}
        </span>
      )}
    </span>
  );
}

function BanButton({ handle, ban }: { handle: string; ban: Ban }) {
  const t = useTranslations();
  return (
    <ConfirmButton
      label={t("admin.ban")}
      hidden={handle}
      title={t("admin.banTitle", { handle })}
      text={t("admin.banText")}
      act={(form) => ban(null, form)}
    >
      {(state) => {
        const code = state?.kind === "invalid" ? state.fields.reason : null;
        return (
          <>
            <input type="hidden" name="handle" value={handle} />
            <Field
              name="reason"
              label={t("admin.reason")}
              hint={t("admin.reasonHint")}
              autoComplete="off"
              error={code && t(`errors.${code}`)}
            />
          </>
        );
      }}
    </ConfirmButton>
  );
}

function UnbanButton({ handle, unban }: { handle: string; unban: Unban }) {
  const t = useTranslations("admin");
  return (
    <ConfirmButton
      label={t("unban")}
      hidden={handle}
      title={t("unbanTitle", { handle })}
      text={t("unbanText")}
      act={() => unban(handle)}
    />
  );
}
