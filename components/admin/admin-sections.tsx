"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { buttonClass } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";

const sections = [
  { href: "/admin", name: "live" },
  { href: "/admin/users", name: "users" },
  { href: "/admin/keys", name: "keys" },
  { href: "/admin/sign-up", name: "signUp" },
  { href: "/admin/audit", name: "audit" },
] as const;

export function AdminSections() {
  const t = useTranslations("admin");
  const path = usePathname();
  return (
    <nav aria-label={t("sections")} className="-mx-2 flex flex-wrap gap-1">
      {sections.map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          aria-current={path === href ? "page" : undefined}
          className={classNames(buttonClass("bare", "small"), path === href && "bg-sunken text-ink")}
        >
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
