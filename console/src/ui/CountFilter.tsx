// One of a few states, or all, with how many there are of each: buttons that say whether they are pressed.
import { useLanguage } from '~/i18n';
import { formatNumber } from './format';

export interface CountOption {
  value: string | undefined;
  label: string;
  count?: number | undefined;
}

export function CountFilter({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: CountOption[];
  onChange: (value: string | undefined) => void;
}) {
  const { language } = useLanguage();
  return (
    <fieldset className="state-filter">
      <legend className="visually-hidden">{label}</legend>
      {options.map((each) => (
        <button
          key={each.value ?? ''}
          type="button"
          aria-pressed={value === each.value}
          onClick={() => onChange(each.value)}
        >
          {each.label}
          {each.count === undefined ? null : (
            <span className="count">{formatNumber(each.count, language)}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
