import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AdminSections } from "@/components/admin/admin-sections";
import { signedInAdministrator } from "../../signed-in";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("admin"))("title") };
}

export default async function AdminLayout({ children }: { children: ReactNode }) {
  await signedInAdministrator("/admin");
  return (
    <div className="gutter grid gap-8 pt-2">
      <AdminSections />
      {children}
    </div>
  );
}
