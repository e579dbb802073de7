// Agencies from a sheet.
import { useImportSheet } from '~/api/agencies';
import { useLanguage } from '~/i18n';
import { SheetImport } from '~/ui/SheetImport';

export default function ImportPage() {
  const { t } = useLanguage();
  return (
    <SheetImport
      title={t('agencies.import')}
      lead={t('sheet.lead')}
      to="/agencies"
      register={t('nav.agencies')}
      fields="code,name,header_name,kind,superior,valid_from,valid_to,identifier,superior_header,networks"
      action="agency_manage"
      sheet={useImportSheet()}
      named={[
        { key: 'code', title: t('agencies.code'), render: (row) => <code>{row.code}</code> },
        { key: 'name', title: t('agencies.name'), primary: true, render: (row) => row.name },
      ]}
    />
  );
}
