// Devices of the register from a sheet: chosen or pasted, previewed line by line, then taken over whole or not at all.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { type ImportedSheet, useImportEquipment } from '~/api/equipment';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Page, Section } from '~/ui/Page';
import { SheetSource } from '~/ui/SheetSource';
import { nothingChosen, sheetOf } from '~/ui/sheet';
import { countActs, mayApply } from '../persons/person';
import '../agencies/agencies.css';

type Line = ImportedSheet['lines'][number];

export default function ImportEquipment() {
  const { t, local, language } = useLanguage();
  const [chosen, setChosen] = useState(nothingChosen);
  const body = sheetOf(chosen);
  const sheet = useImportEquipment();
  const result = sheet.data;
  const columns: Column<Line>[] = [
    { key: 'line', title: t('sheet.line'), width: 80, align: 'right', render: (row) => row.line },
    { key: 'name', title: t('equipment.name'), primary: true, render: (row) => row.name },
    { key: 'does', title: t('sheet.does'), width: 140, render: (row) => t(`sheet_does.${row.does}`) },
    { key: 'text', title: t('sheet.why'), render: (row) => local(row.text) },
  ];
  const counts = countActs(result?.lines ?? []);
  return (
    <Page
      title={t('nav.equipment_import')}
      lead={t('equipment.sheet_lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/equipment">{t('nav.equipment')}</Link>
        </nav>
      }
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <SheetSource
        columns="id,agency,kind,name,model,serial,place,custodian,address,mac,firmware,support_ends_on,note,password_changed_on"
        chosen={chosen}
        onChange={(next) => {
          setChosen(next);
          sheet.reset();
        }}
      />
      <div className="worklist-actions">
        <MayButton
          action="equipment_manage"
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
            {t('equipment.sheet_sum', {
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
