"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button, type ButtonLook } from "./button";
import { copyText } from "./copy-text";

type CopyButtonProps = {
  /** What it copies, for those who hear the page: "Copy, Server". */
  what: string;
  text: string | (() => Promise<string>);
  look?: ButtonLook;
};

export function CopyButton({ what, text, look = "quiet" }: CopyButtonProps) {
  const t = useTranslations("form");
  const [result, setResult] = useState<"copied" | "failed" | null>(null);

  useEffect(() => {
    if (!result) return;
    const timer = setTimeout(() => setResult(null), 2500);
    return () => clearTimeout(timer);
  }, [result]);

  const copy = async () => {
    const isCopied = await copyText(typeof text === "string" ? text : text()).catch(() => false);
    setResult(isCopied ? "copied" : "failed");
  };

  return (
    <>
      <Button look={look} size="small" onClick={copy} aria-label={`${t("copy")} ${what}`}>
        {result === "copied" ? t("copied") : t("copy")}
      </Button>
      <span role="status" className="sr-only">
        {result === "copied" && t("copied")}
      </span>
      {result === "failed" && (
        <span role="alert" className="basis-full text-sm text-warn">
          {t("copyFailed")}
        </span>
      )}
    </>
  );
}
