// Of what one is told by mail: at once, once a day, or not; in which language; and why no mail comes, where none does.
import { Radio } from 'antd';
import { useChooseNotices, useOwnNotices } from '~/api/notices';
import { useLanguage } from '~/i18n';
import { ErrorNote, Loaded, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { hows } from '../notices/notice';
import '../notices/notices.css';

const languages = ['vi', 'en'] as const;

export function NoticeSection() {
  const { t, local } = useLanguage();
  const query = useOwnNotices();
  const choose = useChooseNotices();
  return (
    <Section title={t('notice.own')}>
      {choose.error ? <ErrorNote error={choose.error} /> : null}
      <Loaded query={query} rows={4}>
        {(own) => (
          <>
            <p className={own.goes ? 'muted' : 'will-happen'}>
              {own.goes ? t('notice.own_to', { email: own.email ?? '' }) : null}
              {own.problem ? local(own.problem) : null}
            </p>
            <p className="muted">
              {t('notice.next_digest')} <Time at={own.digest_at} />
            </p>
            <div className="notice-choices">
              <fieldset data-kind="language">
                <legend>{t('notice.language')}</legend>
                <Radio.Group
                  aria-label={t('notice.language')}
                  value={own.language}
                  disabled={choose.isPending}
                  onChange={(event) => choose.mutate({ language: event.target.value })}
                  options={languages.map((each) => ({ value: each, label: t(`notice_language.${each}`) }))}
                />
              </fieldset>
              {own.items.map((item) => (
                <fieldset key={item.kind} data-kind={item.kind}>
                  <legend>{t(`notice_kind.${item.kind}`)}</legend>
                  {item.fixed ? (
                    <span className="muted">{t('notice.fixed')}</span>
                  ) : (
                    <Radio.Group
                      aria-label={t(`notice_kind.${item.kind}`)}
                      value={item.how}
                      disabled={choose.isPending}
                      onChange={(event) =>
                        choose.mutate({ items: [{ kind: item.kind, how: event.target.value }] })
                      }
                      options={hows.map((how) => ({ value: how, label: t(`notice_how.${how}`) }))}
                    />
                  )}
                </fieldset>
              ))}
            </div>
          </>
        )}
      </Loaded>
    </Section>
  );
}
