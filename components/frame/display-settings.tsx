"use client";

import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { setCookie } from "@/components/ui/set-cookie";
import { type Language, languageCookie, languageNames, languages } from "@/lib/i18n/languages";
import { type Theme, themeCookie, themes } from "@/lib/i18n/theme";

/** Language and theme; each choice is remembered by this browser. */
export function DisplaySettings({ theme }: { theme: Theme }) {
  const t = useTranslations("site");
  const router = useRouter();
  const [language, setLanguage] = useState(useLocale());
  const [chosen, setChosen] = useState(theme);

  const chooseLanguage = (next: Language) => {
    setLanguage(next);
    setCookie(languageCookie, next);
    router.refresh();
  };

  const chooseTheme = (next: Theme) => {
    setChosen(next);
    setCookie(themeCookie, next === "system" ? null : next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };

  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3">
      <Choice
        label={t("language")}
        options={languages.map((value) => ({ value, text: languageNames[value], lang: value }))}
        chosen={language}
        choose={chooseLanguage}
      />
      <Choice
        label={t("theme")}
        options={themes.map((value) => ({ value, text: t(`themes.${value}`) }))}
        chosen={chosen}
        choose={chooseTheme}
      />
    </div>
  );
}

type ChoiceProps<Value extends string> = {
  label: string;
  options: { value: Value; text: string; lang?: string }[];
  chosen: Value;
  choose(value: Value): void;
};

function Choice<Value extends string>({ label, options, chosen, choose }: ChoiceProps<Value>) {
  return (
    <fieldset className="flex items-center gap-1">
      <legend className="sr-only">{label}</legend>
      {options.map(({ value, text, lang }) => (
        <label
          key={value}
          lang={lang}
          className={classNames(
            "cursor-pointer rounded-full px-3 py-1.5 text-sm transition has-focus-visible:outline-3 has-focus-visible:outline-ink",
            value === chosen ? "bg-sunken font-semibold text-ink" : "text-faint hover:text-ink",
          )}
        >
          <input
            type="radio"
            name={label}
            value={value}
            checked={value === chosen}
            onChange={() => choose(value)}
            className="sr-only"
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
