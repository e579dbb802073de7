// A page's search box; "/" brings the cursor here.
import { Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '~/i18n';
import { SearchIcon } from './icons';

const typingMilliseconds = 250;

export function SearchInput({
  value,
  onChange,
  label,
  submit = false,
  lettersMax = 1000,
  faulty = false,
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  submit?: boolean; // Search on Enter, not while typing.
  lettersMax?: number;
  faulty?: boolean; // What stands in it was refused; the reason stands below.
}) {
  const { t } = useLanguage();
  const [text, setText] = useState(value);
  const box = useRef<InputRef>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (submit || text === value) return;
    timer.current = setTimeout(() => onChange(text), typingMilliseconds);
    return () => clearTimeout(timer.current);
  }, [text, value, onChange, submit]);
  return (
    <Input
      ref={box}
      data-page-search=""
      className="search-input"
      aria-label={label}
      placeholder={label}
      value={text}
      allowClear={{
        clearIcon: (
          <>
            <span aria-hidden="true">×</span>
            <span className="visually-hidden">{t('search.clear')}</span>
          </>
        ),
      }}
      prefix={<SearchIcon />}
      suffix={<kbd title={t('search.slash')}>/</kbd>}
      onChange={(event) => {
        setText(event.target.value);
        if (event.target.value === '') onChange('');
      }}
      onPressEnter={() => onChange(text)}
      // Whoever leaves the box may leave the page: what was typed must not be written into the next one's address.
      onBlur={() => {
        clearTimeout(timer.current);
        if (!submit && text !== value) onChange(text);
      }}
      maxLength={lettersMax}
      aria-invalid={faulty || undefined}
      {...(faulty ? { status: 'error' as const } : {})}
    />
  );
}
