// Agencies from a sheet: chosen or pasted, previewed line by line, then taken over whole or not at all.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useImportSheet } from '~/api/agencies';
import type { ImportedSheet } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Page, Section } from '~/ui/Page';
import { SheetSource } from '~/ui/SheetSource';
import { nothingChosen, sheetOf } from '~/ui/sheet';
import './agencies.css';

type Line = ImportedSheet['lines'][number];

export default function ImportPage() {
  const { t, local } = useLanguage();
  const [chosen, setChosen] = useState(nothingChosen);
  const body = sheetOf(chosen);
  const sheet = useImportSheet();
  const result = sheet.data;
  const columns: Column<Line>[] = [
    { key: 'line', title: t('sheet.line'), width: 80, align: 'right', render: (row) => row.line },
    { key: 'code', title: t('agencies.code'), render: (row) => <code>{row.code}</code> },
    { key: 'name', title: t('agencies.name'), primary: true, render: (row) => row.name },
    { key: 'does', title: t('sheet.does'), render: (row) => t(`sheet_does.${row.does}`) },
    { key: 'text', title: t('sheet.why'), render: (row) => local(row.text) },
  ];
  return (
    <Page
      title={t('agencies.import')}
      lead={t('sheet.lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/agencies">{t('nav.agencies')}</Link>
        </nav>
      }
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <SheetSource
        columns="code,name,header_name,kind,superior,valid_from,valid_to,identifier,superior_header,networks"
        chosen={chosen}
        onChange={(next) => {
          setChosen(next);
          sheet.reset();
        }}
      />
      <div className="worklist-actions">
        <MayButton
          action="agency_manage"
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
            disabled={result.refused > 0 || result.lines.every((line) => line.does === 'nothing')}
            onClick={() => body && sheet.mutate({ body, preview: false })}
          >
            {t('sheet.apply')}
          </Button>
        ) : null}
      </div>
      {result ? (
        <Section title={t(result.applied ? 'sheet.applied' : 'sheet.preview')}>
          {result.refused > 0 ? (
            <p className="will-happen" role="status">
              {t('sheet.refused', { count: result.refused, number: result.refused })}
            </p>
          ) : null}
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
