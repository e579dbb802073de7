// The page that a form's text makes, with sample values; what is wrong with the text, and where.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { ApiError } from '~/api/client';
import { useFormLook } from '~/api/forms';
import { useLanguage } from '~/i18n';
import { ErrorNote, Loading, Section } from '~/ui/Page';
import { asPages, canShow, useAddress } from '../incidents/pdf';
import { lineOf } from './difference';

export function FormLook({
  form,
  yaml,
  waiting,
  onLine,
}: {
  form: string;
  yaml: string;
  waiting: boolean; // Something was typed that the page does not show yet.
  onLine: (line: number) => void;
}) {
  const { t, local } = useLanguage();
  const [shows] = useState(canShow);
  const look = useFormLook(form, yaml);
  // A fault that was just typed leaves the last good page in sight.
  const [good, setGood] = useState<Blob>();
  const made = look.error ? undefined : look.data;
  useEffect(() => {
    if (made) setGood(made);
  }, [made]);
  const url = useAddress(made ?? good);
  const line = look.error instanceof ApiError ? lineOf(local(look.error.text)) : null;
  return (
    <div className="paper-look">
      <Section
        title={t('paper.look')}
        extra={
          <span className="muted" role="status">
            {waiting || look.isFetching ? t('forms.looking') : look.error ? '' : t('forms.looked')}
          </span>
        }
      >
        {look.error ? (
          <>
            <ErrorNote error={look.error} />
            {line === null ? null : (
              <p>
                <Button size="small" onClick={() => onLine(line)}>
                  {t('forms.to_line', { line })}
                </Button>
              </p>
            )}
            {shows && url ? <p className="will-happen">{t('forms.last_good')}</p> : null}
          </>
        ) : null}
        {shows ? (
          url ? (
            <iframe key={url} src={url + asPages} title={t('paper.look')} data-version={look.dataUpdatedAt} />
          ) : look.error ? null : (
            <Loading rows={10} />
          )
        ) : null}
      </Section>
    </div>
  );
}
