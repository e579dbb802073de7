// A register's entries from a sheet: chosen or pasted, previewed line by line, then taken over whole or not at all.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Action, ImportedSheet, Sheet } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from './DataTable';
import { formatNumber } from './format';
import { MayButton } from './MayButton';
import { EmptyState, ErrorNote, Page, Section } from './Page';
import { SheetSource } from './SheetSource';
import { countActs, mayApply, nothingChosen, type SheetAct, sheetOf } from './sheet';
import './sheet.css';

type Line = ImportedSheet['lines'][number];

// What the client's hooks for sheets give.
interface Importing {
  data: ImportedSheet | undefined;
  error: unknown;
  isPending: boolean;
  mutate: (wanted: { body: Sheet; preview: boolean }) => void;
  reset: () => void;
}

interface Props {
  title: string;
  lead: string;
  to: string; // The register.
  register: string;
  fields: string; // The heading of a sheet.
  action: Action;
  sheet: Importing;
  named: Column<Line>[]; // What tells one line from another.
  sum?: (counts: Record<SheetAct, number>) => string;
}

export function SheetImport(props: Props) {
  const { title, lead, to, register, fields, action, sheet, named, sum } = props;
  const { t, local, language } = useLanguage();
  const [chosen, setChosen] = useState(nothingChosen);
  const body = sheetOf(chosen);
  const result = sheet.data;
  const columns: Column<Line>[] = [
    { key: 'line', title: t('sheet.line'), width: 80, align: 'right', render: (row) => row.line },
    ...named,
    { key: 'does', title: t('sheet.does'), width: 140, render: (row) => t(`sheet_does.${row.does}`) },
    { key: 'text', title: t('sheet.why'), render: (row) => local(row.text) },
  ];
  return (
    <Page
      title={title}
      lead={lead}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to={to}>{register}</Link>
        </nav>
      }
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <SheetSource
        columns={fields}
        chosen={chosen}
        onChange={(next) => {
          setChosen(next);
          sheet.reset();
        }}
      />
      <div className="worklist-actions">
        <MayButton
          action={action}
          loading={sheet.isPending}
          disabled={body === null}
          onClick={() => body && sheet.mutate({ body, preview: true })}
        >
          {t('plan.preview')}
        </MayButton>
        {result && !result.applied ? (
          <Button
            type="primary"
            loading={sheet.isPending}
            disabled={!mayApply(result)}
            onClick={() => body && sheet.mutate({ body, preview: false })}
          >
            {t('sheet.apply')}
          </Button>
        ) : null}
      </div>
      {result ? (
        <Section title={t(result.applied ? 'sheet.applied' : 'sheet.preview')}>
          <p role="status" className={result.refused > 0 ? 'will-happen' : 'muted'}>
            {sum?.(countActs(result.lines))}
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
