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
  // What was said and has not come back yet. The address follows a moment later: what comes back of it must not take away
  // what was typed since.
  const said = useRef<string[]>([]);
  const change = useRef(onChange);
  change.current = onChange;
  const say = (next: string) => {
    if (next !== (said.current.at(-1) ?? value)) said.current.push(next);
    change.current(next);
  };
  const latest = useRef(say);
  latest.current = say;
  useEffect(() => {
    const own = said.current.indexOf(value);
    said.current = own < 0 ? [] : said.current.slice(own + 1);
    if (own < 0) setText(value);
  }, [value]);
  useEffect(() => {
    if (submit || text === value) return;
    timer.current = setTimeout(() => latest.current(text), typingMilliseconds);
    return () => clearTimeout(timer.current);
  }, [text, value, submit]);
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
        if (event.target.value === '') say('');
      }}
      onPressEnter={() => say(text)}
      // Whoever leaves the box may leave the page: what was typed must not be written into the next one's address.
      onBlur={() => {
        clearTimeout(timer.current);
        if (!submit && text !== value) say(text);
      }}
      maxLength={lettersMax}
      aria-invalid={faulty || undefined}
      {...(faulty ? { status: 'error' as const } : {})}
    />
  );
}
