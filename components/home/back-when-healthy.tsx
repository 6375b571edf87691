"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

const askEveryMs = 2000;

/** Asks whether the portal is well again and then loads the page anew. */
export function BackWhenHealthy() {
  const t = useTranslations("unavailable");
  const [isBack, setIsBack] = useState(false);

  useEffect(() => {
    const asking = new AbortController();
    const ask = async () => {
      const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(askEveryMs)]);
      // Not reached at all is the same answer as a bad one: not yet.
      const answer = await fetch("/api/health", { cache: "no-store", signal }).catch(() => null);
      if (!answer?.ok || asking.signal.aborted) return;
      setIsBack(true);
      // Opened by its own address, this page would load itself for ever.
      if (window.location.pathname === "/unavailable") window.location.replace("/");
      else window.location.reload();
    };
    const timer = setInterval(ask, askEveryMs);
    return () => {
      clearInterval(timer);
      asking.abort();
    };
  }, []);

  return <p role="status">{isBack ? t("back") : t("waiting")}</p>;
}
