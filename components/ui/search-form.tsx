import { Button } from "./button";
import { Field } from "./field";

type SearchFormProps = { address: string; name: string; label: string; submit: string; value: string };

/** Asks for one word and shows the page for it; works without scripts. */
export function SearchForm({ address, name, label, submit, value }: SearchFormProps) {
  return (
    <search>
      <form action={address} className="grid max-w-xl grid-cols-[1fr_auto] items-end gap-3">
        <Field
          name={name}
          label={label}
          defaultValue={value}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Button type="submit" look="quiet">
          {submit}
        </Button>
      </form>
    </search>
  );
}
