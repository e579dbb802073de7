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
}: {
  value: string;
  onChange: (value: string) => void;
  label: string;
  submit?: boolean; // Search on Enter, not while typing.
}) {
  const { t } = useLanguage();
  const [text, setText] = useState(value);
  const box = useRef<InputRef>(null);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (submit || text === value) return;
    const timer = setTimeout(() => onChange(text), typingMilliseconds);
    return () => clearTimeout(timer);
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
      maxLength={1000}
    />
  );
}
