// People from a sheet: chosen or pasted, previewed line by line, then taken over whole or not at all.
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { Link } from 'react-router-dom';
import { useImportPersons } from '~/api/persons';
import type { PersonSheet } from '~/api/personTypes';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { FileDrop } from '~/ui/FileDrop';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Page, Section } from '~/ui/Page';
import { countActs, mayApply } from './person';
import '../agencies/agencies.css';

type Line = PersonSheet['lines'][number];
const charactersMax = 1_000_000;

export default function ImportPersons() {
  const { t, local, language } = useLanguage();
  const [csv, setCsv] = useState('');
  const [file, setFile] = useState<string | undefined>();
  const sheet = useImportPersons();
  const field = useId();
  const result = sheet.data;
  const set = (text: string, name?: string) => {
    setCsv(text);
    setFile(name);
    sheet.reset();
  };
  const columns: Column<Line>[] = [
    { key: 'line', title: t('sheet.line'), width: 80, align: 'right', render: (row) => row.line },
    { key: 'name', title: t('people.name'), primary: true, render: (row) => row.name },
    { key: 'does', title: t('sheet.does'), width: 140, render: (row) => t(`sheet_does.${row.does}`) },
    { key: 'text', title: t('sheet.why'), render: (row) => local(row.text) },
  ];
  const counts = countActs(result?.lines ?? []);
  return (
    <Page
      title={t('nav.persons_import')}
      lead={t('persons.sheet_lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/persons">{t('nav.persons')}</Link>
        </nav>
      }
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <FileDrop
        label={t('sheet.file')}
        accept=".csv,text/csv"
        chosen={file}
        onFile={(chosen) => void chosen.text().then((text) => set(text.replace(/^\uFEFF/, ''), chosen.name))}
      />
      <div className="sheet-text">
        <label htmlFor={field}>{t('sheet.text')}</label>
        <Input.TextArea
          id={field}
          rows={8}
          maxLength={charactersMax}
          value={csv}
          placeholder="id,name,agency,position,email,phone,since"
          onChange={(event) => set(event.target.value)}
        />
      </div>
      <div className="worklist-actions">
        <MayButton
          action="person_manage"
          loading={sheet.isPending}
          disabled={csv.trim() === ''}
          onClick={() => sheet.mutate({ csv, preview: true })}
        >
          {t('plan.preview')}
        </MayButton>
        {result && !result.applied ? (
          <Button
            type="primary"
            loading={sheet.isPending}
            disabled={!mayApply(result)}
            onClick={() => sheet.mutate({ csv, preview: false })}
          >
            {t('sheet.apply')}
          </Button>
        ) : null}
      </div>
      {result ? (
        <Section title={t(result.applied ? 'sheet.applied' : 'sheet.preview')}>
          <p role="status" className={result.refused > 0 ? 'will-happen' : 'muted'}>
            {t('persons.sheet_sum', {
              create: formatNumber(counts.create, language),
              change: formatNumber(counts.change, language),
              nothing: formatNumber(counts.nothing, language),
              refuse: formatNumber(counts.refuse, language),
            })}
            {result.refused > 0
              ? ` ${t('sheet.refused', { count: result.refused, number: formatNumber(result.refused, language) })}`
              : ''}
          </p>
          <DataTable
            label={t('sheet.preview')}
            columns={columns}
            rows={result.lines}
            rowKey={(row) => String(row.line)}
            rowClass={(row) => (row.does === 'refuse' ? 'sheet-refused' : undefined)}
            empty={<EmptyState why={t('sheet.empty')} />}
          />
        </Section>
      ) : null}
    </Page>
  );
}
