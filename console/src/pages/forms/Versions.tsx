// Every version of a form with who made it, when and why, and how it differs from another.
import { Select } from 'antd';
import { useState } from 'react';
import type { FormDetail } from '~/api/caseworkTypes';
import { useForm } from '~/api/forms';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { Time } from '~/ui/Time';
import { difference, shortened } from './difference';
import { Origin } from './FormsPage';

const pack = 0; // In the choices: the pack's own text.

export function Versions({ form }: { form: FormDetail }) {
  const { t, language } = useLanguage();
  const [open, setOpen] = useState<number | null>(null);
  const list = [...form.versions].sort((a, b) => b.version - a.version);
  return (
    <Section title={t('forms.versions')}>
      <ul className="worklist">
        {list.map((each) => (
          <li key={each.version} data-version={each.version}>
            <div className="worklist-line">
              <div>
                <span className="worklist-title">
                  {t('forms.version_of', { number: formatNumber(each.version, language) })}
                  {each.version === form.version ? ` · ${t('forms.in_force')}` : ''}
                </span>
                <span className="worklist-meta">
                  <Origin own={each.own} />
                  <Time at={each.at} />
                  <span>{each.by}</span>
                </span>
              </div>
              <button
                type="button"
                className="link-button"
                aria-expanded={open === each.version}
                onClick={() => setOpen(open === each.version ? null : each.version)}
              >
                {t('forms.differs')}
              </button>
            </div>
            {each.reason ? <span className="worklist-why">{each.reason}</span> : null}
            {open === each.version ? <Compare form={form} version={each.version} /> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Compare({ form, version }: { form: FormDetail; version: number }) {
  const { t, language } = useLanguage();
  const older = form.versions.map((each) => each.version).filter((each) => each !== version);
  const before = Math.max(0, ...older.filter((each) => each < version));
  const [against, setAgainst] = useState(before);
  const mine = useForm(form.id, version, version !== form.version);
  const other = useForm(form.id, against, against !== pack && against !== form.version);
  const textOf = (which: number, found: FormDetail | undefined) =>
    which === pack ? form.pack_yaml : which === form.version ? form.yaml : found?.yaml;
  const [left, right] = [textOf(against, other.data), textOf(version, mine.data)];
  const both = {
    data: left !== undefined && right !== undefined ? { left, right } : undefined,
    error: mine.error ?? other.error,
    refetch: () => {
      void mine.refetch();
      void other.refetch();
    },
  };
  return (
    <>
      <Select
        className="filter-narrow"
        aria-label={t('forms.against')}
        value={against}
        onChange={setAgainst}
        options={[
          { value: pack, label: t('forms.of_pack') },
          ...older.map((each) => ({
            value: each,
            label: t('forms.version_of', { number: formatNumber(each, language) }),
          })),
        ]}
      />
      <Loaded query={both} rows={4}>
        {(texts) => <Difference {...texts} />}
      </Loaded>
    </>
  );
}

const signs = { same: ' ', gone: '−', new: '+' } as const;

function Difference({ left, right }: { left: string; right: string }) {
  const { t } = useLanguage();
  const lines = shortened(difference(left, right));
  if (lines.every((line) => line === null)) return <EmptyState why={t('forms.no_difference')} />;
  return (
    <ScrollRegion label={t('forms.differs')} className="forms-difference">
      <table>
        <tbody>
          {lines.map((line, at) =>
            line === null ? (
              <tr key={`gap ${String(at)}`} className="diff-gap">
                <td colSpan={4}>⋯</td>
              </tr>
            ) : (
              <tr key={`${line.before ?? ''} ${line.after ?? ''}`} className={`diff-${line.kind}`}>
                <td>{line.before}</td>
                <td>{line.after}</td>
                <td>
                  <span aria-hidden="true">{signs[line.kind]}</span>
                  {line.kind === 'same' ? null : (
                    <span className="visually-hidden">{t(`diff.${line.kind}`)}</span>
                  )}
                </td>
                <td>{line.text}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
